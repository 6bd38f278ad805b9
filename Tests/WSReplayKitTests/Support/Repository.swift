import Foundation

/// The files of this package, found from where this file lies.
enum Repository {
    static let root = URL(filePath: #filePath, directoryHint: .notDirectory).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The absolute path of a file of the package.
    static func path(_ path: String) -> String { root.appending(path: path).path }

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: root.appending(path: path))) }

    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }

    /// The names of the case folders, sorted.
    static let cases: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path("Captures"))) ?? []
        return names.filter { FileManager.default.fileExists(atPath: path("Captures/\($0)/case.yaml")) }.sorted()
    }()

    /// The case folders that hold a capture of their own, and the capture's path.
    static let captures: [(name: String, path: String)] = cases.compactMap { name in
        ["capture.pcap", "capture.pcapng"].map { "Captures/\(name)/\($0)" }
            .first { FileManager.default.fileExists(atPath: path($0)) }.map { (name, path($0)) }
    }
}
