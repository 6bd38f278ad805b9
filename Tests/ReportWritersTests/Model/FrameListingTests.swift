import TCPReassembly
import Testing
import Verdicts
import WebSocketWire
import WireBasics

@testable import ReportWriters

@Suite struct FrameListingTests {
    private static let mark = SampleTranscripts.mark(1, 0)

    private func frame(
        _ opcode: UInt8, _ text: String, fin: Bool = true, rsv1: Bool = false, party: Party = .client
    ) -> FrameRecord {
        FrameRecord(
            party: party, fin: fin, rsv1: rsv1, rsv2: false, rsv3: false, opcode: opcode, masked: party == .client,
            length: text.utf8.count, sha256: nil, preview: Array(text.utf8), mark: Self.mark)
    }

    private func message(
        _ opcode: UInt8, _ text: String, compressed: Bool = false, isDecoded: Bool = true, party: Party = .client
    ) -> MessageRecord {
        MessageRecord(
            party: party, opcode: opcode, length: text.utf8.count, sha256: nil, preview: Array(text.utf8),
            compressed: compressed, isDecoded: isDecoded, mark: Self.mark)
    }

    /// What, how long and with which content, of every line.
    private func lines(_ frames: [FrameRecord], _ messages: [MessageRecord], deflate: Bool = false) -> [String] {
        var tunnel = TunnelTranscript(opened: Self.mark.instant)
        tunnel.messages = messages
        var listing = FrameListing(
            tunnel, since: Self.mark.instant, PacketPlaces([]).packets(of: SessionID(file: "a", number: 1)),
            isDeflateInUse: deflate)
        return frames.flatMap { listing.lines(for: $0) }
            .map { "\($0.what)|\($0.length)|\(String(decoding: $0.preview, as: UTF8.self))" }
    }

    @Test("a message in one frame is that frame")
    func oneFrame() {
        #expect(lines([frame(1, "hi"), frame(9, "p")], [message(1, "hi")]) == ["text|2|hi", "ping|1|p"])
    }

    @Test("a message in several frames follows the last of them, also with a control frame and the other end between")
    func fragments() {
        let frames = [
            frame(1, "a", fin: false), frame(9, ""), frame(2, "z", party: .server), frame(0, "b", fin: false),
            frame(0, "c"),
        ]
        #expect(
            lines(frames, [message(2, "z", party: .server), message(1, "abc")]) == [
                "text 1…|1|a", "ping|0|", "binary|1|z", "  …2…|1|b", "  …3|1|c", "= text|3|abc",
            ])
    }

    @Test("a compressed message is shown as it was before, with both lengths")
    func compressed() {
        #expect(
            lines([frame(1, "xx", rsv1: true)], [message(1, "hello", compressed: true)], deflate: true)
                == ["text|5 in 2|hello"])
        let parts = [frame(1, "x", fin: false, rsv1: true), frame(0, "y")]
        #expect(
            lines(parts, [message(1, "hello", compressed: true)], deflate: true)
                == ["text 1…|1|x", "  …2|1|y", "= text|5|hello"])
    }

    @Test("what could not be inflated is shown as it is on the wire")
    func notDecoded() {
        let broken = message(1, "", compressed: true, isDecoded: false)
        #expect(lines([frame(1, "xx", rsv1: true)], [broken], deflate: true) == ["text|2|xx"])
        #expect(lines([frame(1, "xx", rsv1: true)], [], deflate: false) == ["text rsv1|2|xx"])
    }

    @Test("a continuation of nothing takes no message from the next one")
    func stray() {
        #expect(
            lines([frame(0, "?"), frame(1, "hi")], [message(1, "hi")]) == ["continuation|1|?", "text|2|hi"])
    }

    @Test("binary data is shown in hexadecimal and ASCII, as much of it as fits")
    func hexDump() {
        let redaction = Redaction(SecretCollector(), ReportOptions())
        #expect(HexDump.line([0x48, 0x69, 0x00], of: 3, room: 40, redaction) == "48 69 00  Hi.")
        #expect(HexDump.line(Array(repeating: 0x41, count: 64), of: 64, room: 18, redaction) == "41 41 41 41… AAAA")
    }
}
