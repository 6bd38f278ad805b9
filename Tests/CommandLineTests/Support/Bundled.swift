import Foundation

/// The bundled captures and configurations.
enum Bundled {
    /// The capture in a case's folder, from the root of the package.
    static func capture(_ name: String) -> String {
        let pcapng = "Captures/\(name)/capture.pcapng"
        return FileManager.default.fileExists(atPath: Wsreplay.root.appending(path: pcapng).path)
            ? pcapng : "Captures/\(name)/capture.pcap"
    }

    /// The configuration in a case's folder.
    static func configuration(_ name: String) -> String { "Captures/\(name)/nginx.conf" }

    /// The folders that hold a capture of their own.
    static let captured: [String] = {
        let folder = Wsreplay.root.appending(path: "Captures").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { name in
            FileManager.default.fileExists(atPath: Wsreplay.root.appending(path: capture(name)).path)
        }.sorted()
    }()

    /// The bytes of a bundled file.
    static func contents(_ path: String) throws -> Data {
        try Data(contentsOf: Wsreplay.root.appending(path: path))
    }

    /// The text of a bundled file.
    static func text(_ path: String) throws -> String { String(decoding: try contents(path), as: UTF8.self) }
}
