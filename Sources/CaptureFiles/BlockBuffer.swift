import WireBasics

/// Bytes of a file, as many at a time as a block needs; blocks are looked at where they lie.
///
/// Invariant: `start...end` lies within the storage, `taken` within `start...end`.
final class BlockBuffer {
    private let source: CaptureBytes
    private var storage: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0
    /// Length of the block that was taken and is still being looked at.
    private var taken = 0

    init(_ source: CaptureBytes) {
        self.source = source
        storage = .allocate(byteCount: 1 << 18, alignment: 16)
    }

    deinit {
        storage.deallocate()
    }

    /// Makes the next `count` bytes available from offset 0.
    ///
    /// - Returns: `count`, or how many there are before the end of the file.
    func fill(_ count: Int) -> Int {
        if end - start >= count { return count }
        if start > 0 {
            storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[start..<end]))
            (start, end) = (0, end - start)
        }
        if count > storage.count { grow(to: count) }
        while end < count {
            let length = source.read(into: UnsafeMutableRawBufferPointer(rebasing: storage[end...]))
            if length == 0 { break }
            end += length
        }
        return min(count, end)
    }

    private func grow(to count: Int) {
        // Doubling as bytes come in would spare memory when a length is a lie; block lengths are limited instead.
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: max(count, storage.count * 2), alignment: 16)
        larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[..<end]))
        storage.deallocate()
        storage = larger
    }

    /// Marks the first bytes as a block, to be dropped before the next one.
    func take(_ count: Int) {
        taken = min(count, end - start)
    }

    /// Drops the block that was taken.
    func drop() {
        start += taken
        taken = 0
    }

    /// Drops bytes that nobody wants to see; false when the file ends before.
    func skip(_ count: Int) -> Bool {
        var left = count
        while left > end - start {
            left -= end - start
            start = end
            guard fill(min(left, storage.count)) > 0 else { return false }
        }
        start += left
        return true
    }

    /// Hands bytes of the block on where they lie.
    func withBytes(_ range: Range<Int>, _ body: (RawSpan) -> Void) {
        body(UnsafeRawBufferPointer(rebasing: storage[start + range.lowerBound..<start + range.upperBound]).bytes)
    }

    func byte(at offset: Int) -> UInt8 {
        storage[start + offset]
    }

    func uint16(at offset: Int, bigEndian: Bool) -> UInt16 {
        let value = storage.loadUnaligned(fromByteOffset: start + offset, as: UInt16.self)
        return bigEndian ? UInt16(bigEndian: value) : UInt16(littleEndian: value)
    }

    func uint32(at offset: Int, bigEndian: Bool) -> UInt32 {
        let value = storage.loadUnaligned(fromByteOffset: start + offset, as: UInt32.self)
        return bigEndian ? UInt32(bigEndian: value) : UInt32(littleEndian: value)
    }

    func uint64(at offset: Int, bigEndian: Bool) -> UInt64 {
        let value = storage.loadUnaligned(fromByteOffset: start + offset, as: UInt64.self)
        return bigEndian ? UInt64(bigEndian: value) : UInt64(littleEndian: value)
    }
}
