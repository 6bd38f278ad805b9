/// What a frame is (RFC 6455 §5.2, §11.8).
public struct Opcode: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The four bits.
    public let rawValue: UInt8

    /// The opcode of these bits; the upper four are ignored.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue & 0x0F
    }

    /// Goes on with the open message.
    public static let continuation = Opcode(rawValue: 0)
    /// Starts a text message.
    public static let text = Opcode(rawValue: 1)
    /// Starts a binary message.
    public static let binary = Opcode(rawValue: 2)
    /// Ends the conversation.
    public static let close = Opcode(rawValue: 8)
    /// Asks for a pong.
    public static let ping = Opcode(rawValue: 9)
    /// Answers a ping, or says that the sender is there.
    public static let pong = Opcode(rawValue: 10)

    /// Whether the frame is a control frame, which may stand between the fragments of a message.
    public var isControl: Bool { rawValue >= 8 }
    /// Whether no RFC defines it.
    public var isReserved: Bool { (3...7).contains(rawValue) || rawValue > 10 }

    /// The name that RFC 6455 gives it.
    public var description: String {
        switch self {
        case .continuation: "continuation"
        case .text: "text"
        case .binary: "binary"
        case .close: "close"
        case .ping: "ping"
        case .pong: "pong"
        default: "reserved \(rawValue)"
        }
    }
}
