import WireBasics

/// Inflates the messages of one direction as their sender agreed to compress them (RFC 7692 §7.2.2).
///
///     state      message fails    next message, context taken over    next message, context reset
///     good       messageLost      good                                good
///     messageLost  -              directionLost                       good
///     directionLost  -            directionLost                       (never)
final class MessageInflater {
    /// What went wrong.
    enum Trouble {
        /// The bytes are no DEFLATE.
        case invalid
        /// The message does not end at the boundary of a block; its bytes were read all the same.
        case unfinished
        /// A reference goes further back than the agreed window; the bytes were read all the same.
        case window
        /// The message is longer than the limit.
        case limit
        /// The message is longer than so many times what came of it.
        case ratioLimit
        /// The agreed window is not checked any further; the bytes are read all the same.
        case windowUnchecked
        /// An earlier message took the window with it.
        case stopped
    }

    private enum State {
        case good, messageLost, directionLost
    }

    /// What went wrong and is not reported yet.
    var trouble: Trouble?

    private let agreed: PerMessageDeflate.Direction
    let limits: ReaderLimits
    private var state = State.good
    private var inflater: Inflater?
    private var windowCheck: Inflater?
    private var windowCheckLength = 0
    /// Whether the window is smaller than the largest one, and nothing is known to be wrong with it.
    private var checksWindow: Bool
    /// Compressed bytes of the message so far.
    private var compressedLength = 0

    init(_ agreed: PerMessageDeflate.Direction, limits: ReaderLimits) {
        self.agreed = agreed
        self.limits = limits
        checksWindow = agreed.windowBits < 15
    }

    /// Whether the current message has come out whole so far.
    var isGood: Bool { state == .good }

    /// A compressed message starts.
    func begin() {
        compressedLength = 0
        if state == .messageLost { giveUpMessage() }
        if state == .directionLost {
            trouble = .stopped
        } else if let inflater {
            // Of a message that was given up.
            guard agreed.resetsForEachMessage else { return }
            inflater.reset()
            windowCheck?.reset()
        } else {
            inflater = Inflater()
            if checksWindow {
                windowCheck = Inflater(blockLength: 1, windowBits: Int32(agreed.windowBits))
            }
        }
    }

    /// Payload of the message, unmasked.
    func receive(_ bytes: RawSpan, into content: inout MessageContent) {
        guard state == .good, let inflater else { return }
        compressedLength &+= bytes.byteCount
        let limit = lengthLimit
        let result = inflater.inflate(bytes) { content.receive($0, upTo: limit) }
        if settle(result) { checkWindow { $0.inflate(bytes, $1) } }
    }

    /// The message is complete.
    func end(into content: inout MessageContent) {
        guard state == .good, let inflater else { return }
        let limit = lengthLimit
        let (result, isAtBoundary) = inflater.endMessage { content.receive($0, upTo: limit) }
        guard settle(result) else { return }
        if !isAtBoundary { trouble = .unfinished }
        checkWindow { $0.endMessage($1).result }
        // Between messages nothing of it is needed: with thousands of sessions open, that is most of the memory.
        if agreed.resetsForEachMessage { free() }
    }

    /// No further message will come.
    func finish() {
        state = .directionLost
        free()
    }

    private func free() {
        (inflater, windowCheck) = (nil, nil)
    }

    /// Bytes of a message are missing, or whole messages.
    func loseMessage() {
        if state == .good { state = .messageLost }
    }

    /// The message will not be completed: its bytes may stop anywhere, and the window with them.
    func giveUpMessage() {
        state = agreed.resetsForEachMessage ? .good : .directionLost
        if state == .directionLost { free() }
    }

    private func settle(_ result: Inflater.Result) -> Bool {
        switch result {
        case .good: return true
        case .invalid: trouble = .invalid
        case .stopped: trouble = lengthLimit < limits.inflatedMessageBytes ? .ratioLimit : .limit
        }
        state = .messageLost
        return false
    }

    /// What the message may inflate to, as far as it came.
    private var lengthLimit: Int {
        let (product, overflow) = compressedLength.multipliedReportingOverflow(by: limits.inflateRatio)
        return min(limits.inflatedMessageBytes, overflow ? .max : max(product, Self.freeLength))
    }

    /// Short messages are no danger, and may well be one byte many times over.
    private static let freeLength = 1 << 16

    /// Inflates the same bytes with the agreed window, one byte of output at a time: only then does zlib refuse exactly
    /// the references that leave it.
    private func checkWindow(_ inflate: (Inflater, (RawSpan) -> Bool) -> Inflater.Result) {
        guard let check = windowCheck else { return }
        var length = windowCheckLength
        let limit = limits.windowCheckBytes
        let result = inflate(check) { bytes in
            length &+= bytes.byteCount
            return length <= limit
        }
        windowCheckLength = length
        switch result {
        case .good: return
        case .invalid: trouble = .window
        case .stopped: trouble = .windowUnchecked
        }
        windowCheck = nil
        checksWindow = false
    }
}
