import WireBasics

/// Something that will happen in a simulation.
struct Occurrence: Comparable, Sendable {
    /// What it is.
    enum What: Sendable {
        /// A client is there and may connect.
        case start(client: Int)
        /// A client's own alarm.
        case wake(client: Int, token: Int)
        /// Something happens to a proxy.
        case event(hop: Int, ProxyEvent)
        /// A proxy's timer; the generation tells whether it was armed anew since.
        case timer(hop: Int, TimerID, generation: Int)
        /// A backend speaks.
        case backendSends(UpstreamKey, [UInt8])
        /// A backend closes.
        case backendCloses(UpstreamKey, Closing)
        /// The server at an address goes away, and with it every connection to it.
        case serverStops(String)
        /// Every proxy reads its configuration again.
        case reload
        /// A tunnel's idle rule may be broken.
        case idleCheck(ConnectionKey, generation: Int)
        /// A tunnel whose traffic is known in advance ends as in the capture.
        case scriptedEnd(client: Int, by: Party, Closing, closer: Party)
    }

    var instant: CaptureInstant
    /// Occurrences of one instant happen in the order in which they were planned.
    var order: Int
    var what: What

    static func < (left: Self, right: Self) -> Bool {
        (left.instant, left.order) < (right.instant, right.order)
    }

    static func == (left: Self, right: Self) -> Bool {
        (left.instant, left.order) == (right.instant, right.order)
    }
}

/// A client connection of one of the proxies.
struct ConnectionKey: Hashable, Sendable {
    var hop: Int
    var connection: ConnectionID
}

/// An upstream connection of one of the proxies.
struct UpstreamKey: Hashable, Sendable {
    var hop: Int
    var upstream: UpstreamID
}
