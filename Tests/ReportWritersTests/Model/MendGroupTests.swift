import ProxyModel
import Testing
import Verdicts
import WireBasics

@testable import ReportWriters

@Suite struct MendGroupTests {
    @Test("differences with one cause are one thing to mend, the worst first")
    func grouping() {
        let groups = MendGroup.groups(SampleRun.run.sessions)
        #expect(groups.map(\.number) == [1, 2, 3])
        #expect(groups.map(\.sessions) == [[2, 4], [3], [5]])
        #expect(groups.map(\.severity) == [.error, .error, .warning])
        #expect(groups[0].effects.map(\.difference.path).count == 4)
        #expect(groups[0].effects.map(\.sessions) == [2, 2, 2, 2])
        #expect(groups[0].broken == 2)
    }

    @Test("the same line and remedy are one cause though the sentences name different numbers")
    func sentences() {
        var sessions = [SampleRun.idle(1), SampleRun.idle(2)]
        for index in sessions[1].differences.indices {
            sessions[1].differences[index].explanation.because = "nothing was sent for 80.000 s"
        }
        #expect(MendGroup.groups(sessions).map(\.sessions) == [[0, 1]])
    }

    @Test("without a remedy the sentence tells causes apart")
    func remedy() {
        var sessions = [SampleRun.idle(1), SampleRun.idle(2)]
        for session in sessions.indices {
            for index in sessions[session].differences.indices {
                sessions[session].differences[index].explanation.mend = ""
                sessions[session].differences[index].explanation.because = "reason \(session)"
            }
        }
        #expect(MendGroup.groups(sessions).count == 2)
    }
}
