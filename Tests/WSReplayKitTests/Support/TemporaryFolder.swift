import Foundation

/// A folder that is gone when the test is over.
final class TemporaryFolder {
    let url = FileManager.default.temporaryDirectory.appending(path: "wsreplay-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// A path in it.
    func path(_ name: String) -> String { url.appending(path: name).path }

    /// A new file in it; folders on the way are made.
    @discardableResult
    func create(_ name: String, _ contents: some Sequence<UInt8> = []) throws -> URL {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(contents).write(to: file)
        return file
    }

    /// A new text file in it.
    @discardableResult
    func create(_ name: String, _ contents: String) throws -> URL { try create(name, contents.utf8) }
}
