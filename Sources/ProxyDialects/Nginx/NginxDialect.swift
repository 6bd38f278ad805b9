package import ProxyModel
import WireBasics

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
        let release = try release(version)
        let tree = try NginxLanguage.read(path, from: source, version: release)
        return NginxProxy(try ConfigurationBuilder.build(tree, from: source, version: release))
    }

    /// What `nginx -t` prints.
    package func check(_ path: String, from source: any ConfigSource, version: String?) -> ConfigurationCheck {
        do {
            let tree = try NginxLanguage.read(path, from: source, version: try release(version))
            return ConfigurationCheck(exitStatus: 0, output: tree.output)
        } catch {
            let own = error.problems.map { [$0.location?.description, $0.message].compactMap(\.self).joined(separator: ": ") }
            return ConfigurationCheck(exitStatus: 1, output: error.nativeOutput.isEmpty ? own : error.nativeOutput)
        }
    }

    /// The release that `1.22.1` or `nginx/1.22.1` means; the newest modelled one for nil.
    private func release(_ version: String?) throws(ConfigurationError) -> NginxVersion {
        guard let version else { return .newest }
        let text = version.split(separator: "/").last.map(String.init) ?? version
        guard let parsed = NginxVersion(text) else {
            throw ConfigurationError(
                problems: [
                    ConfigurationProblem(
                        message: "\"\(version)\" is no version of nginx", location: nil, mend: "write it as 1.22.1")
                ])
        }
        return parsed
    }
}
