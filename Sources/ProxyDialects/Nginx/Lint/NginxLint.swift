package import ProxyModel
import WireBasics

/// Looks for the mistakes that `nginx -t` does not see.
///
/// What a handshake can show is found by driving one through the model, location by location, so that a finding has the
/// reason and the mend that `try` would give; the rest is read off the configuration.
struct NginxLint {
    let tree: NginxSyntaxTree
    let configuration: NginxConfiguration
    let source: any ConfigSource
    /// Beyond this many locations further ones are not asked: a configuration that is written by a program says the
    /// same everywhere.
    var mostPlaces = 2000

    /// Everything that the rules find, by place.
    func run() -> ConfigurationLint {
        let subject = LintSubject(
            tree: tree, configuration: configuration, source: source, mostPlaces: mostPlaces)
        let found = NginxLintRule.all.flatMap { $0.find(subject, $0.rule) }
        let comments = IgnoreComments(files: subject.edits.files)
        let (findings, ignored) = comments.applied(to: merged(found))
        return ConfigurationLint(
            name: configuration.file, product: "nginx/\(configuration.version)",
            findings: findings.sorted(by: Self.precedes),
            ignored: ignored.sorted { Self.precedes($0.finding, $1.finding) },
            notices: configuration.findings + limits(subject))
    }

    /// What was not looked at.
    private func limits(_ subject: LintSubject) -> [Finding] {
        guard subject.places.count >= mostPlaces else { return [] }
        return [
            Finding(
                code: "lint.locations-limit", severity: .warning, blame: .wsreplay,
                message: "\(mostPlaces) locations were asked for a handshake, and the configuration has more",
                why:
                    "it would take long; a configuration of this size is mostly written by a program and says the same everywhere",
                mend: "lint its parts one by one")
        ]
    }

    /// One line that spoils several locations is one mistake: the first says it, and how many are like it.
    private func merged(_ findings: [LintFinding]) -> [LintFinding] {
        struct Key: Hashable {
            var code: String
            var location: ConfigLocation
        }
        var order: [Key] = []
        var groups: [Key: [LintFinding]] = [:]
        for finding in findings {
            let key = Key(code: finding.finding.code, location: finding.location)
            if groups[key] == nil { order.append(key) }
            groups[key, default: []].append(finding)
        }
        return order.compactMap { key in
            guard let group = groups[key], let worst = group.map(\.finding.severity).max(),
                var first = group.first(where: { $0.finding.severity == worst })
            else { return nil }
            let others = Set(group.map(\.finding.message)).count - 1
            if others > 0 { first.finding.message += " (and likewise in \(others) more)" }
            for finding in group { first.edits += finding.edits.filter { !first.edits.contains($0) } }
            return first
        }
    }

    private static func precedes(_ left: LintFinding, _ right: LintFinding) -> Bool {
        (left.location, left.finding.code) < (right.location, right.finding.code)
    }
}

extension NginxDialect {
    /// The rules, in the order of their ids.
    package var lintRules: [LintRule] {
        (NginxLintRule.all.map(\.rule) + [IgnoreComments.invalid, IgnoreComments.unused]).sorted { $0.id < $1.id }
    }

    /// What is wrong with WebSocket in a configuration that nginx would take.
    package func lint(
        _ path: String, from source: any ConfigSource, version: String?
    ) throws(ConfigurationError) -> ConfigurationLint {
        let release = try Self.release(version)
        let tree = try NginxLanguage.read(path, from: source, version: release)
        let configuration = try ConfigurationBuilder.build(tree, from: source, version: release)
        return NginxLint(tree: tree, configuration: configuration, source: source).run()
    }
}
