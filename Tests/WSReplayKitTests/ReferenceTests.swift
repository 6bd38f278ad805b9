import Testing
import WSReplayKit

@Suite("What the model knows, written out")
struct ReferenceTests {
    @Test("each page stands in the documentation as the program prints it", arguments: Reference.pages.map(\.name))
    func upToDate(name: String) throws {
        let page = try #require(Reference.page(named: name))
        let written = try Repository.text("Documentation/\(name).md")
        #expect(written == page.text, "run `wsreplay describe \(name) > Documentation/\(name).md`")
    }

    @Test("the pages are those that the help names")
    func names() {
        #expect(Reference.pages.map(\.name) == ["directives", "servers", "versions", "violations"])
    }
}
