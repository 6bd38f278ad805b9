package import ProxyModel
import WireBasics
import YAMLDocuments

/// A proxy described in YAML: what it does to headers, paths and tunnels, without being any product.
package struct PolicyDialect: ProxyDialect {
    /// `policy`.
    package let name = "policy"
    /// What it says is all there is.
    package let hasVersions = false

    /// The dialect.
    package init() {}

    /// Whether a file is YAML that says which version of the format it is in: `policy: 1`.
    package func recognises(path: String, contents: [UInt8]) -> Bool {
        let text = String(decoding: contents.prefix(65_536), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).contains { $0.hasPrefix("policy:") }
    }

    /// Reads a policy.
    package func load(
        _ path: String, from source: any ConfigSource, version: String?
    ) throws(ConfigurationError) -> any Proxy {
        guard models(version: version ?? "1") else {
            throw Self.error("a policy has no versions of a product", mend: "leave --proxy-version out")
        }
        let bytes: [UInt8]
        do {
            bytes = try source.contents(of: path)
        } catch {
            throw Self.error(
                "cannot read \(VisibleText.escape(path)): \(error.text)", mend: "check the path and its permissions")
        }
        do {
            return PolicyProxy(try PolicyReader(file: path).policy(String(decoding: bytes, as: UTF8.self)))
        } catch {
            throw ConfigurationError(problems: [
                ConfigurationProblem(message: error.message, location: error.location, mend: error.mend)
            ])
        }
    }

    /// A policy has no check but being read.
    package func check(_ path: String, from source: any ConfigSource, version: String?) -> ConfigurationCheck {
        do {
            _ = try load(path, from: source, version: version)
            return ConfigurationCheck(exitStatus: 0, output: [])
        } catch {
            return ConfigurationCheck(
                exitStatus: 1,
                output: error.problems.map { "\($0.location.map { "\($0): " } ?? "")\($0.message)" })
        }
    }

    /// The version of the format is the only one there is.
    package func models(version: String) -> Bool { version == "1" }

    private static func error(_ message: String, mend: String) -> ConfigurationError {
        ConfigurationError(problems: [ConfigurationProblem(message: message, location: nil, mend: mend)])
    }
}
