public import WireBasics

/// A client connection of one proxy instance; the driver numbers them.
public struct ConnectionID: Hashable, Comparable, Sendable {
    /// The driver's number.
    public let number: Int

    /// The connection of that number.
    public init(_ number: Int) {
        self.number = number
    }

    /// By number.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// An upstream connection of one proxy instance; the proxy numbers them, each new connection gets a new number.
public struct UpstreamID: Hashable, Comparable, Sendable {
    /// The proxy's number.
    public let number: Int

    /// The upstream connection of that number.
    public init(_ number: Int) {
        self.number = number
    }

    /// By number.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// A timer of one proxy instance; the proxy numbers them.
public struct TimerID: Hashable, Comparable, Sendable {
    /// The proxy's number.
    public let number: Int

    /// The timer of that number.
    public init(_ number: Int) {
        self.number = number
    }

    /// By number.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// What an address at the other end is.
public enum PeerAddress: Hashable, Sendable {
    /// An IP address and a TCP port.
    case tcp(Endpoint)
    /// A Unix domain socket.
    case unix(path: String)
    /// A host name that only the resolver of the proxy's machine knows, and a port.
    case name(host: String, port: UInt16)
}

/// What happens to a proxy.
///
/// The proxy owns no socket and no clock: whoever drives it tells it.
///
/// Order: for each connection the driver delivers `accepted` first and nothing after `clientClosed` with `.reset` or
/// `.full`. Once the proxy asked for a tunnel, its bytes do not come through here (see `ProxyAction.openTunnel`).
public enum ProxyEvent: Hashable, Sendable {
    /// A client connected to a listening address. `listener` is what it connected to.
    case accepted(ConnectionID, listener: PeerAddress, client: PeerAddress)
    /// Bytes from the client, as they arrive.
    case received(ConnectionID, [UInt8])
    /// The client closed: its sending side (`.half`), the whole connection (`.full`), or with a RST (`.reset`).
    case clientClosed(ConnectionID, Closing)
    /// The connection that `ProxyAction.connect` asked for is there.
    case upstreamConnected(UpstreamID)
    /// It is not: refused, or unreachable. (A connect timeout is the proxy's own timer.)
    case upstreamFailed(UpstreamID, ConnectFailure)
    /// Bytes from the upstream.
    case upstreamReceived(UpstreamID, [UInt8])
    /// The upstream closed.
    case upstreamClosed(UpstreamID, Closing)
    /// A timer that `ProxyAction.arm` set is due.
    case deadline(TimerID)
    /// In a tunnel, the silence that its idle rule forbids has happened.
    case tunnelIdle(ConnectionID)
    /// In a tunnel, one end closed.
    case tunnelClosed(ConnectionID, by: Party, Closing)
    /// The proxy is told to read its configuration again, which is the same (`nginx -s reload`).
    case reloaded
}

/// How an end closes a connection.
public enum Closing: String, Hashable, Sendable, Codable {
    /// It will send nothing more but still reads (FIN after `shutdown`).
    case half
    /// It will neither send nor read (FIN after `close`).
    case full
    /// A RST.
    case reset
}

/// Why a connection to an upstream did not come about.
public enum ConnectFailure: String, Hashable, Sendable, Codable {
    /// Nobody listens there.
    case refused
    /// No route.
    case unreachable
}
