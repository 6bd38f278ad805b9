import Foundation
import Testing

@Suite("Standard output")
struct TerminalOutputTests {
    static let command = ["replay", Bundled.capture("chat"), "--proxy", Bundled.configuration("chat-no-upgrade-line")]

    /// Where it goes, the options, NO_COLOR, and whether it is coloured.
    struct Colour: CustomTestStringConvertible {
        var output: Wsreplay.Output
        var options: [String] = []
        var noColour: String?
        var isColoured: Bool

        var testDescription: String {
            "\(output) \(options.joined(separator: " ")) NO_COLOR=\(noColour ?? "unset")"
        }
    }

    @Test(
        "colour is for terminals, unless NO_COLOR or --color say otherwise",
        arguments: [
            Colour(output: .file, isColoured: false),
            Colour(output: .terminal, isColoured: true),
            Colour(output: .terminal, noColour: "1", isColoured: false),
            // no-color.org: the empty value does not count.
            Colour(output: .terminal, noColour: "", isColoured: true),
            Colour(output: .terminal, options: ["--color", "never"], isColoured: false),
            Colour(output: .file, options: ["--color", "always"], isColoured: true),
            Colour(output: .terminal, options: ["--color", "always"], noColour: "1", isColoured: true),
            Colour(output: .terminal, options: ["--format", "json"], isColoured: false),
        ])
    func colour(_ row: Colour) throws {
        let ended = try Wsreplay.run(
            Self.command + row.options, output: row.output, environment: row.noColour.map { ["NO_COLOR": $0] } ?? [:])
        #expect(ended.status == 1)
        #expect(ended.text.contains("broken"))
        #expect(ended.text.contains("\u{1B}[") == row.isColoured)
    }

    @Test("colour is all that it adds")
    func onlyColour() throws {
        let plain = try Wsreplay.run(Self.command)
        let coloured = try Wsreplay.run(Self.command + ["--color", "always"])
        #expect(coloured.text.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain.text)
    }

    @Test(
        "a reader that goes away ends the program without a word",
        arguments: [
            command, command + ["--format", "json"],
            ["inspect", Bundled.capture("frames"), "--frames"], ["test", "Captures/chat"],
        ])
    func closedPipe(_ command: [String]) throws {
        let ended = try Wsreplay.run(command, output: .closedPipe)
        #expect(ended.diagnostics == "")
        #expect(!ended.byExit)
        #expect(ended.status == SIGPIPE)
    }

    @Test(
        "the same inputs give the same bytes, in any locale, time zone and folder for temporary files",
        arguments: [
            command, command + ["--format", "json"], ["inspect", Bundled.capture("frames"), "--frames"],
            ["inspect", Bundled.capture("subprotocols"), "--frames", "--format", "json"],
            ["try", "ws://chat.example.test:8080/chat", "--proxy", Bundled.configuration("chat"), "--format", "json"],
            ["test", "Captures", "--format", "json"],
        ])
    func sameBytes(_ command: [String]) throws {
        let folder = try TemporaryFolder()
        let pages = ["a.html", "b.html"].map(folder.path)
        let writesHTML = command[0] != "inspect"
        let first = try Wsreplay.run(command + (writesHTML ? ["--html", pages[0]] : []))
        let second = try Wsreplay.run(
            command + (writesHTML ? ["--html", pages[0]] : []),
            environment: ["LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "TMPDIR": folder.url.path])
        #expect(!first.output.isEmpty)
        #expect(first.output == second.output)
        #expect(first.status == second.status)
        guard writesHTML else { return }
        let page = try Data(contentsOf: folder.url.appending(path: "a.html"))
        _ = try Wsreplay.run(command + ["--html", pages[0]])
        #expect(try Data(contentsOf: folder.url.appending(path: "a.html")) == page)
    }
}
