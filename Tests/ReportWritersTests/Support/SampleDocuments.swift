import ProxyModel
import ReportWriters
import Verdicts
import WireBasics

/// One document of each kind.
enum SampleDocuments {
    static let all: [ReportDocument] = [
        .replay(SampleRun.run), .try(attempt), .compare(comparison), .inspect(inspection), .test(tests),
        .lint(SampleLint.report), .error(error),
    ]

    /// The document of that kind.
    static subscript(kind: ReportDocument.Kind) -> ReportDocument {
        all.first { $0.kind == kind } ?? .error(error)
    }

    static let attempt: RunResult = {
        var run = SampleRun.run
        run.command = "wsreplay try ws://a.test/chat --proxy nginx.conf"
        run.captures = []
        run.notReplayed = []
        run.sessions = [SampleRun.forgotten(1, client: "127.0.0.1:50000")]
        return run
    }()

    static let comparison = RunResult.comparing(
        SampleRun.run, with: SampleRun.run, command: "wsreplay compare chat.pcap --before nginx.conf --after nginx.conf"
    )

    static let inspection = InspectReport(captures: [
        InspectedCapture(
            summary: SampleRun.run.captures[0],
            ledger: CaptureLedger(
                packets: [NamedCount("total", 4211), NamedCount("tcp", 4190), NamedCount("udp", 21)],
                bytes: [NamedCount("payload", 901_122), NamedCount("retransmitted", 512)]),
            sessions: SampleRun.run.sessions.map { InspectedSession(id: $0.id, transcript: $0.transcript) })
    ])

    static let tests = TestReport(
        command: "wsreplay test Captures",
        cases: [
            TestCaseResult(name: "Captures/chat", ending: .passed, expectations: 4, run: nil),
            TestCaseResult(
                name: "Captures/forgotten", ending: .failed,
                failures: [
                    FailedClaim(
                        location: ConfigLocation(file: "Captures/forgotten/case.yaml", line: 7, column: 3),
                        session: SessionID(file: "chat.pcap", number: 3),
                        difference: SampleRun.forgotten(3, client: "10.0.0.7:51544").differences[0])
                ], expectations: 2, run: SampleRun.run),
            TestCaseResult(
                name: "Captures/gap", ending: .inconclusive,
                reasons: [Explanation(because: "1,448 bytes of the server are not in the capture")], expectations: 1),
            TestCaseResult(
                name: "Captures/later", ending: .skipped,
                reasons: [Explanation(because: "the case asks for haproxy, which is not modelled")], expectations: 1),
        ])

    static let error = ErrorReport(
        subject: .configuration,
        problems: [
            ConfigurationProblem(
                message: #"unknown directive "192.168.3.1:3000""#,
                location: ConfigLocation(file: "nginx.conf", line: 2, column: 5),
                why: "a line of an upstream block begins with the word server", mend: "server 192.168.3.1:3000;")
        ],
        nativeOutput: [#"nginx: [emerg] unknown directive "192.168.3.1:3000" in nginx.conf:2"#])
}
