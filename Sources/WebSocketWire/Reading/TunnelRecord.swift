import TCPReassembly
import WireBasics

/// What both directions of a tunnel write down together.
struct TunnelRecord {
    /// Whether one more frame is kept; stored, because it is asked for every frame.
    private(set) var keepsFrames: Bool
    /// Whether one more message is kept.
    private(set) var keepsMessages: Bool
    private(set) var frames: [FrameRecord] = []
    private(set) var messages: [MessageRecord] = []
    private(set) var violations: ViolationLog
    private(set) var losses = LossLog()
    /// Bytes of frames that came twice and differ.
    var overlaps = OverlapLog()
    let detail: ReaderDetail
    private let budget: RecordBudget?

    init(limits: ReaderLimits, detail: ReaderDetail, budget: RecordBudget?) {
        self.budget = budget
        violations = ViolationLog(limit: limits.violationsOfOneCode)
        self.detail = detail
        keepsFrames = detail.keptRecords > 0
        keepsMessages = detail.keptRecords > 0
    }

    mutating func keep(_ frame: FrameRecord) {
        guard budget?.take() ?? true else {
            keepsFrames = false
            return
        }
        if frames.isEmpty { frames.reserveCapacity(min(detail.keptRecords, 8)) }
        frames.append(frame)
        keepsFrames = frames.count < detail.keptRecords
    }

    mutating func keep(_ message: MessageRecord) {
        guard budget?.take() ?? true else {
            keepsMessages = false
            return
        }
        var message = message
        // Most messages are one frame, and their previews can be one array.
        if let frame = frames.last, frame.preview == message.preview { message.preview = frame.preview }
        if messages.isEmpty { messages.reserveCapacity(min(detail.keptRecords, 8)) }
        messages.append(message)
        keepsMessages = messages.count < detail.keptRecords
    }

    mutating func add(_ rule: ViolationRule, by party: Party, at mark: PacketMark) {
        violations.add(rule, by: party, packet: mark.packet)
    }

    mutating func add(
        _ rule: ViolationRule, by party: Party, at mark: PacketMark, _ message: @autoclosure () -> String
    ) {
        violations.add(rule, by: party, packet: mark.packet, message())
    }

    mutating func lose(_ rule: LossRule, of party: Party?, at mark: PacketMark, _ message: String? = nil) {
        losses.add(rule, of: party, packet: mark.packet, message)
    }

    mutating func lose(_ rule: LossRule, of party: Party?, packet: Int, _ message: String) {
        losses.add(rule, of: party, packet: packet, message)
    }
}

/// The losses of one session, each kind once for each end.
struct LossLog {
    private(set) var losses: [Loss] = []

    /// Whether that is known already.
    func has(_ rule: LossRule, _ party: Party?) -> Bool {
        losses.contains { $0.code == rule.code && $0.party == party }
    }

    mutating func add(_ rule: LossRule, of party: Party?, packet: Int, _ message: String? = nil) {
        guard !has(rule, party) else { return }
        losses.append(Loss(code: rule.code, party: party, packet: packet, message: message ?? rule.sentence))
    }
}
