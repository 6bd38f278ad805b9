import HTTPWire
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// Captured sessions to report on, built by hand.
enum SampleTranscripts {
    /// Where the sample capture begins.
    static let start = CaptureInstant(seconds: 1_700_000_000, nanoseconds: 250_000_000)

    static func mark(_ packet: Int, _ milliseconds: Int64) -> PacketMark {
        PacketMark(packet: packet, instant: start + .milliseconds(milliseconds))
    }

    static func endpoint(_ text: String) -> Endpoint {
        Endpoint(text) ?? Endpoint(address: IPAddress(v4: 0), port: 0)
    }

    static let accept: HeaderField = HeaderField("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")

    static func request(_ target: ByteString, host: ByteString = "a.test", more: [HeaderField] = []) -> RequestHead {
        RequestHead(
            target: target,
            headers: HeaderFields(
                [
                    HeaderField("Host", host), HeaderField("Connection", "Upgrade"), HeaderField("Pragma", "no-cache"),
                    HeaderField("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0"),
                    HeaderField("Upgrade", "websocket"), HeaderField("Origin", "http://a.test"),
                    HeaderField("Sec-WebSocket-Version", "13"),
                    HeaderField("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                    HeaderField("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"),
                ] + more))
    }

    static func switching(more: [HeaderField] = []) -> ResponseHead {
        ResponseHead(
            status: 101, reason: "Switching Protocols",
            headers: HeaderFields(
                [HeaderField("Upgrade", "websocket"), HeaderField("Connection", "Upgrade"), accept] + more))
    }

    /// A session that came about, with traffic: `{"op":"say",…}` and answers every second.
    static func chat(
        stream: Int, client: String, target: ByteString, at milliseconds: Int64, messages: Int = 3,
        silence: Int64 = 0, more: [HeaderField] = []
    ) -> SessionTranscript {
        let packet = 100 * (stream + 1)
        var transcript = SessionTranscript(
            kind: .websocket, tcpStream: stream, client: endpoint(client), server: endpoint("10.0.0.1:80"),
            connected: mark(packet, milliseconds), requestsBefore: 0,
            request: Captured(
                request(target, more: more), first: mark(packet + 3, milliseconds + 1),
                last: mark(packet + 3, milliseconds + 1)))
        transcript.response = Captured(
            switching(), first: mark(packet + 5, milliseconds + 18), last: mark(packet + 5, milliseconds + 18))
        var tunnel = TunnelTranscript(opened: start + .milliseconds(milliseconds + 18))
        var time = milliseconds + 200
        var next = packet + 6
        for number in 0..<messages {
            for (party, text) in [
                (Party.client, #"{"op":"say","n":\#(number),"text":"grüße"}"#),
                (.server, #"{"op":"ok","n":\#(number)}"#),
            ] {
                add(Array(text.utf8), opcode: 1, party, mark(next, time), to: &tunnel)
                (next, time) = (next + 2, time + 350)
            }
            if number == 0, silence > 0 {
                let last = start + .milliseconds(time - 350)
                tunnel.silences.append(
                    Silence(
                        lastByte: last, lazilyArmed: last, until: last + .milliseconds(silence), clientFrames: 1,
                        serverFrames: 1))
                time += silence - 350
            }
        }
        close(&tunnel, packet: next, at: time)
        transcript.tunnel = tunnel
        transcript.ending = ConnectionEnding(how: .fin, by: .server, at: start + .milliseconds(time + 4))
        return transcript
    }

    static func add(
        _ payload: [UInt8], opcode: UInt8, _ party: Party, _ mark: PacketMark, to tunnel: inout TunnelTranscript
    ) {
        tunnel.frames.append(
            FrameRecord(
                party: party, fin: true, rsv1: false, rsv2: false, rsv3: false, opcode: opcode,
                masked: party == .client,
                length: payload.count, sha256: Array(repeating: 0xAB, count: 32), preview: Array(payload.prefix(256)),
                mark: mark))
        tunnel[party].framesByOpcode[Int(opcode & 15)] += 1
        tunnel[party].payloadBytes += payload.count
        tunnel[party].wireBytes += payload.count + (party == .client ? 6 : 2)
        tunnel.lastByte = mark.instant
        guard opcode < 8 else { return }
        tunnel[party].messages += 1
        tunnel[party].messageBytes += payload.count
        tunnel.messages.append(
            MessageRecord(
                party: party, opcode: opcode, length: payload.count, sha256: Array(repeating: 0xCD, count: 32),
                preview: Array(payload.prefix(256)), compressed: false, mark: mark))
    }

    private static func close(_ tunnel: inout TunnelTranscript, packet: Int, at milliseconds: Int64) {
        add([0x03, 0xE8], opcode: 8, .client, mark(packet, milliseconds), to: &tunnel)
        add([0x03, 0xE8], opcode: 8, .server, mark(packet + 1, milliseconds + 2), to: &tunnel)
        tunnel.client.close = CloseRecord(code: 1000, reason: "", mark: mark(packet, milliseconds))
        tunnel.server.close = CloseRecord(code: 1000, reason: "", mark: mark(packet + 1, milliseconds + 2))
    }
}
