import Testing
import WSReplayKit

@Suite("The documentation of the rules")
struct LintCatalogueTests {
    @Test("Documentation/lint.md is what `wsreplay lint --rules` prints")
    func isUpToDate() throws {
        let isSame = try Repository.text("Documentation/lint.md") == LintCatalogue().markdown
        #expect(isSame, "wsreplay lint --rules > Documentation/lint.md")
    }

    @Test("every rule has a section, and a row that leads to it")
    func isWhole() {
        let page = LintCatalogue().markdown
        #expect(!Lint.rules.isEmpty)
        for rule in Lint.rules {
            #expect(page.contains("\n## \(rule.id)\n"))
            #expect(page.contains("| [`\(rule.id)`](#"))
        }
    }
}
