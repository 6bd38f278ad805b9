import HTTPWire
import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// Facts of a captured exchange that every format shows in its lines.
struct SessionFacts {
    let transcript: SessionTranscript

    init(_ transcript: SessionTranscript) {
        self.transcript = transcript
    }

    /// `a.test/chat`: host and target, credentials hidden.
    ///
    /// - Parameter isShort: leaves out the query, for where there is little room.
    func destination(_ redaction: Redaction, isShort: Bool = false) -> String {
        let head = transcript.request.head
        let path = head.target.bytes.prefix { $0 != UInt8(ascii: "?") }
        let hasQuery = isShort && path.count < head.target.count
        let target = hasQuery ? redaction.show(Array(path)) + "?…" : redaction.show(head.target.bytes)
        guard head.target.hasPrefix("/") || head.target == "*" else { return target }
        let host = head.headers.first("Host").map { redaction.show($0.bytes) }
        return (host ?? transcript.server.description) + target
    }

    /// The last instant that the capture knows of.
    var end: CaptureInstant {
        let known = [
            transcript.response?.last.instant, transcript.tunnel?.lastByte, transcript.ending.at,
            transcript.request.last.instant,
        ]
        return known.compactMap { $0 }.max() ?? transcript.request.last.instant
    }

    /// From the first byte of the request to the end.
    var duration: TimeSpan {
        max(.zero, end - transcript.request.first.instant)
    }

    /// Complete frames of both directions.
    var frames: Int {
        guard let tunnel = transcript.tunnel else { return 0 }
        return tunnel.client.frames + tunnel.server.frames
    }

    /// The first and the last packet that the transcript names.
    var packets: ClosedRange<Int> {
        var marks = [transcript.connected.packet, transcript.request.first.packet, transcript.request.last.packet]
        if let response = transcript.response { marks += [response.first.packet, response.last.packet] }
        marks += transcript.tunnel?.frames.map(\.mark.packet) ?? []
        marks += [transcript.tunnel?.client.close, transcript.tunnel?.server.close].compactMap { $0?.mark.packet }
        marks += transcript.violations.map(\.packet)
        return (marks.min() ?? 0)...(marks.max() ?? 0)
    }

    /// Selects the connection in Wireshark.
    var wiresharkFilter: String { "tcp.stream == \(transcript.tcpStream)" }

    /// How the connection ended: `closed by the client, 1000 / 1000, FIN by the client`.
    var closing: String {
        guard let tunnel = transcript.tunnel else { return Self.tcp(transcript.ending) }
        let frames = [("client", tunnel.client.close), ("server", tunnel.server.close)].compactMap { name, close in
            close.map { "\(name) \($0.code.map(String.init) ?? "without code")" }
        }
        let closeFrames = frames.isEmpty ? "no close frame" : "close frames: " + frames.joined(separator: ", ")
        return closeFrames + "; " + Self.tcp(transcript.ending)
    }

    /// `TCP FIN by the client`.
    static func tcp(_ ending: ConnectionEnding) -> String {
        let by = ending.by.map { " by the \($0.rawValue)" } ?? ""
        switch ending.how {
        case .fin: return "TCP FIN" + by
        case .rst: return "TCP RST" + by
        case .open: return "connection open at the end of the capture"
        }
    }
}

extension FrameRecord {
    /// `text`, `binary`, … or the number of a reserved opcode.
    var opcodeName: String { Self.name(ofOpcode: opcode) }

    /// The name of an opcode (RFC 6455 §11.8).
    static func name(ofOpcode opcode: UInt8) -> String {
        switch opcode {
        case 0: "continuation"
        case 1: "text"
        case 2: "binary"
        case 8: "close"
        case 9: "ping"
        case 10: "pong"
        default: "opcode \(opcode)"
        }
    }
}
