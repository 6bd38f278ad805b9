import Testing

@testable import WSReplayKit

@Suite("Pages of the documentation")
struct ReferencePageTests {
    @Test(
        "a page in Documentation/ is what `wsreplay reference` prints: print it again after a change",
        arguments: ReferencePage.allCases)
    func isUpToDate(page: ReferencePage) throws {
        #expect(try Repository.text("Documentation/\(page.rawValue).md") == page.text)
    }

    @Test("the page of violations holds every code, limit and filter key")
    func isComplete() {
        let codes = ViolationCatalogue.rules.map(\.code) + LossCatalogue.rules.map(\.code)
        let names = CaptureLimit.all.map(\.name) + FilterKey.allCases.map(\.rawValue)
        for name in codes + names { #expect(ReferencePage.violations.text.contains("| `\(name)` |"), "\(name)") }
    }
}
