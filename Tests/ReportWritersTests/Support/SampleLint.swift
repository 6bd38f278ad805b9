import ProxyModel
import ReportWriters
import Verdicts
import WireBasics

/// A lint of three configurations: one with mistakes, one without, one that nginx refuses.
enum SampleLint {
    static let rule = LintRule(
        id: "ws-http-1.0", severity: .warning, title: "The handshake is forwarded as HTTP/1.0",
        why: "RFC 6455 wants HTTP/1.1", reference: "nginx: proxy_http_version",
        url: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version",
        mistake: "proxy_pass http://a;", mended: "proxy_pass http://a;\nproxy_http_version 1.1;")

    /// The second line holds characters that take several bytes, one of them two UTF-16 code units.
    static let contents = Array("server {\n# “é” 🙂\n    proxy_pass http://127.0.0.1:3000; # “ab”\n}\n".utf8)

    static func finding(line: Int = 3, column: Int = 5, severity: Finding.Severity? = nil) -> LintFinding {
        let place = ConfigLocation(file: "conf.d/a b.conf", line: line, column: column)
        let end = ConfigLocation(file: "conf.d/a b.conf", line: 3, column: 38)
        return LintFinding(
            rule: rule, severity: severity, at: place,
            message: "an opening handshake to ws://a/ is forwarded as HTTP/1.0",
            why: "nobody says otherwise", mend: "write `proxy_http_version 1.1;`",
            edits: [TextEdit(from: end, to: end, write: "\n    proxy_http_version 1.1;")])
    }

    static let configuration = LintedConfiguration(
        name: "conf.d/a b.conf", product: "nginx/1.28.0", versionChosenBy: "asked for",
        files: [ConfigurationFile(path: "conf.d/a b.conf", contents: contents, sha256: "00")],
        findings: [finding(), finding(line: 2, column: 16, severity: .hint)],
        ignored: [
            IgnoredFinding(
                finding(line: 4, column: 1), because: "Tornado takes it",
                location: ConfigLocation(file: "conf.d/a b.conf", line: 2, column: 1))
        ],
        notices: [
            Finding(
                code: "nginx.fragment", severity: .hint, blame: .proxyConfig, message: "read as a part of http { … }",
                location: ConfigLocation(file: "conf.d/a b.conf", line: 1, column: 1))
        ])

    static let report = LintReport(
        command: "wsreplay lint 'conf.d/a b.conf'", rules: [rule],
        configurations: [
            configuration,
            LintedConfiguration(
                name: "/etc/nginx/good.conf", product: "nginx/1.28.0", versionChosenBy: "asked for", files: []),
            LintedConfiguration(
                name: "bad.conf", product: "nginx", versionChosenBy: "asked for", files: [],
                problems: [
                    ConfigurationProblem(
                        message: "unknown directive \"server:\"",
                        location: ConfigLocation(file: "bad.conf", line: 1, column: 1), why: "there is none",
                        mend: "write server")
                ], nativeOutput: ["nginx: [emerg] unknown directive \"server:\" in bad.conf:1"]),
        ])

    /// The same with that text wherever text comes from a configuration or a user.
    static func poisoned(_ text: String) -> LintReport {
        var report = report
        report.command = text
        for index in report.configurations.indices {
            report.configurations[index].name = text
            report.configurations[index].versionChosenBy = text
            for place in report.configurations[index].findings.indices {
                report.configurations[index].findings[place].finding.message = text
                report.configurations[index].findings[place].finding.why = text
                report.configurations[index].findings[place].finding.mend = text
                report.configurations[index].findings[place].location.file = text
                report.configurations[index].findings[place].finding.location?.file = text
                report.configurations[index].findings[place].edits[0].text = text
                report.configurations[index].findings[place].edits[0].start.file = text
            }
            for place in report.configurations[index].problems.indices {
                report.configurations[index].problems[place] = ConfigurationProblem(
                    message: text, location: ConfigLocation(file: text, line: 1), why: text, mend: text)
                report.configurations[index].nativeOutput = [text]
            }
            for place in report.configurations[index].ignored.indices {
                report.configurations[index].ignored[place].because = text
            }
        }
        return report
    }
}
