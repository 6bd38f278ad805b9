import ProxyModel
import WireBasics

/// Comments that ask to leave a finding out: `# wsreplay: ignore RULE-ID because …`, behind a line or above it.
///
/// The reason has to be there: who reads the configuration next wants to know it.
struct IgnoreComments {
    /// A comment that cannot be obeyed.
    static let invalid = LintRule(
        id: "ignore-comment-invalid", severity: .warning,
        title: "A comment asks to ignore a finding and is not complete",
        why: "Nothing is ignored by it: it has to name a rule and to say why",
        reference: "wsreplay: lint", url: LintRule.webSocketPage,
        mistake: """
            server {
                listen 8080;
                location /websocket {
                    # wsreplay: ignore ws-http-1.0
                    proxy_pass http://127.0.0.1:3000;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                }
            }
            """,
        mended: """
            server {
                listen 8080;
                location /websocket {
                    # wsreplay: ignore ws-http-1.0 because Tornado takes it
                    proxy_pass http://127.0.0.1:3000;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                }
            }
            """)

    /// A comment that nothing needs any more.
    static let unused = LintRule(
        id: "ignore-comment-unused", severity: .hint, title: "A comment asks to ignore what is not there",
        why: "The mistake is mended, or the comment stands at another line than it",
        reference: "wsreplay: lint", url: LintRule.webSocketPage,
        mistake: """
            server {
                listen 8080;
                location /websocket {
                    proxy_pass http://127.0.0.1:3000;
                    # wsreplay: ignore ws-http-1.0 because Tornado takes it
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                }
            }
            """,
        mended: """
            server {
                listen 8080;
                location /websocket {
                    proxy_pass http://127.0.0.1:3000;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection "upgrade";
                }
            }
            """)

    private struct Comment {
        var rule: String
        var because: String
        var location: ConfigLocation
        /// The line that it speaks of.
        var line: Int
    }

    private var comments: [Comment] = []
    private var complaints: [LintFinding] = []

    /// The comments of some files, each cut into lines.
    init(files: [String: [ArraySlice<UInt8>]]) {
        let known = Set(NginxLintRule.all.map(\.rule.id))
        for (file, lines) in files.sorted(by: { $0.key < $1.key }) {
            for (index, line) in lines.enumerated() {
                guard let (column, words) = Self.comment(in: line) else { continue }
                let location = ConfigLocation(file: file, line: index + 1, column: column)
                let parts = words.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: true).map(String.init)
                let reason = parts.count == 3 && parts[1] == "because" ? parts[2] : ""
                guard let rule = parts.first, known.contains(rule), !reason.isEmpty else {
                    complaints.append(
                        Self.complaint(parts.first, isKnown: parts.first.map(known.contains) ?? false, location))
                    continue
                }
                let isAlone = line.first { $0 != 32 && $0 != 9 } == UInt8(ascii: "#")
                comments.append(
                    Comment(
                        rule: rule, because: reason, location: location,
                        line: isAlone ? Self.nextStatement(after: index, in: lines) : index + 1))
            }
        }
    }

    /// What is left of some findings, and what the comments take out; comments that are of no use are findings too.
    func applied(to findings: [LintFinding]) -> (findings: [LintFinding], ignored: [IgnoredFinding]) {
        var left: [LintFinding] = []
        var ignored: [IgnoredFinding] = []
        var used: Set<Int> = []
        for finding in findings {
            let match = comments.firstIndex {
                $0.rule == finding.finding.code && $0.location.file == finding.location.file
                    && $0.line == finding.location.line
            }
            guard let match else {
                left.append(finding)
                continue
            }
            used.insert(match)
            ignored.append(
                IgnoredFinding(finding, because: comments[match].because, location: comments[match].location))
        }
        let idle = comments.indices.filter { !used.contains($0) }.map { index in
            Self.unused.finding(
                at: comments[index].location,
                "nothing of \(comments[index].rule) is found at line \(comments[index].line)",
                mend: "take the comment out")
        }
        return (left + complaints + idle, ignored)
    }

    private static func complaint(_ rule: String?, isKnown: Bool, _ location: ConfigLocation) -> LintFinding {
        let name = rule.map { VisibleText.escape($0) } ?? ""
        let what = isKnown ? "gives no reason to ignore \(name)" : "names no rule that is known: \"\(name)\""
        return invalid.finding(
            at: location, "the comment \(what)",
            mend:
                "write `# wsreplay: ignore \(isKnown ? name : "RULE-ID") because …`; `wsreplay lint --rules` lists the ids"
        )
    }

    /// The column of the `#` and what follows the words that ask for it; nil for a line without such a comment.
    private static func comment(in line: ArraySlice<UInt8>) -> (column: Int, words: String)? {
        guard line.contains(UInt8(ascii: "#")) else { return nil }
        let text = String(decoding: line.filter { $0 != 13 }, as: UTF8.self)
        guard let match = text.firstRange(of: "wsreplay: ignore"),
            let sharp = text[..<match.lowerBound].lastIndex(of: "#"),
            text[text.index(after: sharp)..<match.lowerBound].allSatisfy({ $0 == " " || $0 == "#" })
        else { return nil }
        return (text[..<sharp].utf8.count + 1, String(text[match.upperBound...]))
    }

    /// The line of the statement that a comment on lines of its own stands above.
    private static func nextStatement(after index: Int, in lines: [ArraySlice<UInt8>]) -> Int {
        var next = index + 1
        while next < lines.count {
            let text = lines[next].drop { $0 == 32 || $0 == 9 }
            guard text.first == UInt8(ascii: "#") else { break }
            next += 1
        }
        return next + 1
    }
}
