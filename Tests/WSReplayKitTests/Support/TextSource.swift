import WSReplayKit

/// Configuration files by path, in memory.
struct TextSource: ConfigSource {
    var files: [String: String]

    func contents(of path: String) throws(ConfigSourceError) -> [UInt8] {
        guard let text = files[path] else {
            throw ConfigSourceError(path: path, number: 2, text: "No such file or directory")
        }
        return Array(text.utf8)
    }

    func paths(matching pattern: String) -> [String] { [] }

    /// One configuration, called `nginx.conf`.
    static func nginx(_ http: String) -> TextSource {
        TextSource(files: ["nginx.conf": "events {}\nhttp {\n\(http)\n}\n"])
    }
}
