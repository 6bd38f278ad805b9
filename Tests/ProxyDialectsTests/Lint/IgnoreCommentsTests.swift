import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("Comments that ask lint to be quiet")
struct IgnoreCommentsTests {
    /// The recipe without its version, a comment above the line and one behind it.
    static func text(above: String = "", behind: String = "") -> String {
        """
        server {
            listen 8080;
            location /ws {
                \(above)
                proxy_pass http://127.0.0.1:3000; \(behind)
                proxy_set_header Host $http_host;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection "upgrade";
                proxy_read_timeout 1h;
            }
        }
        """
    }

    static let complete = "# wsreplay: ignore ws-http-1.0 because Tornado takes it"

    @Test(
        "a comment on the line or above it leaves the finding out, and the reason is kept",
        arguments: [
            text(above: complete), text(behind: complete),
            text(above: complete + "\n        # and so does aiohttp"), text(above: "#" + complete),
        ])
    func obeyed(_ text: String) throws {
        let lint = try Linting.lint(text)
        #expect(!lint.findings.contains { $0.finding.code == "ws-http-1.0" })
        #expect(lint.ignored.map(\.finding.finding.code) == ["ws-http-1.0"])
        #expect(lint.ignored.map(\.because) == ["Tornado takes it"])
        #expect(!lint.findings.contains { $0.finding.code.hasPrefix("ignore-comment") })
    }

    @Test(
        "a comment without a reason, or of no rule, leaves nothing out and is a finding",
        arguments: [
            "# wsreplay: ignore ws-http-1.0", "# wsreplay: ignore ws-http-1.0 because",
            "# wsreplay: ignore ws-http-1.0 Tornado takes it", "# wsreplay: ignore nothing because of it",
            "# wsreplay: ignore",
        ])
    func refused(_ comment: String) throws {
        let lint = try Linting.lint(Self.text(above: comment))
        #expect(lint.findings.contains { $0.finding.code == "ws-http-1.0" })
        #expect(lint.findings.filter { $0.finding.code == "ignore-comment-invalid" }.map(\.line) == ["4:9 warning"])
        #expect(lint.ignored.isEmpty)
    }

    @Test("a comment that nothing needs is a hint")
    func unused() throws {
        let lint = try Linting.lint(
            Self.text(above: Self.complete).replacing("listen 8080;", with: "listen 8080; \(Self.complete)"))
        #expect(lint.findings.filter { $0.finding.code == "ignore-comment-unused" }.map(\.line) == ["2:18 hint"])
    }

    @Test("words in quotes are no comment")
    func quoted() throws {
        let lint = try Linting.lint(
            Self.text(above: "add_header X \"wsreplay: ignore ws-http-1.0 because\";"))
        #expect(lint.ignored.isEmpty)
        #expect(lint.findings.contains { $0.finding.code == "ws-http-1.0" })
    }
}
