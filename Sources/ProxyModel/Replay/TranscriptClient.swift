import HTTPWire
import TCPReassembly
import WebSocketWire
import WireBasics

/// A captured client: sends what the transcripts of one connection say, at the captured instants.
struct TranscriptClient: ClientActor {
    /// The exchanges of the connection, in order.
    let exchanges: [SessionTranscript]
    private var begun = 0
    private var isConnected = false
    /// Whether the connection has begun with what a load balancer sent in front of it.
    private var isIntroduced = false
    /// The tunnel's traffic decides about the end.
    private var isFollowed = false
    private var status: Int?

    /// How long a client that was refused keeps the connection, so that the body can arrive.
    private static let patience = TimeSpan.milliseconds(250)
    /// The token of the alarm that closes the connection; the others are numbers of exchanges.
    private static let closing = -1

    init(exchanges: [SessionTranscript]) {
        self.exchanges = exchanges
    }

    mutating func connected(at instant: CaptureInstant) -> [ClientCommand] {
        isConnected = true
        isIntroduced = false
        return begun == 0 ? wakeForNext() : []
    }

    mutating func woken(_ token: Int, at instant: CaptureInstant) -> [ClientCommand] {
        guard token != Self.closing else { return isConnected && !isFollowed ? [.close(.full)] : [] }
        let exchange = exchanges[token]
        begun = token + 1
        status = nil
        // The proxy may have closed a connection that lived on in the capture: a client connects again.
        let again: [ClientCommand] = isConnected ? [] : [.connect]
        let introduction = isConnected && isIntroduced ? [] : exchange.proxyProtocol?.bytes ?? []
        isIntroduced = true
        return again
            + [.beginExchange, .send(introduction + exchange.request.head.bytes + exchange.requestBody.start)]
            + wakeForNext()
    }

    mutating func received(_ bytes: [UInt8], at instant: CaptureInstant) -> [ClientCommand] {
        guard status == nil, begun > 0, let line = StatusLine(bytes), line.status >= 200 || line.status == 101 else {
            return []
        }
        status = line.status
        // A client whose handshake is refused where it was not in the capture gives up the connection.
        let exchange = exchanges[begun - 1]
        guard exchange.kind == .websocket, line.status != 101, exchange.response?.head.status == 101 else { return [] }
        return [.wake(Self.closing, at: instant + Self.patience)]
    }

    mutating func tunnelOpened(at instant: CaptureInstant) -> [ClientCommand] {
        guard begun > 0, let tunnel = exchanges[begun - 1].tunnel else {
            // Nothing is known of what the client would have said: it leaves.
            return [.wake(Self.closing, at: instant + Self.patience)]
        }
        isFollowed = true
        return [
            .follow(
                TunnelTraffic(
                    transcript: tunnel, ending: exchanges[begun - 1].ending, shift: instant - tunnel.opened))
        ]
    }

    mutating func closed(_ how: Closing, at instant: CaptureInstant) -> [ClientCommand] {
        isConnected = false
        return []
    }

    private func wakeForNext() -> [ClientCommand] {
        if begun < exchanges.count {
            return [.wake(begun, at: exchanges[begun].request.last.instant)]
        }
        // A connection that the server ended in the capture may live on here: its client leaves a little later.
        guard let end = exchanges.last?.ending, let party = end.by else { return [] }
        return [.wake(Self.closing, at: party == .client ? end.at : end.at + Self.patience)]
    }
}
