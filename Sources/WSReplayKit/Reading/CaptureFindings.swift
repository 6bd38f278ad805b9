import TCPReassembly
import WebSocketWire
import WireBasics

// What is worth saying about a capture as a whole.

extension Finding {
    /// A capture in which no exchange begins, and why, as far as its ledger tells.
    static func noExchange(
        path: String, packets: PacketLedger, uses: ByteLedger, tunnels: [MidstreamTranscript]
    ) -> Finding {
        let why: String
        if packets.total == 0 {
            why = "the file holds no packet"
        } else if packets.tcp == 0 {
            why = "none of its \(packets.total) packets is TCP"
        } else if uses[.client, .overLimit] > 0 {
            why = "the request heads in it are longer than the limit"
        } else if tunnels.isEmpty, uses[.client, .afterGap] > 0 || uses.missing > 0 && uses[.client] == 0 {
            why = "bytes of the request heads in it are missing"
        } else if !tunnels.isEmpty {
            why = "\(tunnels.words) no opening handshake in it"
        } else if uses[.unrequested] > 0 {
            why = "only the servers' side of the connections is in it"
        } else if uses[.notHTTP] > 0 {
            why =
                "its connections start with something else than an HTTP/1 request: TLS, HTTP/2, another protocol, or "
                + "the middle of a connection"
        } else {
            why = "its connections carry no byte of a request"
        }
        return Finding(
            code: "capture.no-exchange", severity: .warning, blame: .capture,
            message: "\(VisibleText.escape(path)) holds no HTTP/1 request", why: why,
            mend: tunnels.isEmpty
                ? "capture both directions of the plain-text side of the traffic (behind TLS), from the first packet of "
                    + "the connections" : captureFromTheStart)
    }

    /// Packets that were not captured whole.
    static func cutPackets(_ count: Int, longest: Int, path: String) -> Finding {
        Finding(
            code: "capture.snaplen", severity: .warning, blame: .capture,
            message: "\(VisibleText.escape(path)): of \(count) packets only the first bytes were captured, at most "
                + "\(longest)",
            why: "what is cut off is a hole in its connection: heads and frames that reach into it are not read",
            mend: "capture whole packets: tcpdump -s 0")
    }

    /// Packets that start with something that is not read.
    static func unsupportedLink(_ link: PacketIntake.UnsupportedLink, path: String, packet: Int) -> Finding {
        Finding(
            code: "capture.unsupported-link-type", severity: .warning, blame: .capture,
            message: "\(VisibleText.escape(path)): \(link.packets) packets have the link type \(link.linkType), "
                + "which is not read here",
            why: "link types tell what stands in front of the IP header",
            mend: "capture on an Ethernet-like interface, or convert the file", packet: packet)
    }

    /// A file that could continue several streams.
    static func undecided(path: String, continuing others: [String]) -> Finding {
        let names = others.prefix(3).map { VisibleText.escape($0) }.joined(separator: " or ")
        return Finding(
            code: "capture.series-unclear", severity: .hint, blame: .capture,
            message: "\(VisibleText.escape(path)) could continue \(names): it is read by itself",
            why: "it begins when they have ended, and the names of the files do not tell which one it belongs to",
            mend: "give each series of files the same name but for digits, or read each in a run of its own")
    }
}
