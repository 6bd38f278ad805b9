import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// Puts frames beside the messages that they make up.
struct FrameListing {
    /// A frame, or a message that is not one frame.
    struct Line {
        /// Since the first byte of the request; nil for a message.
        var instant: TimeSpan?
        /// With its file where that is not the session's; empty for a message.
        var packet: String
        var party: Party
        /// `text`, `close`; `text 1…`, `…2…`, `…3` of a message in three frames, and `= text` for the whole of it.
        var what: String
        /// Bytes on the wire; `62 in 46` where they were 62 before compression.
        var length: String
        /// The bytes that are shown, and how many they are the start of.
        var preview: [UInt8]
        var contentLength: Int
        var opcode: UInt8
        var isCompressed: Bool
    }

    /// A message whose last frame has not come.
    private struct Open {
        var opcode: UInt8
        var isCompressed: Bool
        var parts: Int
    }

    private let packets: PacketPlaces.SessionPackets
    private let start: CaptureInstant
    private let isDeflateInUse: Bool
    private var open: [Party: Open] = [:]
    private var messages: [Party: ArraySlice<MessageRecord>] = [:]

    /// The frames of a tunnel; times are those since `start`.
    init(
        _ tunnel: TunnelTranscript, since start: CaptureInstant, _ packets: PacketPlaces.SessionPackets,
        isDeflateInUse: Bool
    ) {
        self.start = start
        self.packets = packets
        self.isDeflateInUse = isDeflateInUse
        for party in Party.allCases { messages[party] = tunnel.messages.filter { $0.party == party }[...] }
    }

    /// The line of a frame, and behind the last of several that of their message.
    mutating func lines(for frame: FrameRecord) -> [Line] {
        var line = Line(
            instant: frame.mark.instant - start, packet: packets.place(frame.mark.packet).number, party: frame.party,
            what: frame.opcodeName,
            length: Quantity.grouped(frame.length), preview: frame.preview, contentLength: frame.length,
            opcode: frame.opcode, isCompressed: false)
        guard frame.opcode <= 2 else {
            line.what += flags(frame, rsv1: frame.rsv1)
            line.isCompressed = frame.rsv1
            return [line]
        }
        if frame.opcode > 0 { open[frame.party] = Open(opcode: frame.opcode, isCompressed: frame.rsv1, parts: 0) }
        // A continuation of nothing: the violation says so.
        guard var message = open[frame.party] else { return [line] }
        message.parts += 1
        open[frame.party] = frame.fin ? nil : message
        line.opcode = message.opcode
        line.isCompressed = message.isCompressed
        let record = frame.fin ? takeMessage(endedBy: frame) : nil
        let isOneFrame = frame.fin && message.parts == 1
        let name = frame.opcode > 0 ? frame.opcodeName + (isOneFrame ? "" : " ") : "  …"
        line.what =
            name + (isOneFrame ? "" : "\(message.parts)") + (frame.fin ? "" : "…")
            + flags(frame, rsv1: frame.rsv1 && !isDeflateInUse)
        guard let record else { return [line] }
        if isOneFrame {
            guard record.compressed, record.isDecoded else { return [line] }
            line.length = "\(Quantity.grouped(record.length)) in \(line.length)"
            (line.preview, line.contentLength, line.isCompressed) = (record.preview, record.length, false)
            return [line]
        }
        guard record.isDecoded else { return [line] }
        var whole = line
        (whole.instant, whole.packet) = (nil, "")
        whole.what = "= \(FrameRecord.name(ofOpcode: record.opcode))"
        whole.length = Quantity.grouped(record.length)
        (whole.preview, whole.contentLength, whole.isCompressed) = (record.preview, record.length, false)
        return [line, whole]
    }

    /// The message whose last frame that is; nil where it was not kept.
    private mutating func takeMessage(endedBy frame: FrameRecord) -> MessageRecord? {
        guard let next = messages[frame.party]?.first, next.mark == frame.mark else { return nil }
        return messages[frame.party]?.popFirst()
    }

    /// What else is to be said of a frame: reserved bits that no agreement explains, and bytes that are not there.
    private func flags(_ frame: FrameRecord, rsv1: Bool) -> String {
        [(rsv1, "rsv1"), (frame.rsv2, "rsv2"), (frame.rsv3, "rsv3")].filter(\.0).map { " " + $0.1 }.joined()
            + (frame.missing.map { " \(Quantity.grouped($0)) missing" } ?? "")
    }
}
