import Testing
import Verdicts
import WireBasics

@testable import ReportWriters

@Suite struct VerdictSentenceTests {
    private static func run(_ verdicts: [Verdict]) -> RunResult {
        var run = SampleRun.run
        run.sessions = verdicts.enumerated().map { index, verdict in
            var session = SampleRun.same(index + 1, target: "/")
            session.verdict = verdict
            return session
        }
        return run
    }

    @Test(
        "the sentence says what the counts come to",
        arguments: [
            ([], "Nothing was replayed, so nothing can be said about this configuration."),
            ([.same], "The session comes out as captured."),
            ([.same, .same], "All 2 sessions come out as captured."),
            ([.broken], "Do not deploy this as it is: the session breaks."),
            ([.broken, .same], "Do not deploy this as it is: 1 of 2 sessions breaks."),
            (
                [.broken, .broken, .inconclusive],
                "Do not deploy this as it is: 2 of 3 sessions break and 1 cannot be judged."
            ),
            ([.inconclusive], "The session cannot be judged from what was captured."),
            (
                [.inconclusive, .changed],
                "1 of 2 sessions cannot be judged from what was captured. None of the others breaks."
            ),
            ([.changed, .same], "All 2 sessions work, but an end can see a difference for 1."),
            ([.fixed, .same], "1 of 2 sessions failed in the capture and works with this configuration."),
        ] as [([Verdict], String)])
    func sentences(_ verdicts: [Verdict], _ sentence: String) {
        #expect(VerdictSentence(Self.run(verdicts)).text == sentence)
    }
}
