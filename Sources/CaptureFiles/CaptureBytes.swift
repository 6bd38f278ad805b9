import Glibc
import WireBasics

/// The bytes of a file, in order, uncompressed on the way where the file is compressed with gzip.
///
/// Looked at before it is decided who reads them: standard input and pipes cannot be opened twice.
/// A class, because libpcap reads through it by its address (`fopencookie`).
package final class CaptureBytes {
    /// The file as the user named it; `-` is standard input.
    package let path: String
    /// How many bytes of the file were read so far.
    private(set) var bytesRead = 0
    /// How many bytes the file has; nil for a pipe.
    let fileSize: Int?
    /// Whether the file is compressed.
    var isCompressed: Bool { inflater != nil }
    /// Why there are no more bytes although the file does not end; nil at a proper end.
    package private(set) var failure: String?

    private let descriptor: CInt
    private let ownsDescriptor: Bool
    private var inflater: GzipInflater?
    /// Bytes that were looked at and not yet taken.
    private var peeked: [UInt8] = []
    private var peekedTaken = 0

    /// Opens a file.
    ///
    /// - Throws: `missing`, `unreadable`.
    package init(path: String) throws(CaptureFileError) {
        self.path = path
        ownsDescriptor = path != "-"
        descriptor = ownsDescriptor ? open(path, O_RDONLY | O_CLOEXEC) : 0
        var status = stat()
        if descriptor >= 0, fstat(descriptor, &status) == 0 {
            fileSize = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
        } else {
            fileSize = nil
        }
        guard descriptor >= 0 else { throw .unreadable(path, errno) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw .unreadable(path, EISDIR) }
    }

    deinit {
        if ownsDescriptor, descriptor >= 0 { close(descriptor) }
    }

    /// The first bytes, uncompressed; they stay to be read.
    ///
    /// Fewer than asked for at the end of the file.
    ///
    /// - Throws: `unreadable`.
    package func peek(_ count: Int) throws(CaptureFileError) -> [UInt8] {
        try fillPeeked(to: max(count, 2))
        if inflater == nil, peeked.starts(with: [0x1F, 0x8B]) {
            guard let inflater = GzipInflater(compressed: peeked) else {
                throw .unreadable(path, ENOMEM)
            }
            self.inflater = inflater
            (peeked, peekedTaken) = ([], 0)
            try fillPeeked(to: count)
        }
        return Array(peeked.prefix(count))
    }

    private func fillPeeked(to count: Int) throws(CaptureFileError) {
        while peeked.count < count {
            var chunk = [UInt8](repeating: 0, count: count - peeked.count)
            let length = chunk.withUnsafeMutableBytes { fill($0) }
            guard length >= 0 else { throw .unreadable(path, errno) }
            if length == 0 { break }
            peeked += chunk.prefix(length)
        }
    }

    /// Fills the start of a buffer with the next bytes.
    ///
    /// - Returns: how many; 0 at the end or where the bytes cannot be had: see `failure`.
    package func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        if peekedTaken < peeked.count {
            let length = min(buffer.count, peeked.count - peekedTaken)
            buffer.copyBytes(from: peeked[peekedTaken..<peekedTaken + length])
            peekedTaken += length
            return length
        }
        let length = fill(buffer)
        if length < 0 { failure = "reading fails: \(String(cString: strerror(errno)))" }
        return max(0, length)
    }

    private func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let inflater else { return readFile(into: buffer) }
        let length = inflater.read(into: buffer) { self.readFile(into: $0) }
        if let reason = inflater.failure { failure = reason }
        return length
    }

    private func readFile(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let length = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if length < 0, errno == EINTR { continue }
            if length > 0 { bytesRead &+= length }
            return length
        }
    }
}

extension CaptureFileError {
    fileprivate static func unreadable(_ path: String, _ number: CInt) -> CaptureFileError {
        let mend =
            switch number {
            case ENOENT: "check the path"
            case EISDIR: "name the capture files in it"
            case EACCES: "captures made as root need chmod or sudo to be read"
            default: "check the file and the disk"
            }
        return CaptureFileError(
            number == ENOENT || number == ENOTDIR ? .missing : .unreadable, path: path, what: "cannot be read",
            why: String(cString: strerror(number)), mend: mend)
    }
}
