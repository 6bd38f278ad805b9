import TCPReassembly
import WireBasics

/// The body of a direction's first close frame: a status code and a reason (RFC 6455 §5.5.1).
struct CloseBody {
    private var bytes: [UInt8] = []

    private static let longestControlPayload = 125

    /// Takes unmasked payload, as much of it as a close frame may have.
    mutating func receive(_ payload: RawSpan) {
        bytes.appendPrefix(of: payload, upTo: Self.longestControlPayload)
    }

    /// What the frame says, and what is wrong with it; nil where a hole hides the code.
    func read(
        _ header: FrameHeader, isWhole: Bool, by party: Party, at mark: PacketMark, into record: inout TunnelRecord
    ) -> CloseRecord? {
        var code: Int?
        if bytes.count >= 2 {
            let number = Int(bytes[0]) << 8 | Int(bytes[1])
            code = number
            if let objection = CloseCode(rawValue: number).objection {
                record.add(.closeCode, by: party, at: mark, "close code \(number) must not be sent: \(objection)")
            }
        } else if !isWhole {
            return nil
        } else if bytes.count == 1 {
            record.add(.closeLength, by: party, at: mark)
        }
        let reason = bytes.dropFirst(2)
        // Of a close frame that is too long only the start is kept, which may end inside a character.
        let isCut = !isWhole || header.payloadLength > UInt64(Self.longestControlPayload)
        var utf8 = UTF8Check()
        utf8.receive(Array(reason).span.bytes)
        if utf8.hasFailed || (!utf8.isValid && !isCut) {
            record.add(.closeReason, by: party, at: mark)
        }
        return CloseRecord(code: code, reason: String(decoding: reason, as: UTF8.self), mark: mark)
    }
}
