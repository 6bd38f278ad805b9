import ArgumentParser
import WSReplayKit

/// Prints pages of the documentation; for those who work on this program.
struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Print a page of the documentation that is written from the program's tables.",
        shouldDisplay: false)

    private static let pages = ReferencePage.allCases.map(\.rawValue).joined(separator: ", ")

    @Argument(help: ArgumentHelp("Page: \(pages).", valueName: "page"))
    var page: String

    func run() throws {
        guard let page = ReferencePage(rawValue: page) else {
            throw ValidationError("There is no page '\(page)'; pages are \(Self.pages).")
        }
        print(page.text, terminator: "")
    }
}
