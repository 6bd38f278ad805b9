import Foundation
import WebSocketWire

/// SHA-256 of inputs, so that a report says exactly what it is about.
enum FileDigest {
    /// The digest of some bytes, in hex.
    static func hex(of bytes: [UInt8]) -> String {
        let stream = SHA256Stream()
        stream.update(bytes.span.bytes)
        return hex(stream.finish())
    }

    /// The digest of a file, in hex, read piece by piece; empty where it cannot be read twice (a pipe).
    static func hex(ofFile path: String) -> String {
        // Even to open a named pipe again would wait for another writer.
        var status = stat()
        guard path != "-", stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            let file = fopen(path, "rb")
        else { return "" }
        defer { fclose(file) }
        let stream = SHA256Stream()
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            stream.update(chunk.span.bytes.extracting(0..<count))
        }
        return ferror(file) == 0 ? hex(stream.finish()) : ""
    }

    private static func hex(_ digest: [UInt8]) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
