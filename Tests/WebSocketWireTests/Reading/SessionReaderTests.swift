import HTTPWire
import TCPReassembly
import Testing
import WireBasics

@testable import WebSocketWire

@Suite("SessionReader")
struct SessionReaderTests {
    @Test("a session comes out with its heads, frames, messages and closes")
    func wholeSession() throws {
        var dialogue = Dialogue.session(
            client: Wire.client(1, Wire.text("Hello")) + Wire.client(8, Wire.close(1000, "bye")),
            server: Wire.server(2, [1, 2, 3]) + Wire.server(9) + Wire.server(8, Wire.close(1000)),
            offer: ["Sec-WebSocket-Protocol: chat, superchat"], answer: ["Sec-WebSocket-Protocol: chat"])
        dialogue.steps += [.close(.fin, .server), .close(.fin, .client)]
        let reading = dialogue.readEveryWay()
        #expect(reading.transcripts.count == 1)
        let transcript = try #require(reading.transcripts.first)
        let tunnel = try #require(transcript.tunnel)
        #expect(transcript.kind == .websocket)
        #expect(transcript.violations == [])
        #expect(transcript.losses == [])
        #expect(transcript.request.head.bytes == Wire.request(["Sec-WebSocket-Protocol: chat, superchat"]))
        #expect(transcript.response?.head.status == 101)
        #expect(tunnel.frames.map(\.opcode) == [1, 8, 2, 9, 8])
        #expect(tunnel.messages.map(\.preview) == [Wire.text("Hello"), [1, 2, 3]])
        #expect(tunnel.client.close?.reason == "bye")
        #expect(tunnel.server.close?.code == 1000)
        #expect(tunnel.server.framesByOpcode[9] == 1)
        #expect(transcript.ending.by == .server)
        #expect(reading.ledger[.client, .frame] == tunnel.client.wireBytes)
    }
}
