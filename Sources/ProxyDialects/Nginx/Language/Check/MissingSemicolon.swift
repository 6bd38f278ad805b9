import ProxyModel
import WireBasics

/// Finds where a `;` is missing: a statement that goes on in the next line with the name of another directive.
///
/// nginx reads on and complains, if at all, of what the swallowed words look like.
enum MissingSemicolon {
    /// The statement cut before each word that begins a line and names a directive which may stand here.
    static func pieces(
        of statement: NginxSource.Statement, in context: NginxContexts, _ version: NginxVersion
    ) -> [NginxSource.Statement] {
        var cuts: [Int] = []
        for index in statement.words.indices.dropFirst() {
            let (previous, word) = (statement.words[index - 1], statement.words[index])
            let rows = NginxDirectiveTable.rows(word.text, in: version)
            guard word.location.line > previous.location.line, !word.isQuoted,
                rows.contains(where: { !$0.contexts.isDisjoint(with: context) }),
                index + 1 < statement.words.count || rows.contains(where: { $0.arguments.allows(0) })
            else { continue }
            cuts.append(index)
        }
        guard !cuts.isEmpty else { return [statement] }
        let starts = [0] + cuts
        let ends = cuts + [statement.words.count]
        return zip(starts, ends).map { start, end in
            var piece = statement
            piece.words = Array(statement.words[start..<end])
            if end < statement.words.count {
                piece.end = statement.words[end - 1].end
                (piece.body, piece.close) = (nil, nil)
            }
            return piece
        }
    }

    /// What to say of it.
    struct Text {
        /// Behind the last word of the line that lacks the `;`.
        var place: ConfigLocation
        /// Why nginx complains elsewhere.
        var why: String
        /// What to write.
        var mend: String
        /// The same where nginx accepts the swallowed words.
        var finding: Finding
    }

    /// What to say of pieces that `pieces` made.
    static func text(_ pieces: [NginxSource.Statement]) -> Text {
        let (first, next) = (pieces[0], pieces[1])
        let name = first.words.first?.text ?? ""
        let swallowed = next.words.first?.text ?? ""
        let why = "line \(first.end.line) has no \";\", so nginx takes \"\(swallowed)\" for an argument of \(name)"
        let line = first.words.map(\.text.description).joined(separator: " ")
        let mend = "end line \(first.end.line) with a \";\": \(line);"
        return Text(
            place: first.end, why: why, mend: mend,
            finding: Finding(
                code: "nginx.missing-semicolon", severity: .warning, blame: .proxyConfig,
                message: "\"\(swallowed)\" is read as an argument of \(name)", why: why, mend: mend,
                location: first.end))
    }
}

extension NginxWord {
    /// The place behind the word, if it was written without escapes.
    var end: ConfigLocation {
        let width = text.count + (isQuoted ? 2 : 0)
        return ConfigLocation(file: location.file, line: location.line, column: location.column + width)
    }
}
