import HTTPWire
@testable import ProxyModel
import Testing
import WireBasics

/// A handshake as a proxy may leave it behind.
private struct Variant: CustomTestStringConvertible, Sendable {
    let testDescription: String
    var method: ByteString = "GET"
    var version: ByteString = "HTTP/1.1"
    var upgrade: [ByteString] = ["websocket"]
    var connection: [ByteString] = ["upgrade"]
    var key: ByteString? = "dGhlIHNhbXBsZSBub25jZQ=="
    var revision: ByteString = "13"
    var more: [HeaderField] = []
    /// The status of each server's answer, 0 where it closes without one.
    let statuses: [String: Int]

    var request: RequestHead {
        RequestHead(
            method: method, target: "/chat", version: version,
            headers: HeaderFields(
                [HeaderField("Host", "chat.example.test")] + upgrade.map { HeaderField("Upgrade", $0) }
                    + connection.map { HeaderField("Connection", $0) }
                    + [HeaderField("Sec-WebSocket-Version", revision)]
                    + (key.map { [HeaderField("Sec-WebSocket-Key", $0)] } ?? []) + more))
    }

    init(
        _ name: String, method: ByteString = "GET", version: ByteString = "HTTP/1.1",
        upgrade: [ByteString] = ["websocket"], connection: [ByteString] = ["upgrade"], hasKey: Bool = true,
        revision: ByteString = "13", more: [HeaderField] = [], _ statuses: [String: Int]
    ) {
        testDescription = name
        (self.method, self.version, self.upgrade, self.connection) = (method, version, upgrade, connection)
        (self.revision, self.more, self.statuses) = (revision, more, statuses)
        if !hasKey { key = nil }
    }

    /// The order of the columns in which the answers of the servers were written down.
    static let servers = [
        "tornado", "aiohttp", "websockets", "uvicorn", "uvicorn-wsproto", "hypercorn", "daphne",
    ]

    static func columns(_ statuses: Int...) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: zip(servers, statuses))
    }

    /// What each of the servers answered over a socket.
    static let observed = [
        Variant("a correct handshake", columns(101, 101, 101, 101, 101, 101, 101)),
        Variant(
            "nginx's default before 1.29.7", version: "HTTP/1.0", upgrade: [], connection: ["close"],
            columns(400, 400, 505, 404, 404, 404, 404)),
        Variant("HTTP/1.0 with Upgrade", version: "HTTP/1.0", columns(101, 101, 505, 101, 101, 400, 101)),
        Variant("Connection: close", connection: ["close"], columns(400, 400, 426, 404, 404, 404, 400)),
        Variant("no Upgrade", upgrade: [], columns(400, 400, 426, 404, 404, 404, 404)),
        Variant(
            "Firefox's Connection", connection: ["keep-alive, Upgrade"], columns(101, 101, 101, 101, 101, 101, 101)),
        Variant(
            "both lines twice", upgrade: ["websocket", "websocket"], connection: ["upgrade", "upgrade"],
            columns(400, 101, 426, 426, 101, 101, 101)),
        Variant("Connection twice", connection: ["upgrade", "upgrade"], columns(101, 101, 101, 101, 101, 101, 101)),
        Variant("a POST without Upgrade", method: "POST", upgrade: [], columns(405, 400, 0, 404, 404, 404, 404)),
        Variant("no key", hasKey: false, columns(400, 400, 400, 400, 400, 400, 400)),
        Variant("version 99", revision: "99", columns(426, 400, 400, 400, 426, 400, 400)),
    ]

    /// What the sources of others say.
    static let read = [
        Variant(
            "no Upgrade", upgrade: [],
            [
                "ws": 426, "express": 404, "socket.io": 400, "gorilla": 400, "spring": 400, "tomcat": 404,
                "actioncable": 404,
            ]),
        Variant(
            "both lines twice", upgrade: ["websocket", "websocket"], connection: ["upgrade", "upgrade"],
            ["ws": 400, "gorilla": 101, "spring": 101, "tomcat": 101]),
        Variant(
            "another Host than the Origin's", more: [HeaderField("Origin", "https://www.example.test")],
            ["ws": 101, "tomcat": 101, "gorilla": 403, "spring": 403, "actioncable": 404]),
        Variant(
            "https that the server is not told of", more: [HeaderField("Origin", "https://chat.example.test")],
            ["gorilla": 101, "spring": 101, "actioncable": 404]),
        Variant(
            "https that it is told of",
            more: [
                HeaderField("Origin", "https://chat.example.test"), HeaderField("X-Forwarded-Proto", "https"),
            ], ["actioncable": 101]),
    ]
}

@Suite("Servers as people run them")
struct KnownServerTests {
    @Test(
        "each judges a handshake as it was seen to, or as its source says", arguments: Variant.observed + Variant.read)
    fileprivate func judgements(variant: Variant) throws {
        for (name, status) in variant.statuses.sorted(by: { $0.key < $1.key }) {
            let server = try #require(KnownServer.named(name))
            let answer = BackendAnswer(to: variant.request, script: .server(server), transcript: nil)
            #expect(answer.status ?? 0 == status, "\(name)")
            #expect(answer.closes || answer.status != nil)
        }
    }

    @Test("a refusal names the server and the header that it looked at first")
    func reason() throws {
        let tornado = try #require(KnownServer.named("tornado"))
        let origin = Variant("", more: [HeaderField("Origin", "http://www.example.test")], [:])
        let answer = BackendAnswer(to: origin.request, script: .server(tornado), transcript: nil)
        #expect(answer.judgement == KnownJudgement(server: tornado.title, refused: "Host"))
        #expect(answer.refusal == ["Cross origin websockets not allowed"])
    }

    @Test("aiohttp answers in the version that it was asked in")
    func echoedVersion() throws {
        let aiohttp = try #require(KnownServer.named("aiohttp"))
        let request = Variant("", version: "HTTP/1.0", [:]).request
        let answer = BackendAnswer(to: request, script: .server(aiohttp), transcript: nil)
        #expect(answer.bytes.starts(with: Array("HTTP/1.0 101 ".utf8)))
    }

    @Test("every name on the command line means one behaviour or one server")
    func names() {
        let names = BackendScript.Answer.names
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { BackendScript.Answer(named: $0) != nil })
        #expect(BackendScript.Answer(named: "apache") == nil)
        #expect(KnownServer.all.map(\.name) == KnownServer.all.map(\.name).sorted())
    }
}
