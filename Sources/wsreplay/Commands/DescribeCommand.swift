import ArgumentParser
import WSReplayKit

struct DescribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "describe",
        abstract: "Print what the model knows, as Markdown: directives, servers, versions, violations.")

    @Argument(help: "What is asked about.")
    var page: PageName

    func run() {
        // The page ends its last line.
        print(page.page.text, terminator: "")
    }
}

/// The name of a page on the command line.
struct PageName: ExpressibleByArgument {
    let page: ReferencePage

    init?(argument: String) {
        guard let page = Reference.page(named: argument) else { return nil }
        self.page = page
    }

    static let allValueStrings = Reference.pages.map(\.name)
}
