import HTTPWire
import ProxyModel
import WebSocketWire
import WireBasics

/// Sends one request through a freshly started model and looks what becomes of it.
struct HandshakeProbe {
    private let configuration: NginxConfiguration

    init(_ configuration: NginxConfiguration) {
        self.configuration = configuration.lettingEverybodyIn()
    }

    /// What becomes of a request for a path; nil where no listener takes it.
    ///
    /// The handshake is a browser's: with an origin, a subprotocol and an extension, so that it shows where one of them
    /// is lost. It carries an argument for the same reason.
    func run(
        _ path: ByteString, at door: Door, asksForWebSocket: Bool, upgrade: ByteString = "websocket"
    ) -> ExchangeOutcome? {
        var fields = [HeaderField("Host", door.authority)]
        if asksForWebSocket {
            fields += [
                HeaderField("Connection", "Upgrade"), HeaderField("Upgrade", upgrade),
                HeaderField("Origin", (door.usesTLS ? "https://" : "http://") + door.authority),
                HeaderField("Sec-WebSocket-Version", "13"),
                HeaderField("Sec-WebSocket-Key", SessionTranscript.exampleKey),
                HeaderField("Sec-WebSocket-Protocol", "example"),
                HeaderField("Sec-WebSocket-Extensions", "permessage-deflate"),
            ]
        }
        let head = RequestHead(target: path + Self.arguments, headers: HeaderFields(fields))
        let transcript = SessionTranscript.direct(
            head, asksForWebSocket: asksForWebSocket, from: Self.client, to: door.place)
        let replayer = Replayer(proxies: [NginxProxy(configuration)], listener: door.place)
        guard
            case .replayed(let outcome)? = replayer.run([CapturedExchange(connection: 0, transcript: transcript)]).first
        else { return nil }
        return outcome
    }

    /// The query of every probe.
    static let arguments: ByteString = "?id=1"
    private static let client = Endpoint(address: IPAddress(v4: 0x7F00_0001), port: 50_000)
}

extension NginxConfiguration {
    /// The same without the rules that keep clients out: what a handshake meets behind them is what lint looks at.
    func lettingEverybodyIn() -> NginxConfiguration {
        var parts = Parts(file: file, version: version)
        parts.listens = listens
        parts.servers = servers
        parts.locations = locations.map { location in
            var location = location
            location.settings.access.rules = InheritedLines()
            location.settings.access.basicRealm = nil
            return location
        }
        parts.groups = groups
        parts.maps = maps
        parts.geos = geos
        parts.splits = splits
        parts.connectionZones = connectionZones
        parts.requestZones = requestZones
        parts.variables = variables
        parts.userFiles = userFiles
        // One client never runs short of connections.
        parts.workerProcesses = nil
        return NginxConfiguration(parts)
    }
}
