import HTTPWire
import ProxyModel
import WireBasics

/// A client's connection: what nginx keeps between its requests, and the request that is going on.
///
/// States and what they wait for:
///
/// | state | bytes | deadline | client closes |
/// |---|---|---|---|
/// | `idle` | begins a request | closes | closes |
/// | `head` | reads on | closes without an answer | closes |
/// | `body` | reads on | 408, closes | closes |
/// | `delayed` | kept | goes on after `limit_req` | ends the request |
/// | `upstream` | kept | of the upstream, see `UpstreamExchange` | ends the exchange |
/// | `tunnel` | (not seen here) | | |
/// | `closed` | ignored | ignored | ignored |
///
/// Source: nginx `ngx_connection_t`, `ngx_http_connection_t`.
struct ClientConnection: Sendable {
    /// What the connection waits for.
    enum State: Hashable, Sendable {
        case idle, head, body, delayed, upstream, tunnel, closed
    }

    /// The driver's number.
    let id: ConnectionID
    /// What it connected to.
    let listener: PeerAddress
    /// Where it comes from.
    let client: PeerAddress
    /// The address of the configuration that took it, by its index.
    let listen: Int
    /// When it was opened.
    let opened: CaptureInstant
    /// `$connection`: counted by nginx from its start.
    let serial: Int

    /// What a load balancer sent in front of the first request, where the listener takes it.
    var proxyProtocol: ProxyProtocolHeader?
    /// What it waits for.
    var state = State.idle
    /// How many requests it has served, the current one counted.
    var requests = 0
    /// What was read and not parsed.
    var input = HeaderBuffer()
    /// Readers of the head in hand.
    var lineParser: RequestLineParser
    var headerParser: RequestHeaderParser
    /// Bytes of the line that is being read.
    var unfinished = 0
    /// Whether the request line is complete.
    var hasLine = false
    /// Reader of the body in hand.
    var chunks: ChunkedBody?
    /// The request, and behind it the subrequest that is going on; never empty.
    var stack = [Request()]
    /// Values of variables, by number: one set for a request and its subrequests.
    var variables: [VariableState] = []
    /// The timer that waits for the client.
    var timer: TimerID?
    /// Until when a reload leaves it alone while it waits for a further request (`keepalive_min_timeout`).
    var staysUntil = CaptureInstant.epoch
    /// Whether the client closed its sending side.
    var hasEnded = false
    /// Bytes for the client that wait in nginx's output buffer (`postpone_output`).
    var postponed: [UInt8] = []
    /// Bytes sent to the client.
    var bytesSent = 0
    /// What the model does not model and this request met: said once each.
    var said: Set<ConfigLocation> = []

    /// Whether a request was served and the next one has not begun: nginx may close such a connection to make room.
    var waitsForFurtherRequest: Bool { state == .idle && requests > 0 }

    /// Takes a line of the head into account that is read whole: `$request_length` counts no others.
    mutating func countLine() {
        stack[0].length += unfinished
        unfinished = 0
    }

    /// The value of a variable.
    enum VariableState: Hashable, Sendable {
        /// Not asked for yet, or to be asked for again.
        case unknown
        /// Asked for; nil when there is none.
        case known(ByteString?)
    }
}
