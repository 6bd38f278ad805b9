/// Gathers the bytes of a report into pieces of useful size and hands them on.
struct ByteSink {
    private var buffer: [UInt8] = []
    private let consume: ([UInt8]) -> Void

    /// Big enough for few calls, small enough that a large report never lies in memory as a whole.
    private static let pieceSize = 1 << 16

    init(_ consume: @escaping ([UInt8]) -> Void) {
        self.consume = consume
        buffer.reserveCapacity(Self.pieceSize + 4096)
    }

    mutating func append(_ byte: UInt8) {
        buffer.append(byte)
        if buffer.count >= Self.pieceSize { flush() }
    }

    mutating func append(_ bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.pieceSize { flush() }
    }

    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { buffer.append(contentsOf: $0) }
        if buffer.count >= Self.pieceSize { flush() }
    }

    /// The same byte, that many times.
    mutating func append(_ byte: UInt8, count: Int) {
        for _ in 0..<max(0, count) { append(byte) }
    }

    /// Hands on what is gathered; to be called once at the end.
    mutating func flush() {
        guard !buffer.isEmpty else { return }
        consume(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
