import Foundation
import WireBasics

/// What was done to a real proxy: one line of `observations.jsonl`, as far as a prediction may look at it.
///
/// The results (what the backends received, what the client received, who closed) are not read: a prediction is made
/// from the inputs alone.
struct Observation: Decodable {
    let id: String
    let proxy: String
    let config: String
    let tags: [String]
    /// The address that the client connected to; nil for a check of the configuration without traffic.
    let listen: String?
    let clientAddress: String?
    /// Milliseconds since the configuration's run began.
    let startedAt: Int?
    /// Sessions of one group ran at the same time.
    let group: String?
    /// An intended pause before the session, in milliseconds.
    let pauseBefore: Int?
    let clientSends: [TimedBytes]
    let upstream: [RecordedAnswer]
    /// Scripts of backends by port, `unix` for the socket.
    let backends: [String: String]

    /// Bytes that the client planned to send, in milliseconds since the session began.
    struct TimedBytes: Decodable {
        let at: Int
        let bytes: [UInt8]

        private enum CodingKeys: String, CodingKey {
            case at = "at_ms"
            case bytes = "base64"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            at = try container.decode(Int.self, forKey: .at)
            bytes = Array(Data(base64Encoded: try container.decode(String.self, forKey: .bytes)) ?? Data())
        }
    }

    /// How a backend answered one attempt.
    struct RecordedAnswer: Decodable {
        let address: String
        let bytes: [UInt8]
        /// Pairs of milliseconds since the session began and a number of bytes.
        let times: [[Int]]
        /// `answered`, `no-answer`, `refused`, `connect-timeout`.
        let outcome: String
        let script: String
        let closedFirstByBackend: Bool

        private enum CodingKeys: String, CodingKey {
            case address, outcome, script
            case bytes = "answered_base64"
            case times = "answered_at"
            case closedFirstBy = "closed_first_by"
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            address = try container.decode(String.self, forKey: .address)
            outcome = try container.decode(String.self, forKey: .outcome)
            let base64 = try container.decodeIfPresent(String.self, forKey: .bytes) ?? ""
            bytes = Array(Data(base64Encoded: base64) ?? Data())
            times = try container.decodeIfPresent([[Int]].self, forKey: .times) ?? []
            script = try container.decodeIfPresent(String.self, forKey: .script) ?? ""
            closedFirstByBackend = try container.decodeIfPresent(String.self, forKey: .closedFirstBy) == "backend"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, proxy, config, tags, listen, group, upstream, backends
        case clientAddress = "client_address"
        case startedAt = "started_at_ms"
        case pauseBefore = "pause_before_ms"
        case clientSends = "client_sends"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        proxy = try container.decode(String.self, forKey: .proxy)
        config = try container.decode(String.self, forKey: .config)
        tags = try container.decodeIfPresent([String].self, forKey: .tags) ?? []
        listen = try container.decodeIfPresent(String.self, forKey: .listen)
        clientAddress = try container.decodeIfPresent(String.self, forKey: .clientAddress)
        startedAt = try container.decodeIfPresent(Int.self, forKey: .startedAt)
        // A group may be numbered or named.
        group =
            (try? container.decodeIfPresent(String.self, forKey: .group))
            ?? (try? container.decodeIfPresent(Int.self, forKey: .group)).map(String.init)
        pauseBefore = try container.decodeIfPresent(Int.self, forKey: .pauseBefore)
        clientSends = try container.decodeIfPresent([TimedBytes].self, forKey: .clientSends) ?? []
        upstream = try container.decodeIfPresent([RecordedAnswer].self, forKey: .upstream) ?? []
        backends = try container.decodeIfPresent([String: String].self, forKey: .backends) ?? [:]
    }

    /// Whether it records a check of the configuration, not a session.
    var isConfigurationCheck: Bool { listen == nil }
}
