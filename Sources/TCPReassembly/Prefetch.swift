import CPrefetch

/// Asks the processor for memory that is needed soon.
///
/// With thousands of connections open, each packet touches state that was last touched thousands of packets ago, and most
/// of the time goes into waiting for it, line by line. Asked for ahead, for several packets, the lines come together.
/// It changes no result: nothing is read, and an address that is wrong costs a little time.
enum Prefetch {
    private static let lineLength = 64

    /// Asks for the lines of that many bytes.
    @inline(__always)
    static func request(_ address: UnsafeRawPointer, length: Int) {
        for offset in stride(from: 0, to: length, by: lineLength) { wsreplay_prefetch(address + offset) }
    }

    /// Asks for an element of an array; an index outside of it asks for nothing.
    @inline(__always)
    static func request<Element>(_ index: Int, of array: [Element]) {
        array.withUnsafeBufferPointer { elements in
            guard let start = elements.baseAddress, elements.indices.contains(index) else { return }
            request(start + index, length: MemoryLayout<Element>.stride)
        }
    }
}
