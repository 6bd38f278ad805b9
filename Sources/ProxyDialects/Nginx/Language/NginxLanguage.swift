import ProxyModel
import WireBasics

/// nginx's configuration language: `nginx -t` as a function.
enum NginxLanguage {
    /// Reads a configuration and everything that it includes, and checks it as `nginx -t` of that version would.
    ///
    /// - Parameters:
    ///   - path: the main file, as the user named it; messages repeat it so.
    ///   - source: where files come from.
    ///   - version: the release whose rules hold; nil for the newest modelled one.
    /// - Throws: `ConfigurationError` with nginx's own complaint first and what is wrong behind it after that.
    static func read(
        _ path: String, from source: any ConfigSource, version: NginxVersion?
    )
        throws(ConfigurationError) -> NginxSyntaxTree
    {
        let read = NginxParser.parse(path, from: source)
        var problems: [ConfigurationProblem] = []
        let directives = directives(read.items, &problems)
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return NginxSyntaxTree(file: path, directives: directives, unmodelled: [], warnings: [], findings: [])
    }

    private static func directives(
        _ items: [NginxSource.Item], _ problems: inout [ConfigurationProblem]
    )
        -> [NginxDirective]
    {
        var out: [NginxDirective] = []
        for item in items {
            switch item {
            case .directive(let statement):
                guard let name = statement.words.first else { continue }
                out.append(
                    NginxDirective(
                        name: name, arguments: Array(statement.words.dropFirst()),
                        children: statement.body.map { directives($0, &problems) }, end: statement.end,
                        close: statement.close))
            case .include(_, let files):
                for file in files { out += directives(file.items, &problems) }
            case .failure(let failure):
                problems.append(.init(message: failure.message, location: failure.location))
            }
        }
        return out
    }
}
