import Foundation
import ProxyModel

/// Configuration files in memory.
struct NginxFiles: ConfigSource {
    var files: [String: String]

    init(_ files: [String: String]) {
        self.files = files
    }

    func contents(of path: String) throws(ConfigSourceError) -> [UInt8] {
        guard let text = files[path] else {
            throw ConfigSourceError(path: path, number: 2, text: "No such file or directory")
        }
        return Array(text.utf8)
    }

    /// Only `*` is understood, which is all that the tests need.
    func paths(matching pattern: String) -> [String] {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        return files.keys.filter { path in
            path.hasPrefix(parts[0]) && path.hasSuffix(parts[parts.count - 1])
                && path.count >= parts.map(\.count).reduce(0, +)
        }.sorted()
    }
}

/// Configuration files of this machine.
struct NginxDisk: ConfigSource {
    func contents(of path: String) throws(ConfigSourceError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ConfigSourceError(path: path, number: 2, text: "No such file or directory")
        }
        return Array(data)
    }

    func paths(matching pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, 0, nil, &result) == 0 else { return [] }
        return (0..<Int(result.gl_pathc)).compactMap { index in
            result.gl_pathv[index].map { String(cString: $0) }
        }
    }
}
