package import ProxyModel

/// nginx's configuration language and what it means.
package struct NginxDialect: ProxyDialect {
    /// `nginx`.
    package let name = "nginx"

    /// The dialect.
    package init() {}

    /// Whether a file looks like nginx's: by its name, or by blocks that only nginx has.
    package func recognises(path: String, contents: [UInt8]) -> Bool {
        if path.hasSuffix(".conf") { return true }
        let text = String(decoding: contents.prefix(65_536), as: UTF8.self)
        return ["http {", "server {", "events {", "proxy_pass ", "upstream "].contains { text.contains($0) }
    }

    /// Reads a configuration as nginx of that version would, checks included.
    package func load(
        _ path: String, from source: any ConfigSource, version: String?
    ) throws(ConfigurationError) -> any Proxy {
        var release = NginxVersion.newest
        if let version {
            let text = version.split(separator: "/").last.map(String.init) ?? version
            guard let parsed = NginxVersion(text) else {
                throw ConfigurationError(
                    problems: [
                        ConfigurationProblem(
                            message: "\"\(version)\" is no version of nginx", location: nil,
                            mend: "write it as 1.22.1")
                    ])
            }
            release = parsed
        }
        let tree = try NginxLanguage.read(path, from: source, version: release)
        return NginxProxy(try ConfigurationBuilder.build(tree, from: source, version: release))
    }
}
