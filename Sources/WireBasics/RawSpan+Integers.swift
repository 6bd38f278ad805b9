// Reading integers in network order where they lie. Every read is bounds-checked: an offset that is out of range is a
// mistake of ours and traps, so callers compare with `byteCount` first, which is what a decoder does anyway.

extension RawSpan {
    /// The byte at that offset.
    @inlinable @inline(__always)
    package func byte(at offset: Int) -> UInt8 {
        unsafeLoadUnaligned(checked: offset, as: UInt8.self)
    }

    /// Two bytes, most significant first.
    @inlinable @inline(__always)
    package func uint16(at offset: Int) -> UInt16 {
        UInt16(bigEndian: unsafeLoadUnaligned(checked: offset, as: UInt16.self))
    }

    /// Four bytes, most significant first.
    @inlinable @inline(__always)
    package func uint32(at offset: Int) -> UInt32 {
        UInt32(bigEndian: unsafeLoadUnaligned(checked: offset, as: UInt32.self))
    }

    /// Eight bytes, most significant first.
    @inlinable @inline(__always)
    package func uint64(at offset: Int) -> UInt64 {
        UInt64(bigEndian: unsafeLoadUnaligned(checked: offset, as: UInt64.self))
    }

    /// The offset of the first byte of that value from `start` on; `byteCount` where there is none.
    package func firstOffset(of byte: UInt8, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var offset = start
        while offset + 8 <= byteCount {
            // Where the byte stands there is a zero now; only below a zero can the subtraction carry into a top bit.
            let rest =
                UInt64(littleEndian: unsafeLoadUnaligned(checked: offset, as: UInt64.self)) ^ ones &* UInt64(byte)
            let found = (rest &- ones) & ~rest & (ones << 7)
            if found != 0 { return offset + found.trailingZeroBitCount / 8 }
            offset += 8
        }
        while offset < byteCount, self.byte(at: offset) != byte { offset += 1 }
        return offset
    }

    /// The bytes copied out.
    package var copied: [UInt8] {
        withUnsafeBytes { Array($0) }
    }

    @inlinable @inline(__always)
    package func unsafeLoadUnaligned<T: BitwiseCopyable>(checked offset: Int, as type: T.Type) -> T {
        // `unsafeLoadUnaligned(fromByteOffset:)` checks the bounds of the span; "unsafe" is about the bit pattern,
        // and every bit pattern is an integer.
        unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }
}
