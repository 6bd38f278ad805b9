import Foundation
import ProxyModel
import Testing

@testable import ProxyDialects

/// What was recorded of real nginx, in a folder that `WSREPLAY_SHARED` names.
@Suite("nginx language against recordings", .enabled(if: NginxRecordings.folder != nil, "WSREPLAY_SHARED is not set"))
struct NginxConformanceTests {
    @Test("what nginx -t printed is what the checker prints", arguments: NginxRecordings.checks)
    func recordedCheck(_ check: NginxRecordings.Check) throws {
        let folder = try #require(NginxRecordings.folder)
        let source = NginxFolder(root: folder + "/nginx/")
        let version = try #require(NginxVersion(check.version))
        var lines: [String]
        do {
            lines = try NginxLanguage.read(check.config, from: source, version: version).output
        } catch {
            lines = error.nativeOutput
        }
        lines.append("")
        #expect(lines.joined(separator: "\n") == check.text)
    }

    @Test("a configuration that served recorded traffic is accepted", arguments: NginxRecordings.served)
    func served(_ config: String) throws {
        let folder = try #require(NginxRecordings.folder)
        let tree = try NginxLanguage.read(config, from: NginxFolder(root: folder + "/nginx/"), version: .init(1, 22, 1))
        #expect(!tree.directives.isEmpty)
    }

    @Test(
        "a configuration of the collection is accepted or refused as nginx does", arguments: NginxRecordings.collected)
    func collected(_ name: String) throws {
        let folder = try #require(NginxRecordings.folder)
        let refused: Set<String> = [
            "map-in-server.broken.conf", "shiny.broken.conf", "upstream-missing.broken.conf",
            "upstream-server-keyword.broken.conf",
        ]
        let source = NginxFolder(root: folder + "/needs/configs/")
        if refused.contains(name) {
            #expect(throws: ConfigurationError.self) {
                try NginxLanguage.read(name, from: source, version: .init(1, 22, 1))
            }
        } else {
            let tree = try NginxLanguage.read(name, from: source, version: .init(1, 22, 1))
            #expect(tree.output.last?.hasSuffix("test is successful") == true)
        }
    }
}

/// The recordings.
enum NginxRecordings {
    /// One run of `nginx -t`.
    struct Check: Sendable, CustomTestStringConvertible {
        var version: String
        var config: String
        var text: String
        var testDescription: String { "\(config) with \(version)" }
    }

    static let folder = ProcessInfo.processInfo.environment["WSREPLAY_SHARED"]

    private struct Record: Decodable, Sendable {
        var proxy: String
        var config: String
        var checkOutput: String?

        enum CodingKeys: String, CodingKey {
            case proxy, config
            case checkOutput = "check_stderr"
        }
    }

    private static let records: [Record] = ["", "-1.28.0", "-1.31.4"].flatMap { suffix -> [Record] in
        let path = "\(folder ?? "")/nginx/observations\(suffix).jsonl"
        guard folder != nil, let text = try? String(contentsOfFile: path, encoding: .utf8) else { return [] }
        let decoder = JSONDecoder()
        return text.split(separator: "\n").compactMap { try? decoder.decode(Record.self, from: Data($0.utf8)) }
    }

    static let checks: [Check] = records.compactMap { record in
        guard let text = record.checkOutput else { return nil }
        return Check(version: String(record.proxy.dropFirst("nginx/".count)), config: record.config, text: text)
    }

    static let served: [String] = Set(records.filter { $0.checkOutput == nil }.map(\.config)).sorted()

    static let collected: [String] = {
        guard let folder else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/needs/configs")) ?? []
        return names.filter { $0.hasSuffix(".conf") }.sorted()
    }()
}

/// Files below a folder, named relative to it.
struct NginxFolder: ConfigSource {
    var root: String

    func contents(of path: String) throws(ConfigSourceError) -> [UInt8] {
        do throws(ConfigSourceError) {
            return try NginxDisk().contents(of: path.hasPrefix("/") ? path : root + path)
        } catch {
            throw ConfigSourceError(path: path, number: error.number, text: error.text)
        }
    }

    func paths(matching pattern: String) -> [String] {
        NginxDisk().paths(matching: root + pattern).map { String($0.dropFirst(root.count)) }
    }
}
