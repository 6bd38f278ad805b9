import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("Every rule of lint")
struct LintRuleTests {
    static let rules = NginxDialect().lintRules

    /// Where each rule finds the mistake of its own example.
    static let places: [String: String] = [
        "auth-subrequest-upgrade": "5:5 warning",
        "connection-hard-coded": "8:9 warning",
        "connection-wrong-value": "9:9 error",
        "forwarded-proto-missing": "10:9 warning",
        "handshake-header-changed": "9:9 warning",
        "handshake-header-hidden": "9:9 error",
        "header-inheritance-reset": "10:9 error",
        "header-set-twice": "9:9 warning",
        "http2-only-listener": "2:5 error",
        "ignore-comment-invalid": "4:9 warning",
        "ignore-comment-unused": "5:9 hint",
        "lb-no-stickiness": "1:1 warning",
        "limit-conn-on-websocket": "4:5 hint",
        "localhost-ipv6": "4:9 hint",
        "map-close-kills-keepalive": "1:58 hint",
        "no-effect": "9:9 hint",
        "no-websocket-location": "4:9 hint",
        "origin-overridden": "9:9 warning",
        "proxy-pass-slash-mismatch": "4:9 warning",
        "typographic-quotes": "8:37 error",
        "upgrade-any-protocol": "7:9 hint",
        "upgrade-compared-by-case": "4:9 hint",
        "upgrade-literal": "7:9 warning",
        "upgrade-wrong-value": "8:9 error",
        "upstream-dns-frozen": "4:9 hint",
        "upstream-scheme-mismatch": "4:9 warning",
        "variable-proxy-pass-drops-query": "4:9 warning",
        "variable-proxy-pass-without-resolver": "5:9 error",
        "worker-connections-low": "1:10 hint",
        "ws-auth-on-handshake": "3:5 hint",
        "ws-handshake-redirected": "4:49 warning",
        "ws-host-origin-mismatch": "4:9 warning",
        "ws-http-1.0": "4:9 warning",
        "ws-idle-timeout": "9:9 warning",
        "ws-location-without-proxy-pass": "3:5 error",
        "ws-reload-drop": "1:1 warning",
        "ws-slash-redirect": "3:5 hint",
        "ws-upgrade-lost-before-proxy": "4:9 error",
        "ws-upgrade-not-forwarded": "4:9 error",
        "ws-wrong-location": "3:5 error",
    ]

    /// Rules whose mend takes a decision that only the author can make.
    static let withoutEdits: Set<String> = [
        "ignore-comment-invalid", "ignore-comment-unused", "limit-conn-on-websocket", "proxy-pass-slash-mismatch",
        "upstream-dns-frozen", "variable-proxy-pass-without-resolver", "ws-auth-on-handshake",
        "ws-handshake-redirected", "ws-location-without-proxy-pass", "ws-slash-redirect",
    ]

    @Test("the ids are unique, kebab-case, sorted, and each has its place in these tests")
    func ids() {
        let ids = Self.rules.map(\.id)
        #expect(ids == Set(ids).sorted())
        #expect(Set(Self.places.keys) == Set(ids))
        for id in ids { #expect(id.wholeMatch(of: /[a-z0-9]+(-[a-z0-9.]+)+/) != nil, "\(id)") }
    }

    @Test("finds the mistake of its example at its line and column, with reason and mend", arguments: rules.map(\.id))
    func mistake(_ id: String) throws {
        let rule = try Self.rule(id)
        let lint = try Linting.lint(rule.mistake, version: Self.version(for: rule))
        let found = lint.findings.filter { $0.finding.code == rule.id }
        #expect(found.map(\.line) == [try #require(Self.places[rule.id])])
        for finding in found.map(\.finding) {
            #expect(!finding.message.isEmpty && !finding.why.isEmpty && !finding.mend.isEmpty)
            #expect(finding.severity <= rule.severity)
            #expect(finding.blame == .proxyConfig)
        }
    }

    @Test(
        "finds nothing where the example is mended, and no other rule finds a mistake there", arguments: rules.map(\.id)
    )
    func mended(_ id: String) throws {
        let rule = try Self.rule(id)
        let lint = try Linting.lint(rule.mended, version: Self.version(for: rule))
        #expect(lint.findings.filter { $0.finding.code == rule.id }.map(\.line) == [])
        #expect(lint.findings.filter { $0.finding.severity > .hint }.map { "\($0.line) \($0.finding.code)" } == [])
    }

    @Test(
        "the mend, written as its edits say, mends: the finding is gone, and nothing worse came",
        arguments: rules.map(\.id))
    func edits(_ id: String) throws {
        let rule = try Self.rule(id)
        let version = Self.version(for: rule)
        let before = try Linting.lint(rule.mistake, version: version).findings
        let edits = before.filter { $0.finding.code == rule.id }.flatMap(\.edits)
        #expect(edits.isEmpty == Self.withoutEdits.contains(rule.id))
        let written = TextEdit.applied(edits, to: Array(rule.mistake.utf8))
        let after = try Linting.lint(String(decoding: written, as: UTF8.self), version: version).findings
        let known = Set(before.map(\.finding.code))
        if !edits.isEmpty { #expect(!after.contains { $0.finding.code == rule.id }) }
        #expect(after.filter { $0.finding.severity > .hint && !known.contains($0.finding.code) } == [])
    }

    @Test("says its reason, its source and both examples", arguments: rules.map(\.id))
    func documentation(_ id: String) throws {
        let rule = try Self.rule(id)
        for text in [rule.title, rule.why, rule.reference, rule.mistake, rule.mended] { #expect(!text.isEmpty) }
        #expect(rule.url.hasPrefix("https://"))
        #expect(!rule.title.hasSuffix(".") && !rule.why.hasSuffix("."))
    }

    private static func rule(_ id: String) throws -> LintRule {
        try #require(rules.first { $0.id == id })
    }

    /// What was mended by a later release shows with an older one.
    private static func version(for rule: LintRule) -> String? {
        rule.id == "http2-only-listener" ? "1.24.0" : nil
    }
}
