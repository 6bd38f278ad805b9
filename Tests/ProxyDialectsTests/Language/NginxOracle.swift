import Foundation

/// The real nginx, asked for its opinion of a configuration.
enum NginxOracle {
    /// Where nginx is; nil when it is not installed.
    static let executable = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// The version that the executable says it has.
    static let version: String = {
        guard let executable, let output = try? run(executable, ["-v"]) else { return "" }
        return String(output.output.drop { $0 != "/" }.dropFirst().prefix { $0.isNumber || $0 == "." })
    }()

    /// Whether the tests can run: the release is one whose messages are modelled.
    static let isInstalled = executable != nil && !version.isEmpty

    /// What nginx says of a file, one line a message, without time stamps and without what depends on the machine.
    static func check(_ path: String, prefix: String) throws -> (status: Int32, lines: [String]) {
        let result = try run(executable ?? "", ["-t", "-p", prefix + "/", "-c", path, "-e", "stderr"])
        var lines: [String] = []
        for line in result.output.split(separator: "\n").map(String.init) {
            let level = ["[emerg]", "[warn]", "[alert]", "[crit]"].first { line.contains($0) }
            guard let level, let range = line.range(of: level) else {
                lines.append(line)
                continue
            }
            var text = String(line[range.upperBound...])
            // 2024/01/01 00:00:00 [emerg] 17#17: message
            if let hash = text.range(of: #"^ \d+#\d+:"#, options: .regularExpression) {
                text = String(text[hash.upperBound...])
            }
            guard !text.contains("super-user privileges") else { continue }
            lines.append("nginx: \(level)\(text)")
        }
        return (result.status, lines)
    }

    private static func run(_ executable: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardError = pipe
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
