import ProxyModel
import WireBasics

@testable import ProxyDialects

/// Configurations in memory through the rules.
enum Linting {
    /// What is said of a configuration.
    static func lint(
        _ text: String, version: String? = nil, files: [String: String] = [:]
    ) throws -> ConfigurationLint {
        try NginxDialect().lint(
            "nginx.conf", from: NginxFiles(files.merging(["nginx.conf": text]) { $1 }), version: version)
    }

    /// What a rule finds in a configuration: `8:9 error`.
    static func found(_ rule: String, in text: String, version: String? = nil) throws -> [String] {
        try lint(text, version: version).findings.filter { $0.finding.code == rule }.map(\.line)
    }

    /// Everything of a severity or worse that is found: `8:9 error ws-upgrade-not-forwarded`.
    static func all(in text: String, from severity: Finding.Severity, version: String? = nil) throws -> [String] {
        try lint(text, version: version).findings.filter { $0.finding.severity >= severity }
            .map { "\($0.line) \($0.finding.code)" }
    }

    /// The recipe of nginx's documentation around one location, the rest of which is given.
    static func location(_ name: String, _ lines: String, around: String = "") -> String {
        """
        map $http_upgrade $connection_upgrade { default upgrade; '' close; }
        \(around)
        server {
            listen 8080;
            server_name app.test;
            location \(name) {
                proxy_pass http://127.0.0.1:3000;
                proxy_http_version 1.1;
                proxy_set_header Host $http_host;
                proxy_set_header Upgrade $http_upgrade;
                proxy_set_header Connection $connection_upgrade;
                proxy_read_timeout 1h;
                \(lines)
            }
        }
        """
    }
}

extension LintFinding {
    /// `8:9 error`.
    var line: String { "\(location.line):\(location.column) \(finding.severity.rawValue)" }
}
