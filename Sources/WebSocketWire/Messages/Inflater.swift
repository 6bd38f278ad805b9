import CZlib
import WireBasics

/// Inflates the messages of one direction (RFC 7692 §7.2.2).
///
/// Shape: bytes in, bytes out in blocks of at most `blockLength`; nothing else is kept but zlib's window. The window is
/// always the largest one: what was agreed limits the sender, and `WindowCheck` looks at that; reading with a smaller one
/// would make the result depend on how the bytes are cut.
final class Inflater {
    enum Result {
        case good
        /// The data is no DEFLATE.
        case invalid
        /// The consumer asked to stop.
        case stopped
    }

    private static let blockLength = 16_384
    private static let windowBits: Int32 = 15
    private static let windowLength = 32_768

    private let stream: UnsafeMutablePointer<z_stream>
    private let blockLength: Int
    private let isReady: Bool
    /// Whether a block with BFINAL ended and another byte of the message may start a new one (RFC 7692 §7.2.3.4).
    private var hasEnded = false

    init(blockLength: Int = Inflater.blockLength, windowBits: Int32 = Inflater.windowBits) {
        // zlib keeps a pointer to the stream inside its state, so that it must not move.
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        self.blockLength = blockLength
        isReady = wsreplay_inflate_init(stream, -windowBits) == Z_OK
    }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// Forgets the window: no context takeover.
    func reset() {
        if isReady { inflateReset(stream) }
        hasEnded = false
    }

    /// Inflates more bytes of a message; `body` gets what comes out and says whether to go on.
    func inflate(_ bytes: RawSpan, _ body: (RawSpan) -> Bool) -> Result {
        guard isReady else { return .invalid }
        return bytes.withUnsafeBytes { input in
            // zlib takes 32-bit counts; a packet is never that long, a held body could be.
            var start = 0
            while start < input.count {
                let end = min(input.count, start + Int(Int32.max))
                let result = inflate(UnsafeRawBufferPointer(rebasing: input[start..<end]), body)
                guard case .good = result else { return result }
                start = end
            }
            return .good
        }
    }

    /// Ends a message with the four bytes that its sender left out; the data must end at the boundary of a block.
    ///
    /// - Returns: the result and whether the boundary was right.
    func endMessage(_ body: (RawSpan) -> Bool) -> (result: Result, isAtBoundary: Bool) {
        // A last block that nothing follows: its sender forgot the empty one that the tail completes.
        guard !hasEnded else { return (.good, false) }
        let tail: InlineArray<4, UInt8> = [0x00, 0x00, 0xFF, 0xFF]
        let result = inflate(tail.span.bytes, body)
        // Bit 7: between blocks. Bits 0 to 5: unused bits of the last byte.
        return (result, stream.pointee.data_type & 128 != 0 && stream.pointee.data_type & 63 == 0)
    }

    private func inflate(_ input: UnsafeRawBufferPointer, _ body: (RawSpan) -> Bool) -> Result {
        guard let address = input.baseAddress else { return .good }
        // Not kept with the stream: with thousands of sessions open, a block for each would be most of the memory.
        return withUnsafeTemporaryAllocation(byteCount: blockLength, alignment: 16) { output in
            inflate(address, input.count, through: output, body)
        }
    }

    private func inflate(
        _ address: UnsafeRawPointer, _ count: Int, through output: UnsafeMutableRawBufferPointer,
        _ body: (RawSpan) -> Bool
    ) -> Result {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: address.assumingMemoryBound(to: Bytef.self))
        stream.pointee.avail_in = uInt(count)
        repeat {
            if hasEnded, !goOnBehindFinalBlock() { return .invalid }
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: Bytef.self)
            stream.pointee.avail_out = uInt(output.count)
            let status = CZlib.inflate(stream, Z_NO_FLUSH)
            let produced = output.count - Int(stream.pointee.avail_out)
            if produced > 0, !body(UnsafeRawBufferPointer(rebasing: output[0..<produced]).bytes) { return .stopped }
            switch status {
            case Z_OK, Z_BUF_ERROR: break
            case Z_STREAM_END: hasEnded = true
            default: return .invalid
            }
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
        return .good
    }

    /// Starts the next block with the window of the one that said it was the last.
    private func goOnBehindFinalBlock() -> Bool {
        hasEnded = false
        return withUnsafeTemporaryAllocation(byteCount: Self.windowLength, alignment: 1) { window in
            let address = window.baseAddress?.assumingMemoryBound(to: Bytef.self)
            var length: uInt = 0
            guard inflateGetDictionary(stream, address, &length) == Z_OK, inflateReset(stream) == Z_OK else {
                return false
            }
            return inflateSetDictionary(stream, address, length) == Z_OK
        }
    }
}
