import ProxyDialects
import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

/// A configuration to load: its file, and how to read it.
public struct ProxyChoice: Hashable, Sendable {
    /// The main file, as the user named it.
    public var path: String
    /// The dialect's name; nil to recognise it.
    public var dialect: String?
    /// The product's version to model; nil to choose one.
    public var version: String?

    /// A configuration file; the rest is found out unless given.
    public init(path: String, dialect: String? = nil, version: String? = nil) {
        self.path = path
        self.dialect = dialect
        self.version = version
    }
}

/// A configuration that was loaded, and what reports say of it.
struct LoadedProxy {
    var proxy: any Proxy
    var summary: ProxySummary
}

extension ProxyChoice {
    /// Reads the configuration.
    ///
    /// - Parameters:
    ///   - transcripts: what is going to be replayed: a `Server: nginx/…` in it tells the version that runs today.
    func load(for transcripts: [SessionTranscript], from source: any ConfigSource) throws(UserError) -> LoadedProxy {
        let recording = RecordingConfigSource(source)
        let dialect = try chosenDialect(recording)
        let seen = transcripts.lazy.compactMap { Self.version(in: $0, of: dialect.name) }
            .first { dialect.models(version: $0) }
        let loaded: any Proxy
        do {
            loaded = try dialect.load(path, from: recording, version: version ?? seen)
        } catch {
            throw UserError(error, path: path)
        }
        return LoadedProxy(
            proxy: loaded,
            summary: ProxySummary(
                name: loaded.name, product: loaded.product,
                versionChosenBy: whyVersion(of: dialect, isSeen: seen != nil), files: recording.configuration,
                findings: loaded.findings))
    }

    /// How the version was chosen.
    func whyVersion(of dialect: any ProxyDialect, isSeen: Bool = false) -> String {
        guard dialect.hasVersions else { return "as it is written" }
        if version != nil { return "asked for" }
        return isSeen ? "seen in the capture" : "the newest stable release that is modelled"
    }

    /// The dialect that was asked for, or the first that recognises the file.
    func chosenDialect(_ source: any ConfigSource) throws(UserError) -> any ProxyDialect {
        let known = DialectRegistry.dialects.map(\.name).joined(separator: ", ")
        if let dialect {
            guard let named = DialectRegistry.named(dialect) else {
                throw UserError(
                    message: "there is no dialect `\(VisibleText.escape(dialect))`", mend: "use one of \(known)")
            }
            return named
        }
        let contents: [UInt8]
        do {
            contents = try source.contents(of: path)
        } catch {
            throw UserError(
                message: "cannot read the configuration \(VisibleText.escape(path)): \(error.text)",
                mend: "check the path and its permissions")
        }
        guard let recognised = DialectRegistry.dialects.first(where: { $0.recognises(path: path, contents: contents) })
        else {
            throw UserError(
                message: "\(VisibleText.escape(path)) is in no dialect that is known here",
                mend: "name it with --dialect (\(known))")
        }
        return recognised
    }

    /// The version that a captured response names: `Server: nginx/1.22.1`.
    private static func version(in transcript: SessionTranscript, of product: String) -> String? {
        guard let server = transcript.response?.head.headers.first("Server")?.latin1,
            server.lowercased().hasPrefix(product + "/")
        else { return nil }
        let version = server.dropFirst(product.count + 1).prefix { $0.isNumber || $0 == "." }
        return version.isEmpty ? nil : String(version)
    }
}

extension RecordingConfigSource {
    /// The files that were read, as reports show them.
    var configuration: [ConfigurationFile] {
        recorded.map {
            ConfigurationFile(path: $0.path, contents: $0.contents, sha256: FileDigest.hex(of: $0.contents))
        }
    }
}
