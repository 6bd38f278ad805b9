import HTTPWire
import TCPReassembly
import WireBasics

/// A request on its way to becoming a finished transcript.
struct Exchange {
    var transcript: SessionTranscript
    var violations: ViolationLog
    var losses = LossLog()
    /// Bytes of its heads and bodies that came twice and differ.
    var overlaps = OverlapLog()
    /// Whether no more bytes of the request will be read.
    var requestIsDone = false
    /// Whether no more bytes of the response will be read.
    var responseIsDone = false
    /// Whether the answer may turn the connection into something else, so that the client's next bytes must wait.
    let maySwitch: Bool

    init(_ transcript: SessionTranscript, limits: ReaderLimits) {
        self.transcript = transcript
        violations = ViolationLog(limit: limits.violationsOfOneCode)
        let head = transcript.request.head
        maySwitch =
            transcript.kind == .websocket || head.method == "CONNECT" || head.headers.contains(FieldName.upgrade)
    }

    var isDone: Bool { requestIsDone && responseIsDone }
    var request: RequestHead { transcript.request.head }

    /// Whether that end's part of the exchange begins with that packet or before it.
    func begins(before mark: PacketMark, for party: Party) -> Bool {
        transcript.request.first.packet <= mark.packet
            && (party == .client || transcript.response.map { $0.first.packet <= mark.packet } ?? true)
    }

    /// Whether that end's head reaches to that packet.
    func holds(_ mark: PacketMark, for party: Party) -> Bool {
        mark.packet <= (party == .client ? transcript.request.last : transcript.response?.last ?? mark).packet
    }

    /// Bytes of one of the bodies.
    mutating func receiveBody(_ bytes: RawSpan, _ scanner: BodyScanner, of party: Party, limit: Int) {
        if party == .client {
            transcript.requestBody.take(bytes, scanner, limit: limit)
        } else {
            transcript.responseBody.take(bytes, scanner, limit: limit)
        }
    }

    /// The end of one of the bodies will not come, or cannot be known.
    mutating func loseBody(of party: Party, _ rule: LossRule, at mark: PacketMark, _ message: String? = nil) {
        if party == .client {
            transcript.requestBody.isComplete = false
        } else {
            transcript.responseBody.isComplete = false
        }
        losses.add(rule, of: party, packet: mark.packet, message)
    }

    /// Notes what a head's sender did wrong.
    mutating func note(_ oddities: [HeadSighting], of party: Party, at mark: PacketMark) {
        for sighting in oddities {
            violations.add(
                ViolationRule(sighting.oddity), by: party, packet: mark.packet,
                "byte \(sighting.offset) of the head: \(sighting.oddity.sentence)")
        }
    }

    /// Notes what is wrong with an opening handshake.
    mutating func note(_ faults: [HandshakeFault], at mark: PacketMark) {
        for fault in faults {
            guard let rule = ViolationCatalogue.rule(fault.code) else { continue }
            violations.add(rule, by: fault.party, packet: mark.packet, fault.message)
        }
    }

    /// Enters all that was noted into the transcript.
    mutating func finish(with tunnel: TunnelRecord?) {
        transcript.violations = violations.violations + (tunnel?.violations.violations ?? [])
        transcript.losses =
            losses.losses + overlaps.losses + (tunnel?.losses.losses ?? []) + (tunnel?.overlaps.losses ?? [])
    }
}

extension BodyTranscript {
    fileprivate mutating func take(_ bytes: RawSpan, _ scanner: BodyScanner, limit: Int) {
        wireLength = scanner.wireLength
        length = scanner.length
        isComplete = scanner.isComplete
        start.appendPrefix(of: bytes, upTo: limit)
    }
}
