/// The status code of a close frame (RFC 6455 §7.4).
public struct CloseCode: RawRepresentable, Hashable, Sendable {
    /// The number.
    public let rawValue: Int

    /// The code of that number.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// What it means, in the words of RFC 6455 §7.4.1 and the IANA registry; nil for codes of applications.
    public var name: String? {
        switch rawValue {
        case 1000: "normal closure"
        case 1001: "going away"
        case 1002: "protocol error"
        case 1003: "unsupported data"
        case 1005: "no status received"
        case 1006: "abnormal closure"
        case 1007: "invalid frame payload data"
        case 1008: "policy violation"
        case 1009: "message too big"
        case 1010: "mandatory extension"
        case 1011: "internal error"
        case 1012: "service restart"
        case 1013: "try again later"
        case 1014: "bad gateway"
        case 1015: "TLS handshake"
        case 3000: "unauthorized"
        case 3003: "forbidden"
        case 3008: "timeout"
        default: nil
        }
    }

    /// Whether an end may send it: one that the IANA registry assigns for it, or one from 3000 to 4999.
    public var maySend: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }

    /// Why it must not be sent, in one sentence; nil when it may.
    public var objection: String? {
        switch rawValue {
        case _ where maySend: nil
        case 1004: "1004 has no meaning yet"
        case 1005: "1005 says that no status code was there, and is for interfaces only"
        case 1006: "1006 says that no close frame came, and is for interfaces only"
        case 1015: "1015 says that TLS failed, and is for interfaces only"
        case 0...999: "codes below 1000 are not used"
        case 1016...2999: "codes up to 2999 are reserved for the protocol, and this one is not assigned"
        default: "codes above 4999 do not exist"
        }
    }
}
