import WireBasics

/// Masking of payload data (RFC 6455 §5.3).
package enum Masking {
    /// Whether the bits that some keys set between them are as many as keys set that nobody can foresee: of 32 bits, four
    /// such keys leave more than 8 unset in less than one case of a thousand.
    package static func vary(_ keys: UInt32) -> Bool { keys.nonzeroBitCount >= 24 }

    /// How many bytes are unmasked at a time, on the stack.
    private static let blockLength = 1024

    /// Hands the payload bytes of that range on unmasked, in blocks; `position` is where in the payload they start.
    ///
    /// Shape: unmasked payload is handed on where it lies, masked payload through a block on the stack.
    @inline(__always)
    package static func unmasked(
        _ bytes: RawSpan, _ range: Range<Int>, key: UInt32, position: UInt64, _ body: (RawSpan) -> Void
    ) {
        guard key != 0 else {
            body(bytes.extracting(range))
            return
        }
        // The key turned so that its lowest byte masks the first byte of the range. A block is a multiple of 4 long, so
        // one turn serves all blocks.
        let turn = UInt32(truncatingIfNeeded: position & 3) * 8
        let turned = turn == 0 ? key : key >> turn | key << (32 - turn)
        withUnsafeTemporaryAllocation(byteCount: blockLength, alignment: 8) { block in
            var start = range.lowerBound
            while start < range.upperBound {
                let end = min(start + blockLength, range.upperBound)
                unmask(bytes, start..<end, key: turned, into: block)
                body(UnsafeRawBufferPointer(rebasing: block[0..<end - start]).bytes)
                start = end
            }
        }
    }

    /// Eight bytes at a time; `block` is at least as long as the range.
    ///
    /// The bounds are looked at once, by `extracting`, so that the compiler can turn the loop into vector instructions.
    @inline(__always)
    private static func unmask(
        _ bytes: RawSpan, _ range: Range<Int>, key: UInt32, into block: UnsafeMutableRawBufferPointer
    ) {
        let wide = (UInt64(key) << 32 | UInt64(key)).littleEndian
        bytes.extracting(range).withUnsafeBytes { source in
            let words = source.count / 8
            for word in 0..<words {
                let masked = source.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self)
                block.storeBytes(of: masked ^ wide, toByteOffset: word &* 8, as: UInt64.self)
            }
            var rest = key
            for index in words &* 8..<source.count {
                block[index] = source[index] ^ UInt8(truncatingIfNeeded: rest)
                rest = rest >> 8 | rest << 24
            }
        }
    }
}
