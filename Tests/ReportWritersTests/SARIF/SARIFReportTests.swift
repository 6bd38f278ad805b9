import Foundation
import ProxyModel
import ReportWriters
import Testing
import WireBasics

/// The parts of SARIF 2.1.0 that readers rely on, section by section.
@Suite("SARIF")
struct SARIFReportTests {
    private static func log(_ report: LintReport = SampleLint.report) throws -> [String: Any] {
        let writer = try #require(ReportRegistry.writer(named: "sarif"))
        var options = ReportOptions()
        options.program = "wsreplay 0.1.0"
        let object = try JSONSerialization.jsonObject(with: Data(writer.render(.lint(report), options)))
        return try #require(object as? [String: Any])
    }

    private static func run(_ report: LintReport = SampleLint.report) throws -> [String: Any] {
        try #require((try log(report)["runs"] as? [[String: Any]])?.first)
    }

    private static func results(_ report: LintReport = SampleLint.report) throws -> [[String: Any]] {
        try #require(try run(report)["results"] as? [[String: Any]])
    }

    private static func at(_ path: String, in value: Any?) -> Any? {
        path.split(separator: ".").reduce(value) { value, key in
            Int(key).map { (value as? [Any])?[$0] } ?? (value as? [String: Any])?[String(key)]
        }
    }

    @Test("is a log of one run with version, schema and the tool (§3.13, §3.14, §3.19)")
    func log() throws {
        let log = try Self.log()
        #expect(log["version"] as? String == "2.1.0")
        #expect((log["$schema"] as? String)?.hasSuffix("sarif-2.1.0.json") == true)
        #expect((log["runs"] as? [Any])?.count == 1)
        #expect(Self.at("runs.0.tool.driver.name", in: log) as? String == "wsreplay")
        #expect(Self.at("runs.0.tool.driver.version", in: log) as? String == "0.1.0")
        #expect(Self.at("runs.0.columnKind", in: log) as? String == "utf16CodeUnits")
    }

    @Test("each rule has id, name, descriptions, help in both forms and a level (§3.49)")
    func rules() throws {
        let rule = Self.at("tool.driver.rules.0", in: try Self.run())
        #expect(Self.at("id", in: rule) as? String == "ws-http-1.0")
        #expect((Self.at("name", in: rule) as? String)?.wholeMatch(of: /[A-Z][A-Za-z0-9]+/) != nil)
        for text in ["shortDescription.text", "fullDescription.text", "help.text", "help.markdown"] {
            #expect((Self.at(text, in: rule) as? String)?.isEmpty == false, "\(text)")
        }
        #expect((Self.at("helpUri", in: rule) as? String)?.hasPrefix("https://") == true)
        #expect(Self.at("defaultConfiguration.level", in: rule) as? String == "warning")
    }

    @Test("each finding is a result with rule, level, message and place (§3.27)")
    func results() throws {
        let results = try Self.results()
        #expect(results.count == 3)
        #expect(results.map { $0["ruleId"] as? String } == Array(repeating: "ws-http-1.0", count: 3))
        #expect(results.map { $0["ruleIndex"] as? Int } == [0, 0, 0])
        #expect(results.map { $0["level"] as? String } == ["warning", "note", "warning"])
        for result in results {
            #expect((Self.at("message.text", in: result) as? String)?.isEmpty == false)
            let place = Self.at("locations.0.physicalLocation", in: result)
            #expect(Self.at("artifactLocation.uri", in: place) as? String == "conf.d/a%20b.conf")
            #expect((Self.at("region.startLine", in: place) as? Int ?? 0) >= 1)
            #expect((Self.at("region.startColumn", in: place) as? Int ?? 0) >= 1)
        }
    }

    @Test("columns count UTF-16 code units, where ours count bytes (§3.30.2)")
    func columns() throws {
        let results = try Self.results()
        let columns = results.map { Self.at("locations.0.physicalLocation.region.startColumn", in: $0) as? Int }
        // `# “é” 🙂` is 15 bytes and 8 units: the quotes take three bytes each, the letter two, the face four and two units.
        #expect(columns == [5, 9, 1])
    }

    @Test("a mend that is text to write is a fix with its replacements (§3.55)")
    func fixes() throws {
        let result = try #require(try Self.results().first)
        let change = Self.at("fixes.0.artifactChanges.0", in: result)
        #expect(Self.at("artifactLocation.uri", in: change) as? String == "conf.d/a%20b.conf")
        let replacement = Self.at("replacements.0", in: change)
        #expect(Self.at("insertedContent.text", in: replacement) as? String == "\n    proxy_http_version 1.1;")
        for (key, value) in ["startLine": 3, "endLine": 3, "startColumn": 38, "endColumn": 38] {
            #expect(Self.at("deletedRegion.\(key)", in: replacement) as? Int == value, "\(key)")
        }
    }

    @Test("what a comment ignores is a suppressed result with the reason (§3.35)")
    func suppressions() throws {
        let results = try Self.results()
        #expect(results.map { $0["suppressions"] != nil } == [false, false, true])
        #expect(Self.at("suppressions.0.kind", in: results.last) as? String == "inSource")
        #expect(Self.at("suppressions.0.justification", in: results.last) as? String == "Tornado takes it")
    }

    @Test("a configuration that nginx refuses is an invocation that did not succeed (§3.20)")
    func refused() throws {
        let invocation = Self.at("invocations.0", in: try Self.run())
        #expect(Self.at("executionSuccessful", in: invocation) as? Bool == false)
        let text = Self.at("toolExecutionNotifications.0.message.text", in: invocation) as? String
        #expect(text?.contains("unknown directive") == true)
        var report = SampleLint.report
        report.configurations.removeLast()
        let good = Self.at("invocations.0", in: try Self.run(report))
        #expect(Self.at("executionSuccessful", in: good) as? Bool == true)
    }

    @Test("no more results than GitHub takes, the mildest left out, which is said")
    func limit() throws {
        var report = SampleLint.report
        let hints = Array(repeating: SampleLint.finding(severity: .hint), count: 25_000)
        report.configurations[0].findings = hints + [SampleLint.finding(severity: .error)]
        let run = try Self.run(report)
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.count == 25_000)
        #expect(results.first?["level"] as? String == "error")
        let notices = Self.at("invocations.0.toolExecutionNotifications", in: run) as? [[String: Any]]
        #expect(
            notices?.contains { (Self.at("message.text", in: $0) as? String)?.contains("left out") == true } == true)
    }

    @Test("an absolute path is a file URI, and nothing in a path is taken for markup of URIs")
    func uris() throws {
        var report = SampleLint.report
        report.configurations[0].findings = [SampleLint.finding()]
        report.configurations[0].findings[0].location.file = "/etc/nginx/50%#?.conf"
        let result = try #require(try Self.results(report).first)
        #expect(
            Self.at("locations.0.physicalLocation.artifactLocation.uri", in: result) as? String
                == "file:///etc/nginx/50%25%23%3F.conf")
    }
}
