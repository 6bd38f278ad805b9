import HTTPWire
import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// What goes between client, proxies and backend in a session, step by step, as it would be with the configuration.
struct SessionFlow {
    /// The ends and the proxies, client first.
    let lanes: [String]
    /// What happens, in order.
    private(set) var steps: [Step] = []
    /// Frames that were left out.
    private(set) var omittedFrames = 0

    /// One line of the flow.
    struct Step {
        /// What a step is.
        enum Kind {
            /// Something goes from a lane to another.
            case message
            /// Nothing goes anywhere for a while.
            case silence
            /// Something is said about a lane.
            case remark
        }

        /// What a step means for the session.
        enum Tone {
            /// As captured.
            case plain
            /// Only in the capture: it does not happen with this configuration.
            case lost
            /// What the session breaks at.
            case bad
        }

        var kind: Kind
        var tone: Tone
        /// Since the request; nil where the model knows the order only.
        var time: TimeSpan?
        var from: Int
        var to: Int
        var label: String
        /// The packet of the capture; nil where there is none.
        var packet: PacketPlace?
    }

    private let session: SessionResult
    private let redaction: Redaction
    private let packets: PacketPlaces.SessionPackets
    private let start: CaptureInstant
    // Kept, not computed: the optimiser of Swift 6.3.1 crashes on this chain of optionals inside a loop.
    private let captureStatus: Int?
    private var backend: Int { lanes.count - 1 }

    /// Silences shorter than this are the ordinary pauses of a conversation.
    private static let notable = TimeSpan.seconds(5)

    /// The flow of a session with at most that many frames: the first two thirds and the last third of them.
    init(_ session: SessionResult, redaction: Redaction, places: PacketPlaces, frames limit: Int) {
        captureStatus = session.transcript.response?.head.status
        self.session = session
        self.redaction = redaction
        packets = places.packets(of: session.id)
        start = session.transcript.request.first.instant
        let proxies = session.outcome.hops.map { VisibleText.escape($0.proxy) }
        lanes = ["client"] + (proxies.isEmpty ? ["proxy"] : proxies) + ["backend"]
        addRequest()
        addResponse()
        addTunnel(limit: limit)
        addEnd()
    }

    // MARK: The handshake

    private mutating func addRequest() {
        let captured = session.transcript.request
        add(.message, from: 0, to: 1, Self.line(captured.head.bytes), at: captured.first)
        for (index, hop) in session.outcome.hops.enumerated() {
            for attempt in hop.attempts {
                let request = attempt.request.map { Self.line($0.head.bytes) } ?? Array("connect".utf8)
                let bad = attempt.result != .answered
                add(.message, from: index + 1, to: index + 2, request)
                steps[steps.count - 1].label += "  to \(VisibleText.escape(attempt.address))"
                if bad {
                    add(.message, .bad, from: index + 2, to: index + 1, Array(Self.word(attempt.result).utf8))
                } else if let status = attempt.answeredStatus, index + 2 == backend {
                    let tone: Step.Tone = status == captureStatus || session.verdict != .broken ? .plain : .bad
                    add(.message, tone, from: index + 2, to: index + 1, Array("\(status)".utf8))
                }
            }
        }
    }

    private mutating func addResponse() {
        for (index, hop) in session.outcome.hops.enumerated().reversed() {
            guard let response = hop.response else { continue }
            let differs = response.head.status != captureStatus
            add(
                .message, differs && session.verdict == .broken ? .bad : .plain, from: index + 1, to: index,
                Self.line(response.head.bytes))
            guard index == 0 else { continue }
            if let tunnel = session.outcome.tunnel { steps[steps.count - 1].time = tunnel.opened - start }
        }
        guard let captured = session.transcript.response, captured.head.status != session.outcome.status else { return }
        add(
            .message, .lost, from: backend, to: 0, Array("captured: ".utf8) + Self.line(captured.head.bytes),
            at: captured.first)
    }

    private static func line(_ head: [UInt8]) -> [UInt8] {
        Array(head.prefix { $0 != 10 && $0 != 13 })
    }

    private static func word(_ result: Attempt.Result) -> String {
        switch result {
        case .answered: "answered"
        case .refused: "connection refused"
        case .timedOut: "no answer"
        case .closed: "closed without an answer"
        }
    }

    // MARK: The tunnel

    private mutating func addTunnel(limit: Int) {
        guard let tunnel = session.transcript.tunnel else { return }
        let sent = tunnel.client.frames + tunnel.server.frames
        guard session.outcome.tunnel != nil else {
            if sent > 0 {
                addRemark(.lost, "\(Quantity.counted(sent, "frame")) of the capture have no tunnel to go through")
            }
            return
        }
        // The capture's frames in the time of the simulation.
        let shift = (session.outcome.tunnel?.opened ?? tunnel.opened) - tunnel.opened
        let ends = session.outcome.tunnel?.idle?.at
        var silences = tunnel.silences.filter { $0.until - $0.lastByte >= Self.notable }[...]
        let kept = Self.kept(tunnel.frames.count, limit: limit)
        for (index, frame) in tunnel.frames.enumerated() {
            while let silence = silences.first, silence.until <= frame.mark.instant {
                addSilence(silence, shift: shift)
                silences.removeFirst()
            }
            if kept.contains(index) {
                let isLost = ends.map { frame.mark.instant + shift > $0 } ?? false
                let (from, to) = frame.party == .client ? (0, backend) : (backend, 0)
                add(.message, isLost ? .lost : .plain, from: from, to: to, label(frame), at: frame.mark, shift: shift)
            } else if index == kept.lowerGap {
                addRemark(.plain, "\(Quantity.counted(kept.gap, "frame")) left out")
            }
        }
        for silence in silences { addSilence(silence, shift: shift) }
        omittedFrames = max(0, sent - tunnel.frames.count) + kept.gap
        if sent > tunnel.frames.count {
            addRemark(.plain, "\(Quantity.counted(sent - tunnel.frames.count, "further frame")) not kept by the reader")
        }
    }

    private mutating func addSilence(_ silence: Silence, shift: TimeSpan) {
        let length = silence.until - silence.lastByte
        if let idle = session.outcome.tunnel?.idle, silence.lastByte + shift <= idle.at,
            idle.at <= silence.until + shift
        {
            addStep(.silence, .bad, "silence of \(length), allowed: \(idle.limit)", at: silence.lastByte + shift)
            addIdleEnd(idle)
        } else {
            addStep(.silence, .plain, "silence of \(length)", at: silence.lastByte + shift)
        }
    }

    private mutating func addIdleEnd(_ idle: IdleEnding) {
        let hop = session.outcome.hops.firstIndex { $0.proxy == idle.proxy } ?? 0
        let label = Array("closes: idle for \(idle.limit)".utf8)
        add(.message, .bad, from: hop + 1, to: hop, label)
        steps[steps.count - 1].time = idle.at - start
        add(.message, .bad, from: hop + 1, to: hop + 2, label)
        steps[steps.count - 1].time = idle.at - start
    }

    private func label(_ frame: FrameRecord) -> [UInt8] {
        let name = frame.opcodeName + (frame.fin ? "" : ", more follows")
        var text = Array("\(name)  \(Quantity.counted(frame.length, "byte"))".utf8)
        if frame.opcode == 1, !frame.rsv1, String(validating: frame.preview.prefix(60), as: UTF8.self) != nil {
            text += Array("  ".utf8) + frame.preview
        } else if frame.opcode == 8, frame.preview.count >= 2 {
            let code = Int(frame.preview[0]) << 8 | Int(frame.preview[1])
            text += Array("  \(code)".utf8) + (frame.preview.count > 2 ? [32] : []) + frame.preview.dropFirst(2)
        }
        return text
    }

    /// Which of that many frames are shown.
    private static func kept(_ count: Int, limit: Int) -> (contains: (Int) -> Bool, lowerGap: Int, gap: Int) {
        guard count > limit else { return ({ _ in true }, -1, 0) }
        let head = limit * 2 / 3
        let tail = count - (limit - head)
        return ({ $0 < head || $0 >= tail }, head, tail - head)
    }

    // MARK: The end

    private mutating func addEnd() {
        let outcome = session.outcome
        guard outcome.tunnel?.idle == nil else { return }
        let by = outcome.closedBy
        guard by != .none, let at = outcome.closedAt else {
            if session.transcript.ending.how == .open { addRemark(.plain, "open at the end of the capture") }
            return
        }
        let lane = by == .client ? 0 : by == .proxy ? 1 : backend
        let to = by == .client ? 1 : by == .proxy ? 0 : backend - 1
        add(.message, from: lane, to: to, Array("closes the connection".utf8))
        steps[steps.count - 1].time = at - start
    }

    // MARK: Steps

    private mutating func add(
        _ kind: Step.Kind, _ tone: Step.Tone = .plain, from: Int, to: Int, _ label: [UInt8], at mark: PacketMark? = nil,
        shift: TimeSpan = .zero
    ) {
        let short = ColumnText.shortened(redaction.show(label), to: 160)
        steps.append(
            Step(
                kind: kind, tone: tone, time: mark.map { $0.instant + shift - start }, from: from, to: to, label: short,
                packet: mark.map { packets.place($0.packet) }))
    }

    private mutating func addStep(_ kind: Step.Kind, _ tone: Step.Tone, _ label: String, at instant: CaptureInstant?) {
        steps.append(
            Step(
                kind: kind, tone: tone, time: instant.map { $0 - start }, from: 0, to: backend, label: label,
                packet: nil))
    }

    private mutating func addRemark(_ tone: Step.Tone, _ label: String) {
        addStep(.remark, tone, label, at: nil)
    }
}
