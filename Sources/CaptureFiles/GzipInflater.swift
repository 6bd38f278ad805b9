import CZlib

/// Uncompresses gzip (RFC 1952) as bytes come, one member after the other.
final class GzipInflater {
    /// Why there are no more bytes although the compressed ones do not end properly.
    private(set) var failure: String?

    private var stream = z_stream()
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    private var atMemberEnd = false
    private var isPadded = false
    private var isDone = false
    /// gzip's window of 32 KiB, and 16 more to say that a gzip header is expected (zlib.h, `inflateInit2`).
    private static let gzipOnly: CInt = 15 + 16

    /// An inflater that starts with compressed bytes already read; nil when zlib has no memory.
    init?(compressed start: [UInt8]) {
        guard start.count <= input.count, wsreplay_inflate_init(&stream, Self.gzipOnly) == Z_OK else { return nil }
        input.copyBytes(from: start)
        stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_in = UInt32(start.count)
    }

    deinit {
        inflateEnd(&stream)
        input.deallocate()
    }

    /// Fills the start of a buffer; `more` reads compressed bytes: how many, 0 at the end, less on errors.
    ///
    /// - Returns: how many bytes; 0 at the end or at a failure, less than 0 when `more` failed.
    func read(into buffer: UnsafeMutableRawBufferPointer, more: (UnsafeMutableRawBufferPointer) -> Int) -> Int {
        let wanted = min(buffer.count, Int(CInt.max))
        guard !isDone, wanted > 0 else { return 0 }
        stream.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(wanted)
        while stream.avail_out == UInt32(wanted), !isDone {
            if stream.avail_in == 0 {
                let length = more(input)
                guard length > 0 else {
                    isDone = true
                    if length == 0, !atMemberEnd { failure = "the gzip data ends in the middle" }
                    return min(0, length)
                }
                stream.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                stream.avail_in = UInt32(length)
            }
            if atMemberEnd { startNextMember() } else { step() }
        }
        return wanted - Int(stream.avail_out)
    }

    private func step() {
        switch inflate(&stream, Z_NO_FLUSH) {
        case Z_OK, Z_BUF_ERROR: break
        case Z_STREAM_END: atMemberEnd = true
        default:
            isDone = true
            failure = "the gzip data is damaged" + (stream.msg.map { ": " + String(cString: $0) } ?? "")
        }
    }

    /// Members follow each other; zeros after one are padding, as tapes and some copies leave it.
    ///
    /// Anything else may be packets that nobody uncompresses (`cat a.pcap.gz b.pcap`): no proper end.
    private func startNextMember() {
        while stream.avail_in > 0, stream.next_in?.pointee == 0 {
            stream.next_in = stream.next_in?.advanced(by: 1)
            stream.avail_in -= 1
            isPadded = true
        }
        guard stream.avail_in > 0 else { return }
        guard !isPadded, stream.next_in?.pointee == 0x1F, inflateReset(&stream) == Z_OK else {
            isDone = true
            failure = "what follows the gzip data is something else"
            return
        }
        atMemberEnd = false
    }
}
