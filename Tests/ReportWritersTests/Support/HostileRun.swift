import HTTPWire
import ProxyModel
import ReportWriters
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// A run in which everything that comes from outside tries to come to life or to mislead.
enum HostileRun {
    /// Markup, a way out of scripts and styles, terminal controls, NUL, C1, bidirectional overrides, no UTF-8.
    static let payload: [UInt8] =
        Array(
            ("</script></style><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
                + "' onmouseover='document.title=1' \" & ]]> --> \u{1B}[2J\u{1B}]0;owned\u{7} \u{0} \u{9B}31m "
                + "\u{202E}live\u{202C} \u{2066}x\u{2069} \u{200B} \u{2028} \u{FFFE} \r\n\t").utf8) + [
            0xFF, 0xC0, 0x80,
        ]

    static let text = String(decoding: payload, as: UTF8.self)

    static let run: RunResult = {
        var run = SampleRun.run
        run.command = "wsreplay replay '\(text)'"
        run.captures[0].path = text + ".pcap"
        run.captures[0].findings = [finding]
        run.proxies[0].name = text
        run.proxies[0].product = text
        run.proxies[0].versionChosenBy = text
        run.proxies[0].files[0].contents += payload + [10] + payload
        run.proxies[0].findings = [finding]
        run.findings = [finding]
        run.notReplayed[0].because = text
        run.notReplayed[0].id.file = text
        for index in run.sessions.indices { poison(&run.sessions[index], number: index) }
        return run
    }()

    private static let finding = Finding(
        code: "x", severity: .warning, blame: .capture, message: text, why: text, mend: text,
        location: ConfigLocation(file: text, line: 1), packet: 1)

    private static let explanation = Explanation(
        because: text, source: ConfigLocation(file: text, line: 3, column: 1), mend: text)

    private static func poison(_ session: inout SessionResult, number: Int) {
        let field = HeaderField(ByteString(payload), ByteString(payload))
        // One session carries a field of a megabyte.
        let long = HeaderField(
            "X-Long", ByteString(Array(repeating: UInt8(ascii: "<"), count: number == 2 ? 1 << 20 : 9)))
        session.id.file = text
        session.transcript.request.head = RequestHead(
            method: ByteString(payload), target: "/" + ByteString(payload),
            headers: HeaderFields(session.transcript.request.head.headers.fields + [field, long]))
        session.transcript.response?.head = ResponseHead(
            status: 101, reason: ByteString(payload), headers: HeaderFields([field]))
        session.transcript.tunnel?.client.close?.reason = text
        for index in session.transcript.tunnel?.frames.indices ?? 0..<0 {
            session.transcript.tunnel?.frames[index].preview = payload
        }
        session.transcript.violations = [
            Violation(code: text, party: .client, packet: 1, message: text, section: text)
        ]
        session.transcript.losses = [Loss(code: text, party: nil, packet: 1, message: text)]
        session.doubts = [explanation]
        session.outcome.closedBecause = explanation
        for hop in session.outcome.hops.indices { poison(&session.outcome.hops[hop], field, long) }
        for index in session.differences.indices {
            session.differences[index].path += ".\(text)"
            session.differences[index].expected = .text(ByteString(payload))
            session.differences[index].actual = .text(index == 0 ? long.value : field.value)
            if index == 0 { session.differences[index].explanation = explanation }
        }
    }

    private static func poison(_ hop: inout HopOutcome, _ field: HeaderField, _ long: HeaderField) {
        hop.proxy = text
        hop.route = Route(server: text, location: text, source: explanation.source)
        hop.trace.append(TraceStep(phase: text, what: text, source: explanation.source))
        hop.attempts[0].address = text
        hop.attempts[0].refusal = [text]
        hop.attempts[0].explanation = explanation
        for header in [field, long] {
            hop.attempts[0].request?.headers.append(
                OutgoingHeader(header, origin: .directive, explanation: explanation))
            hop.attempts[0].request?.lost.append(LostHeader(header, explanation: explanation))
        }
        hop.response?.headers.append(OutgoingHeader(field, origin: .default, explanation: explanation))
        hop.response?.decided = explanation
    }

    static let documents: [ReportDocument] = [
        .replay(run),
        .try(
            {
                var single = run
                single.captures = []
                single.sessions = [run.sessions[2]]
                return single
            }()),
        .inspect(
            InspectReport(captures: [
                InspectedCapture(
                    summary: run.captures[0],
                    ledger: CaptureLedger(packets: [NamedCount(text, 1)], bytes: [NamedCount(text, 1)]),
                    sessions: run.sessions.map { InspectedSession(id: $0.id, transcript: $0.transcript) })
            ])),
        .test(
            TestReport(
                command: text,
                cases: [
                    TestCaseResult(
                        name: text, ending: .failed,
                        failures: [
                            FailedClaim(
                                location: ConfigLocation(file: text, line: 1), session: run.sessions[2].id,
                                difference: run.sessions[2].differences[0])
                        ], expectations: 1, run: run),
                    TestCaseResult(name: text, ending: .inconclusive, reasons: [explanation], expectations: 1),
                ])),
        .lint(SampleLint.poisoned(text)),
        .error(
            ErrorReport(
                subject: .configuration,
                problems: [
                    ConfigurationProblem(message: text, location: explanation.source, why: text, mend: text)
                ], nativeOutput: [text])),
    ]
}
