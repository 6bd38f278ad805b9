import Testing

@testable import WSReplayKit

@Suite("The page of violations")
struct ViolationsPageTests {
    @Test("holds every code, limit and filter key")
    func isComplete() throws {
        let page = try #require(Reference.page(named: "violations"))
        let codes = ViolationCatalogue.rules.map(\.code) + LossCatalogue.rules.map(\.code)
        let names = CaptureLimit.all.map(\.name) + FilterKey.allCases.map(\.rawValue)
        for name in codes + names { #expect(page.text.contains("| `\(name)` |"), "\(name)") }
    }
}
