package import WireBasics

/// The clients of a simulation: whoever opens connections to the first proxy.
package protocol ClientActor: Sendable {
    /// The connection is open.
    mutating func connected(at instant: CaptureInstant) -> [ClientCommand]
    /// The proxy sent bytes, tunnel bytes included.
    mutating func received(_ bytes: [UInt8], at instant: CaptureInstant) -> [ClientCommand]
    /// The connection switched: what follows are frames.
    mutating func tunnelOpened(at instant: CaptureInstant) -> [ClientCommand]
    /// The proxy closed the connection.
    mutating func closed(_ how: Closing, at instant: CaptureInstant) -> [ClientCommand]
    /// The instant that `ClientCommand.wake` asked for has come.
    mutating func woken(_ token: Int, at instant: CaptureInstant) -> [ClientCommand]
}

/// What a client does.
package enum ClientCommand: Sendable {
    /// Open a connection to the first proxy, the first one or one more after a close.
    case connect
    /// The bytes that follow begin the client's next exchange.
    case beginExchange
    /// Send bytes.
    case send([UInt8])
    /// Close the connection.
    case close(Closing)
    /// Wake me then.
    case wake(Int, at: CaptureInstant)
    /// The tunnel's traffic is known in advance, not byte by byte: judge the idle rules by it.
    case follow(TunnelTraffic)
}

/// An upstream server of a simulation, one value for each connection to it.
package protocol BackendActor: Sendable {
    /// The proxy sent bytes. `request` is given with the bytes that begin a request.
    mutating func received(_ bytes: [UInt8], request: OutgoingRequest?, at instant: CaptureInstant) -> [BackendCommand]
    /// The proxy closed the connection.
    mutating func closed(_ how: Closing, at instant: CaptureInstant) -> [BackendCommand]
}

/// What a backend does.
package enum BackendCommand: Sendable {
    /// Send bytes then; later commands do not overtake earlier ones.
    case send([UInt8], at: CaptureInstant)
    /// Close the connection then.
    case close(Closing, at: CaptureInstant)
    /// Note for the record what the backend answered and what it found wrong.
    case judged(status: Int, refusal: [String], KnownJudgement?)
    /// Note that nobody can know this answer, and what was taken for it.
    case assumed(Explanation)
}

/// Decides what stands at an upstream address.
package protocol BackendPool: Sendable {
    /// A proxy connects to an address, on behalf of that exchange of that client.
    mutating func connect(to address: PeerAddress, exchange: ExchangeKey, at instant: CaptureInstant) -> ConnectResult

    /// A kept-alive connection serves a further exchange.
    mutating func reuse(_ backend: inout any BackendActor, exchange: ExchangeKey, at instant: CaptureInstant)
}

/// What happens to an attempt to connect.
package enum ConnectResult: Sendable {
    /// Somebody listens; the connection is there after that time.
    case accepted(any BackendActor, after: TimeSpan)
    /// Somebody listens, and closes before a byte is read.
    case closedAtOnce
    /// Nobody does.
    case failed(ConnectFailure, after: TimeSpan)
    /// Nothing comes back.
    case silent
}

/// One exchange of one client of a simulation.
package struct ExchangeKey: Hashable, Sendable {
    /// The client's number, in the order they were added.
    package var client: Int
    /// The exchange's 0-based number.
    package var exchange: Int
}
