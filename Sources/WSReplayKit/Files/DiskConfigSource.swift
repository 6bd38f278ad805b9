import Foundation
public import ProxyModel

/// Configuration files on disk.
///
/// Relative paths are relative to the current folder, as the user typed them.
public struct DiskConfigSource: ConfigSource {
    /// Configurations are written by people: what is larger than this is something else.
    static let limit = 64 << 20

    /// A source of files on disk.
    public init() {}

    /// The bytes of a file, up to 64 MiB.
    public func contents(of path: String) throws(ConfigSourceError) -> [UInt8] {
        guard let file = fopen(path, "rb") else { throw Self.error(path, errno) }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while bytes.count <= Self.limit {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 {
                // Reading a folder succeeds at opening and fails here.
                guard ferror(file) == 0 else { throw Self.error(path, errno) }
                return bytes
            }
            bytes += chunk[..<count]
        }
        throw Self.error(path, EFBIG)
    }

    /// The files that a pattern matches, as `glob(3)` does, sorted by bytes.
    public func paths(matching pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
    }

    private static func error(_ path: String, _ number: Int32) -> ConfigSourceError {
        ConfigSourceError(path: path, number: number, text: String(cString: strerror(number)))
    }
}

/// Remembers every file that was read, so that a report can show the configuration as it was.
final class RecordingConfigSource: ConfigSource, @unchecked Sendable {
    private let base: any ConfigSource
    private let lock = NSLock()
    private var files: [(path: String, contents: [UInt8])] = []

    init(_ base: any ConfigSource) {
        self.base = base
    }

    func contents(of path: String) throws(ConfigSourceError) -> [UInt8] {
        let contents = try base.contents(of: path)
        lock.withLock {
            if !files.contains(where: { $0.path == path }) { files.append((path, contents)) }
        }
        return contents
    }

    func paths(matching pattern: String) -> [String] {
        base.paths(matching: pattern)
    }

    /// The files in the order in which they were first read.
    var recorded: [(path: String, contents: [UInt8])] {
        lock.withLock { files }
    }
}
