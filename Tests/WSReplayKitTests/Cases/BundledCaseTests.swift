import Foundation
import Testing
import WSReplayKit

@Suite("The bundled cases")
struct BundledCaseTests {
    @Test("each passes, with every expectation it states", arguments: Repository.cases)
    func passes(_ name: String) throws {
        let run = try CaseRunner(paths: [Repository.path("Captures/\(name)")]).run()
        #expect(run.unusable == [])
        let result = try #require(run.report.cases.count == 1 ? run.report.cases.first : nil)
        #expect(result.ending == .passed)
        #expect(result.expectations > 0)
        for failure in result.failures { Issue.record("\(failure.difference)") }
    }

    @Test("an expectation that does not hold fails the case")
    func fails() throws {
        let folder = try TemporaryFolder()
        let chat = Repository.path("Captures/chat")
        try folder.create(
            "case.yaml",
            """
            description: The other way round.
            captures: [\(chat)/capture.pcap]
            proxy: [\(chat)/nginx.conf]
            expect:
              - sessions: {path: /chat}
                verdict: broken
                status: 426
            """)
        let run = try CaseRunner(paths: [folder.url.path]).run()
        let result = try #require(run.report.cases.first)
        #expect(result.ending == .failed)
        #expect(result.failures.map(\.location.line).sorted() == [6, 6, 6, 7, 7, 7])
    }
}
