import ProxyModel
import WireBasics

/// A rule and how it is applied.
///
/// A further rule is a file in `Rules/` and a line in `all`.
struct NginxLintRule: Sendable {
    /// What the rule is about.
    let rule: LintRule
    /// What it finds.
    let find: @Sendable (LintSubject, LintRule) -> [LintFinding]

    /// A rule with all its parts.
    init(_ rule: LintRule, find: @escaping @Sendable (LintSubject, LintRule) -> [LintFinding]) {
        self.rule = rule
        self.find = find
    }

    /// Every rule.
    static let all: [NginxLintRule] = [
        // The request that reaches the upstream.
        upgradeNotForwarded, inheritanceReset, upgradeWrongValue, connectionWrongValue, http10, headerSetTwice,
        lostBeforeProxy, hostOriginMismatch, originOverridden, handshakeHeaderChanged, slashMismatch, queryDropped,
        // Where a handshake goes, and what comes back.
        wrongLocation, noProxyPass, handshakeRedirected, slashRedirect, noResolver, handshakeHeaderHidden,
        authSubrequestUpgrade, authOnHandshake, forwardedProtoMissing, noWebSocketLocation,
        // What plain requests beside the sockets get.
        connectionHardCoded, upgradeLiteral, upgradeAnyProtocol, mapCloseKillsKeepalive,
        // How long tunnels live, and how many.
        idleTimeout, reloadDrop, workerConnectionsLow, connectionLimit,
        // Upstreams.
        noStickiness, upstreamDNSFrozen, localhostIPv6, schemeMismatch,
        // Words.
        typographicQuotes, upgradeComparedByCase, http2Only, noEffect,
    ]
}

extension LintRule {
    /// nginx's own page on WebSocket.
    static let webSocketPage = "https://nginx.org/en/docs/http/websocket.html"

    /// The address of a directive in nginx's documentation.
    static func directive(_ name: String, of module: String = "proxy") -> String {
        "https://nginx.org/en/docs/http/ngx_http_\(module)_module.html#\(name)"
    }

    /// A section of RFC 6455.
    static func rfc6455(_ section: String) -> String {
        "https://www.rfc-editor.org/rfc/rfc6455#section-\(section)"
    }

    /// A finding with the words of the rule where it has none of its own.
    func finding(
        _ severity: Finding.Severity? = nil, at location: ConfigLocation, _ message: String, why: String? = nil,
        mend: String, edits: [TextEdit] = []
    ) -> LintFinding {
        LintFinding(
            rule: self, severity: severity, at: location, message: message, why: why ?? self.why, mend: mend,
            edits: edits)
    }
}
