import Foundation
import WSReplayKit

/// What goes to standard error.
enum Diagnostics {
    /// An error in four parts: where and what, why, how to mend; then further problems of the same input.
    static func write(_ error: UserError) {
        var lines: [String] = []
        lines.append("error: " + place(error.location) + error.message)
        if !error.why.isEmpty { lines.append("  why:  " + error.why) }
        if !error.mend.isEmpty { lines.append("  mend: " + indented(error.mend)) }
        for problem in error.further {
            lines.append("also:  " + place(problem.location) + problem.message)
            if !problem.why.isEmpty { lines.append("  why:  " + problem.why) }
            if !problem.mend.isEmpty { lines.append("  mend: " + indented(problem.mend)) }
        }
        if !error.nativeOutput.isEmpty {
            lines.append("what the proxy's own check prints:")
            lines += error.nativeOutput.map { "  " + VisibleText.escape($0) }
        }
        write(lines.joined(separator: "\n"))
    }

    /// A line or more of text.
    static func write(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    private static func place(_ location: ConfigLocation?) -> String {
        location.map { VisibleText.escape($0.description) + ": " } ?? ""
    }

    private static func indented(_ text: String) -> String {
        text.replacing("\n", with: "\n        ")
    }
}
