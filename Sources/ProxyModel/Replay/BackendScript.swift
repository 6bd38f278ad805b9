public import WireBasics

/// How an upstream server of a replay behaves.
public struct BackendScript: Hashable, Sendable {
    /// What it does with a connection or a request.
    public enum Answer: Hashable, Sendable {
        /// Answers as in the capture where the request that reached it is as good a handshake as the captured one;
        /// otherwise as a conformant server does.
        case asCaptured
        /// Answers as a WebSocket server that follows RFC 6455 §4.2 to the letter, whatever the capture shows.
        case conformant
        /// Answers with the captured bytes whatever arrives.
        case verbatim
        /// Refuses the connection.
        case refuse
        /// Takes the request and never answers.
        case timeOut
        /// Takes the request and closes without a byte.
        case close
        /// Answers these bytes.
        case bytes([UInt8])
        /// Answers as in the capture where that server accepts the handshake; otherwise with that server's refusal.
        case server(KnownServer)

        /// The names that people write: for a behaviour, and for a server that is known.
        public static let names = behaviours.map(\.name) + KnownServer.all.map(\.name)

        /// The behaviour, or the server, of that name.
        public init?(named name: String) {
            if let behaviour = Self.behaviours.first(where: { $0.name == name }) {
                self = behaviour.answer
            } else if let server = KnownServer.named(name) {
                self = .server(server)
            } else {
                return nil
            }
        }

        private static let behaviours: [(name: String, answer: Self)] = [
            ("asCaptured", .asCaptured), ("conformant", .conformant), ("verbatim", .verbatim), ("refuse", .refuse),
            ("timeOut", .timeOut), ("close", .close),
        ]
    }

    /// What it does.
    public var answer: Answer
    /// How long it takes; nil for as long as in the capture.
    public var delay: TimeSpan?

    /// Whether it follows from a capture or from RFC 6455, so that it says nothing about requests that no client made.
    var isGuess: Bool {
        switch answer {
        case .asCaptured, .conformant, .verbatim, .server: true
        case .refuse, .timeOut, .close, .bytes: false
        }
    }

    /// A behaviour with all its parts.
    public init(_ answer: Answer, after delay: TimeSpan? = nil) {
        self.answer = answer
        self.delay = delay
    }
}

/// The behaviour of all upstream servers of a replay.
public struct BackendScripts: Hashable, Sendable {
    /// By upstream address as the outcome writes it: `127.0.0.1:3000`.
    public var byAddress: [String: BackendScript]
    /// All others.
    public var others: BackendScript

    /// Scripts for some addresses and one for all others.
    public init(byAddress: [String: BackendScript] = [:], others: BackendScript = BackendScript(.asCaptured)) {
        self.byAddress = byAddress
        self.others = others
    }

    /// The behaviour of the server at that address.
    public func script(for address: PeerAddress) -> BackendScript {
        byAddress[address.description] ?? others
    }
}
