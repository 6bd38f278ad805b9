public import WireBasics

/// What a response agreed about permessage-deflate (RFC 7692 §7).
public struct PerMessageDeflate: Hashable, Sendable {
    /// What one direction compresses with.
    public struct Direction: Hashable, Sendable {
        /// Whether each message is compressed on its own, with an empty window.
        public var resetsForEachMessage: Bool
        /// The base-2 logarithm of the window, 8 to 15.
        public var windowBits: Int
    }

    /// What the client compresses with.
    public var client: Direction
    /// What the server compresses with.
    public var server: Direction

    static let name: ByteString = "permessage-deflate"

    /// The agreement that an extension in a response makes; nil when it is another extension.
    ///
    /// Parameters that cannot be read count as not there: `objection` names them, and what was compressed is decided by
    /// the bytes.
    public init?(response: ExtensionOffer) {
        guard response.name == Self.name else { return nil }
        client = Direction(resetsForEachMessage: false, windowBits: 15)
        server = Direction(resetsForEachMessage: false, windowBits: 15)
        for parameter in response.parameters {
            switch parameter.name {
            case "client_no_context_takeover": client.resetsForEachMessage = true
            case "server_no_context_takeover": server.resetsForEachMessage = true
            case "client_max_window_bits": client.windowBits = Self.windowBits(parameter.value) ?? 15
            case "server_max_window_bits": server.windowBits = Self.windowBits(parameter.value) ?? 15
            default: break
            }
        }
    }

    /// What that end compresses with.
    public subscript(party: Party) -> Direction {
        party == .client ? client : server
    }

    /// Why a response is no valid answer to any of the offers, in one sentence; nil when it is one.
    static func objection(to response: ExtensionOffer, offers: [ExtensionOffer]) -> String? {
        if let problem = malformation(response, isOffer: false) { return problem }
        // Offers that are malformed are declined (RFC 7692 §7); they can be accepted by nobody.
        let candidates = offers.filter { $0.name == name && malformation($0, isOffer: true) == nil }
        let objections = candidates.map { mismatch(response, $0) }
        guard let first = objections.first else { return "no well-formed offer of permessage-deflate was made" }
        return objections.contains(nil) ? nil : first
    }

    /// Why one of the offers must be declined, in one sentence; nil when all are well-formed.
    static func objection(toOffers offers: [ExtensionOffer]) -> String? {
        offers.lazy.filter { $0.name == name }.compactMap { malformation($0, isOffer: true) }.first
    }

    /// RFC 7692 §7.1: unknown, repeated and badly valued parameters.
    private static func malformation(_ element: ExtensionOffer, isOffer: Bool) -> String? {
        var seen: [ByteString] = []
        for parameter in element.parameters {
            guard !seen.contains(parameter.name) else { return "the parameter \"\(parameter.name)\" is there twice" }
            seen.append(parameter.name)
            switch parameter.name {
            case "client_no_context_takeover", "server_no_context_takeover":
                if parameter.value != nil { return "the parameter \"\(parameter.name)\" takes no value" }
            case "client_max_window_bits" where isOffer && parameter.value == nil:
                break
            case "client_max_window_bits", "server_max_window_bits":
                if windowBits(parameter.value) == nil {
                    return "the value of \"\(parameter.name)\" must be a number from 8 to 15"
                }
            default:
                return "permessage-deflate has no parameter \"\(parameter.name)\""
            }
        }
        return nil
    }

    /// Why a well-formed response is no answer to a well-formed offer.
    private static func mismatch(_ response: ExtensionOffer, _ offer: ExtensionOffer) -> String? {
        if offer.has("server_no_context_takeover"), !response.has("server_no_context_takeover") {
            return "the offer asks for server_no_context_takeover and the response does not grant it"
        }
        if let asked = windowBits(offer.value("server_max_window_bits")) {
            guard let granted = windowBits(response.value("server_max_window_bits")), granted <= asked else {
                return "the offer asks for server_max_window_bits=\(asked) and the response does not grant it"
            }
        }
        if response.has("client_max_window_bits"), !offer.has("client_max_window_bits") {
            return "the response sets client_max_window_bits, which the offer does not allow"
        }
        return nil
    }

    /// 8 to 15 in decimal digits without leading zeros (RFC 7692 §7.1.2).
    private static func windowBits(_ text: ByteString?) -> Int? {
        switch text {
        case "8": 8
        case "9": 9
        case "10": 10
        case "11": 11
        case "12": 12
        case "13": 13
        case "14": 14
        case "15": 15
        default: nil
        }
    }
}

extension ExtensionOffer {
    fileprivate func has(_ name: ByteString) -> Bool {
        parameters.contains { $0.name == name }
    }

    fileprivate func value(_ name: ByteString) -> ByteString? {
        parameters.first { $0.name == name }?.value
    }
}
