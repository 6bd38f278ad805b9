import Testing
import WSReplayKit

@Suite("Two configurations over one capture")
struct CompareTests {
    private static func compare(
        _ before: String, _ after: String, versions: (String?, String?) = (nil, nil)
    ) throws -> RunResult {
        try Compare(
            captures: [Repository.path("Captures/chat/capture.pcap")],
            before: [ProxyChoice(path: Repository.path(before), version: versions.0)],
            after: [ProxyChoice(path: Repository.path(after), version: versions.1)]
        ).run()
    }

    private static let good = "Captures/chat/nginx.conf"
    private static let bad = "Captures/chat-headers-not-inherited/nginx.conf"

    @Test("a change that breaks the chat is broken, with the line of the new configuration")
    func breaks() throws {
        let run = try Self.compare(Self.good, Self.bad)
        #expect(run.count(.broken) == 3)
        let session = try #require(run.sessions.first { $0.verdict == .broken })
        let status = try #require(session.differences.first { $0.path == "response.status" })
        #expect(status.expected == 101 && status.actual == 426)
        #expect(status.explanation.source?.line == 25)
        #expect(status.explanation.source?.file.hasSuffix("chat-headers-not-inherited/nginx.conf") == true)
        #expect(session.before?.verdict == .same)
        #expect(session.before?.outcome.status == 101)
    }

    @Test("the way back mends it, and says what was wrong before")
    func mends() throws {
        let run = try Self.compare(Self.bad, Self.good)
        #expect(run.count(.fixed) == 3)
        let session = try #require(run.sessions.first { $0.verdict == .fixed })
        let status = try #require(session.differences.first { $0.path == "response.status" })
        #expect(status.expected == 426 && status.actual == 101)
        #expect(status.explanation.because.hasPrefix("before: proxy_set_header in location /"))
    }

    @Test("the same configuration changes nothing, whatever it does to the sessions", arguments: [good, bad])
    func nothing(_ configuration: String) throws {
        let run = try Self.compare(configuration, configuration)
        #expect(run.sessions.allSatisfy { $0.verdict == .same && $0.differences.isEmpty })
        #expect(run.sessions.count == 6)
    }

    @Test("a header that only the upstream sees makes the session changed")
    func upstream() throws {
        let run = try Self.compare(Self.good, "Policies/alb.yaml")
        #expect(run.count(.changed) == 6)
        let paths = Set(run.sessions.flatMap(\.differences).filter { $0.severity == .warning }.map(\.path))
        #expect(
            paths == [
                "upstream.request.header.x-forwarded-for", "upstream.request.header.x-forwarded-proto",
                "upstream.request.header.x-forwarded-port",
            ])
    }

    @Test("two versions of nginx over one configuration: 1.29.7 brings HTTP/1.1 to upstreams by itself")
    func versions() throws {
        let run = try Self.compare(
            "Captures/chat-no-http11/nginx.conf", "Captures/chat-no-http11/nginx.conf", versions: ("1.28.0", "1.31.4"))
        #expect(run.count(.fixed) == 3)
        #expect(run.before?.first?.product == "nginx/1.28.0")
        #expect(run.proxies.first?.product == "nginx/1.31.4")
    }
}
