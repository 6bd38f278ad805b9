import TCPReassembly
import WireBasics

/// What missing bytes did to one direction of a tunnel, and the search for the next frame.
///
/// A class, so that a direction without a hole is small; it belongs to one reader and is never shared.
final class HoleRecord {
    /// Payload bytes of the current frame that are missing.
    var missingOfFrame = 0
    /// Captured bytes of frames that end in a hole.
    var abandonedBytes = 0
    /// Bytes between a hole and the frame at which the reading goes on.
    var passedOver = 0
    /// The packet behind the last hole across which frames could not be followed; nil where there was none before it.
    var lostAt: PacketMark?
    /// There while frames are looked for.
    var search: BoundarySearch?

    private var partial = Counted()
    private var partialBytes = 0
    private var resumed = Counted()
    private var evidence = ""

    /// How often something happened, and where it did first.
    private struct Counted {
        var count = 0
        var packet = 0

        mutating func add(_ mark: PacketMark) {
            if count == 0 { packet = mark.packet }
            count += 1
        }
    }

    /// Where the reading first went on, and why; nil where it never had to.
    var firstResumption: (packet: Int, evidence: String)? {
        resumed.count > 0 ? (resumed.packet, evidence) : nil
    }

    /// Payload bytes of the current frame are missing; where it ends is known.
    func losePayload(_ count: Int, at mark: PacketMark) {
        if missingOfFrame == 0 { partial.add(mark) }
        missingOfFrame += count
        partialBytes &+= count
    }

    /// The reading goes on.
    func resume(_ found: BoundaryFound, at mark: PacketMark) {
        if resumed.count == 0 { evidence = found.sentence }
        resumed.add(mark)
        passedOver += search?.passedOver ?? 0
        search = nil
    }

    /// Writes down what the transcript does not hold and why it holds what it does.
    ///
    /// `unreadBytes` are those for which no frame was found, to the very end.
    func report(of party: Party, unreadBytes: Int, at last: PacketMark, into record: inout TunnelRecord) {
        if partial.count > 0 {
            let frames = partial.count == 1 ? "a frame of" : "\(partial.count) frames of"
            record.lose(
                .framePartial, of: party, packet: partial.packet,
                "\(partialBytes) bytes inside \(frames) the \(party.rawValue) are not in the capture; the length in the "
                    + "header says where such a frame ends, so that the next one is certain")
        }
        if resumed.count > 0 {
            let passed = passedOver > 0 ? ", \(passedOver) bytes before are passed over" : ""
            let more = resumed.count > 1 ? "; and likewise \(resumed.count - 1) more times" : ""
            record.lose(
                .resynchronised, of: party, packet: resumed.packet,
                "frames of the \(party.rawValue) are read from here on\(passed): \(evidence)\(more)")
        }
        if unreadBytes > 0 {
            record.lose(
                .boundaryUnknown, of: party, packet: lostAt?.packet ?? last.packet,
                "\(unreadBytes) bytes of the \(party.rawValue) are not read: not enough tells where among them a frame "
                    + "begins")
        }
    }
}
