import ProxyModel
import Testing
import Verdicts
import WireBasics
import YAMLDocuments

@Suite("Case files")
struct CaseFileTests {
    private static let whole = """
        description: The chat.
        captures: [chat.pcap, more.pcap]
        proxy: nginx.conf
        proxyVersion: "1.22.1"
        at: 127.0.0.1:8080
        backends:
          "127.0.0.1:3000": {answer: refuse}
          "*": {answer: conformant, after: 250ms}
        expect:
          - sessions: all
            verdict: same
          - sessions: [1, 3]
            status: 101
            upstream:
              headers:
                Upgrade: websocket
                Host: {matches: "^chat"}
                X-Debug: {absent: true}
            frames: {client: {delivered: 3, lost: 0}}
            closedAfter: {between: [4s, 1m]}
          - sessions: {path: /chat}
            because: nginx.conf:14
        """

    @Test("a whole case is read")
    func wholeCase() throws {
        let file = try CaseFile(yaml: Self.whole, file: "case.yaml")
        #expect(file.captures == ["chat.pcap", "more.pcap"])
        #expect(file.proxies == ["nginx.conf"])
        #expect(file.proxyVersion == "1.22.1")
        #expect(file.listener == Endpoint("127.0.0.1:8080"))
        #expect(file.backends.byAddress["127.0.0.1:3000"]?.answer == .refuse)
        #expect(file.backends.others == BackendScript(.conformant, after: .milliseconds(250)))
        #expect(file.expectations.map(\.sessions) == [.all, .numbers([1, 3]), .path("/chat")])
        #expect(file.expectations[1].claims.map(\.what).contains(.upstreamHeader("Host", .matches("^chat"))))
        #expect(file.expectations[1].claims.map(\.what).contains(.closedAfter(from: .seconds(4), to: .seconds(60))))
        #expect(file.expectations[1].claims.map(\.what).contains(.lost(.client, 0)))
    }

    @Test("a case for a refused configuration names message and line")
    func refusal() throws {
        let file = try CaseFile(
            yaml: """
                description: Refused.
                captures: c.pcap
                proxy: nginx.conf
                expect:
                  - configuration: refused
                    message: 'unknown directive "x"'
                    line: 6
                """, file: "case.yaml")
        #expect(file.expectations[0].sessions == .configuration)
        #expect(file.expectations[0].claims.map(\.what) == [.refused(message: #"unknown directive "x""#, line: 6)])
    }

    @Test(
        "mistakes are named with their place and what was probably meant",
        arguments: [
            ("", 1, "the case is empty", "expect"),
            ("description: x\n  bad: [", 2, "not YAML", ""),
            ("description: x\ncapture: c.pcap\n", 2, "unknown key `capture`", "captures"),
            ("description: x\ncaptures: c.pcap\nproxy: p\n", 1, "`expect` is missing", ""),
            ("description: x\ncaptures: c.pcap\nproxy: p\nexpect: []\n", 4, "expects nothing", ""),
            (
                "description: x\ncaptures: c.pcap\nproxy: p\nexpect:\n  - sessions: all\n", 5,
                "this entry expects nothing", "verdict"
            ),
            (
                "description: x\ncaptures: c.pcap\nproxy: p\nexpect:\n  - verdict: brken\n", 5, "`brken` is not one of",
                "broken"
            ),
            (
                "description: x\ncaptures: c.pcap\nproxy: p\nexpect:\n  - status: ok\n", 5,
                "`ok` is not a whole number", ""
            ),
            ("description: x\ncaptures: c.pcap\nproxy: p\nat: 8080\nexpect:\n  - status: 101\n", 4, "ADDRESS:PORT", ""),
            (
                "description: x\ncaptures: c.pcap\nproxy: p\nexpect:\n  - upstream: {headers: {Host: {matches: '('}}}\n",
                5, "regular expression", ""
            ),
            (
                "description: x\ncaptures: c.pcap\nproxy: p\nexpect:\n  - configuration: refused\n    status: 101\n", 6,
                "`status` says nothing", ""
            ),
            ("- a\n- b\n", 1, "a mapping", ""),
            ("description: x\ndescription: y\n", 1, "`description` is there twice", ""),
            (
                "description: x\ncaptures: c.pcap\nproxy: p\nexpect:\n  - closedAfter: 3 parsecs\n", 5,
                "a time such as", ""
            ),
        ] as [(String, Int, String, String)])
    func mistakes(yaml: String, line: Int, message: String, mend: String) throws {
        let error = try #require(throws: CaseFileError.self) { try CaseFile(yaml: yaml, file: "case.yaml") }
        #expect(error.message.contains(message), "\(error.message)")
        #expect(error.location.line == line, "\(error.location)")
        #expect(mend.isEmpty || error.mend.contains(mend), "\(error.mend)")
    }
}
