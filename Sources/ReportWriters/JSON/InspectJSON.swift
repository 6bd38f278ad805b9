import HTTPWire
import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// `wsreplay.inspect/1`: what captures hold, as a JSON object without its `schema`.
enum InspectJSON {
    static func object(_ report: InspectReport, listsFrames: Bool) -> JSONValue {
        let places = PacketPlaces(report.captures.map(\.summary))
        return [
            "captures": .array(
                report.captures.enumerated().map { index, item in
                    capture(item, places, places.packets(ofCapture: index), listsFrames: listsFrames)
                }),
            "findings": .list(report.findings, RunJSON.finding),
        ]
    }

    private static func capture(
        _ capture: InspectedCapture, _ places: PacketPlaces, _ own: PacketPlaces.SessionPackets, listsFrames: Bool
    ) -> JSONValue {
        RunJSON.capture(capture.summary).merging([
            "ledger": ["packets": counts(capture.ledger.packets), "bytes": counts(capture.ledger.bytes)],
            "sessions": .list(capture.sessions) { session($0, places.packets(of: $0.id), listsFrames: listsFrames) },
            "tunnels": .list(capture.tunnels) { tunnel($0, own, listsFrames: listsFrames) },
        ]).merging(RunJSON.filter(capture.selection))
    }

    /// A name given twice would be two equal keys, which readers resolve differently: they are added up.
    private static func counts(_ counts: [NamedCount]) -> JSONValue {
        var sums: [String: Int] = [:]
        for count in counts { sums[count.name] = (sums[count.name] ?? 0).addingReportingOverflow(count.count).0 }
        return .object(sums.map { (key: $0.key, value: .int($0.value)) })
    }

    private static func session(
        _ session: InspectedSession, _ packets: PacketPlaces.SessionPackets, listsFrames: Bool
    ) -> JSONValue {
        let transcript = session.transcript
        let handshake = HandshakeSummary(transcript)
        let content: JSONValue = [
            "id": .string(session.id.description),
            "kind": .string(transcript.kind.rawValue),
            "client": .string(transcript.client.description),
            "server": .string(transcript.server.description),
            "tcpStream": .int(transcript.tcpStream),
            "complete": .bool(transcript.isComplete),
            "requestsBefore": .int(transcript.requestsBefore),
            "proxyProtocol": transcript.proxyProtocol.map(proxyProtocol) ?? .null,
            "request": request(transcript.request, packets),
            "interimResponses": .list(transcript.interimResponses) { response($0, packets) },
            "response": transcript.response.map { response($0, packets) } ?? .null,
            "acceptValid": handshake.isAcceptValid.map(JSONValue.bool) ?? .null,
            "subprotocol": handshake.subprotocol.map { .latin1($0.bytes) } ?? .null,
            "extensions": .array(handshake.extensions.map { .latin1($0.bytes) }),
            "close": close(transcript.tunnel, transcript.ending),
            "violations": .list(transcript.violations) { violation($0, packets) },
            "losses": .list(transcript.losses) { loss($0, packets) },
        ]
        return content.merging(traffic(transcript.tunnel, packets, listsFrames: listsFrames))
    }

    /// A WebSocket connection without an opening handshake.
    private static func tunnel(
        _ transcript: MidstreamTranscript, _ packets: PacketPlaces.SessionPackets, listsFrames: Bool
    ) -> JSONValue {
        let content: JSONValue = [
            "tcpStream": .int(transcript.tcpStream),
            "client": .string(transcript.client.description),
            "server": .string(transcript.server.description),
            "firstPacket": .int(packets.place(transcript.first.packet).packet),
            "complete": .bool(false),
            "evidence": .string(transcript.evidence),
            "close": close(transcript.tunnel, transcript.ending),
            "violations": .list(transcript.violations) { violation($0, packets) },
            "losses": .list(transcript.losses) { loss($0, packets) },
        ]
        return content.merging(traffic(transcript.tunnel, packets, listsFrames: listsFrames))
    }

    /// Every frame and message, or totals.
    private static func traffic(
        _ tunnel: TunnelTranscript?, _ packets: PacketPlaces.SessionPackets, listsFrames: Bool
    ) -> JSONValue {
        guard listsFrames else {
            return [
                "totals": [
                    "client": totals(tunnel?.client ?? DirectionTranscript()),
                    "server": totals(tunnel?.server ?? DirectionTranscript()),
                ]
            ]
        }
        let frames = (tunnel?.client.frames ?? 0) + (tunnel?.server.frames ?? 0)
        return [
            "frames": .list(tunnel?.frames ?? []) { frame($0, packets) },
            "messages": .list(tunnel?.messages ?? []) { message($0, packets) },
            "framesLeftOut": .int(max(0, frames - (tunnel?.frames.count ?? 0))),
        ]
    }

    private static func loss(_ loss: Loss, _ packets: PacketPlaces.SessionPackets) -> JSONValue {
        let content: JSONValue = [
            "code": .string(loss.code), "direction": .optional(loss.party?.rawValue), "message": .string(loss.message),
        ]
        let other = loss.otherPacket.map(packets.place)
        let otherPlace: JSONValue = ["otherPacket": .optional(other?.packet)]
        return place(loss.packet, packets).adding(content)
            .adding(other?.path.map { otherPlace.adding(["otherFile": .string($0)]) } ?? otherPlace)
    }

    /// The packet's number in its file, and the file where it is not the one in which the session begins.
    private static func place(_ packet: Int, _ packets: PacketPlaces.SessionPackets) -> JSONValue {
        let place = packets.place(packet)
        let number: JSONValue = ["packet": .int(place.packet)]
        return place.path.map { number.adding(["file": .string($0)]) } ?? number
    }

    // MARK: Heads

    private static func proxyProtocol(_ header: ProxyProtocolHeader) -> JSONValue {
        [
            "version": .int(header.version), "source": .optional(header.source?.description),
            "destination": .optional(header.destination?.description), "bytes": .base64(header.bytes),
        ]
    }

    private static func request(
        _ captured: Captured<RequestHead>, _ packets: PacketPlaces.SessionPackets
    ) -> JSONValue {
        let head = captured.head
        return place(captured.first.packet, packets).adding([
            "method": .latin1(head.method.bytes), "target": .latin1(head.target.bytes),
            "version": .latin1(head.version.bytes), "headers": headers(head.headers), "bytes": .base64(head.bytes),
            "at": .string(captured.first.instant.description),
        ])
    }

    private static func response(
        _ captured: Captured<ResponseHead>, _ packets: PacketPlaces.SessionPackets
    ) -> JSONValue {
        let head = captured.head
        return place(captured.first.packet, packets).adding([
            "version": .latin1(head.version.bytes), "status": .int(head.status), "reason": .latin1(head.reason.bytes),
            "headers": headers(head.headers), "bytes": .base64(head.bytes),
            "at": .string(captured.first.instant.description),
        ])
    }

    private static func headers(_ headers: HeaderFields) -> JSONValue {
        .list(headers.fields) { .array([.latin1($0.name.bytes), .latin1($0.value.bytes)]) }
    }

    // MARK: The tunnel

    private static func totals(_ direction: DirectionTranscript) -> JSONValue {
        let names = ["continuation", "text", "binary"] + (3...7).map { "opcode\($0)" } + ["close", "ping", "pong"]
        let all = names + (11...15).map { "opcode\($0)" }
        let byOpcode = zip(all, direction.framesByOpcode).filter { $0.1 > 0 }
        return [
            "frames": .int(direction.frames),
            "framesByOpcode": .object(byOpcode.map { (key: $0.0, value: .int($0.1)) }),
            "wireBytes": .int(direction.wireBytes), "payloadBytes": .int(direction.payloadBytes),
            "messages": .int(direction.messages), "messageBytes": .int(direction.messageBytes),
            "bytesAfterClose": .int(direction.bytesAfterClose),
        ]
    }

    private static func frame(_ frame: FrameRecord, _ packets: PacketPlaces.SessionPackets) -> JSONValue {
        place(frame.mark.packet, packets).adding([
            "direction": .string(frame.party.rawValue), "fin": .bool(frame.fin), "rsv1": .bool(frame.rsv1),
            "rsv2": .bool(frame.rsv2), "rsv3": .bool(frame.rsv3), "opcode": .int(Int(frame.opcode)),
            "masked": .bool(frame.masked), "length": .int(frame.length),
            "sha256": frame.sha256.map(JSONValue.hex) ?? .null, "at": .string(frame.mark.instant.description),
            "complete": .bool(frame.missing == nil), "missing": .int(frame.missing ?? 0),
        ])
    }

    private static func message(_ message: MessageRecord, _ packets: PacketPlaces.SessionPackets) -> JSONValue {
        place(message.mark.packet, packets).adding([
            "direction": .string(message.party.rawValue), "opcode": .int(Int(message.opcode)),
            "length": .int(message.length), "sha256": message.sha256.map(JSONValue.hex) ?? .null,
            "compressed": .bool(message.compressed), "at": .string(message.mark.instant.description),
        ])
    }

    private static func close(_ tunnel: TunnelTranscript?, _ ending: ConnectionEnding) -> JSONValue {
        [
            "client": closeFrame(tunnel?.client.close),
            "server": closeFrame(tunnel?.server.close),
            "ending": .string(ending.how.rawValue),
            "endedBy": .optional(ending.by?.rawValue),
        ]
    }

    private static func closeFrame(_ close: CloseRecord?) -> JSONValue {
        guard let close else { return .null }
        return .array([.optional(close.code), .string(close.reason)])
    }

    private static func violation(_ violation: Violation, _ packets: PacketPlaces.SessionPackets) -> JSONValue {
        place(violation.packet, packets).adding([
            "code": .string(violation.code), "direction": .string(violation.party.rawValue),
            "message": .string(violation.message), "section": .string(violation.section),
            "count": .int(violation.count),
        ])
    }
}
