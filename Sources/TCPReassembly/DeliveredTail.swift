import WireBasics

/// The bytes of a direction that were delivered last, to compare what comes again with them.
///
/// Shape: pieces in order, at most `limit` bytes; offsets are those of the stream.
struct DeliveredTail {
    private struct Piece {
        var offset: Int
        var bytes: [UInt8]
        var mark: PacketMark
    }

    private let limit: Int
    private var pieces: [Piece] = []
    private var count = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Takes bytes that were delivered at that offset.
    mutating func append(_ bytes: RawSpan, at offset: Int, _ mark: PacketMark) {
        guard !bytes.isEmpty else { return }
        let kept = bytes.extracting(max(0, bytes.byteCount - limit)..<bytes.byteCount)
        pieces.append(Piece(offset: offset + bytes.byteCount - kept.byteCount, bytes: kept.copied, mark: mark))
        count += kept.byteCount
        var surplus = 0
        while surplus < pieces.count, count - pieces[surplus].bytes.count >= limit {
            count -= pieces[surplus].bytes.count
            surplus += 1
        }
        pieces.removeFirst(surplus)
    }

    /// Where bytes that come again at that offset are not those that were delivered.
    func conflicts(with bytes: RawSpan, at offset: Int) -> [HeldSegments.Conflict] {
        pieces.compactMap { piece in
            let overlap =
                max(
                    piece.offset, offset)..<max(
                    piece.offset, offset, min(piece.offset + piece.bytes.count, offset + bytes.byteCount))
            let different = overlap.filter { piece.bytes[$0 - piece.offset] != bytes.byte(at: $0 - offset) }
            guard let first = different.first else { return nil }
            return HeldSegments.Conflict(
                mark: piece.mark, offset: first - offset, repeated: overlap.count, different: different.count)
        }
    }
}
