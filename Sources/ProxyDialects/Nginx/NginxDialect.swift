package import ProxyModel
import WireBasics

/// nginx's configuration language and what it means.
package struct NginxDialect: ProxyDialect {
    /// `nginx`.
    package let name = "nginx"
    /// Its releases differ.
    package let hasVersions = true

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
        let release = try Self.release(version)
        let tree = try NginxLanguage.read(path, from: source, version: release)
        return NginxProxy(try ConfigurationBuilder.build(tree, from: source, version: release))
    }

    /// What `nginx -t` prints, warnings and success included.
    package func check(_ path: String, from source: any ConfigSource, version: String?) -> ConfigurationCheck {
        do {
            let tree = try NginxLanguage.read(path, from: source, version: try Self.release(version))
            return ConfigurationCheck(exitStatus: 0, output: tree.output)
        } catch {
            return ConfigurationCheck(exitStatus: 1, output: error.nativeOutput)
        }
    }

    /// Whether that version is modelled: 1.18 to the newest one that is known here.
    package func models(version: String) -> Bool {
        (try? Self.release(version)) != nil
    }

    /// Its directives and its releases.
    package var pages: [ReferencePage] { [DirectivePage.page, VersionPage.page] }

    static func release(_ version: String?) throws(ConfigurationError) -> NginxVersion {
        guard let version else { return .newestStable }
        let text = version.split(separator: "/").last.map(String.init) ?? version
        guard let release = NginxVersion(text) else {
            throw problem("\"\(VisibleText.escape(version))\" is no version of nginx", mend: "write it as 1.22.1")
        }
        guard NginxVersion.oldest <= release, release <= NginxVersion.newest else {
            throw problem(
                "nginx \(release) is not modelled",
                mend: "use a version from \(NginxVersion.oldest) to \(NginxVersion.newest)")
        }
        return release
    }

    private static func problem(_ message: String, mend: String) -> ConfigurationError {
        ConfigurationError(problems: [ConfigurationProblem(message: message, location: nil, mend: mend)])
    }
}
