import Verdicts
import WebSocketWire
import WireBasics

extension PacketPlace {
    /// `#12`, or `#12 of chat.pcap1`.
    var sign: String { "#\(packet)" + file }

    /// `1,204`, or `1,204 of chat.pcap1`.
    var number: String { Quantity.grouped(packet) + file }
}

extension CaptureSummary {
    /// `5 connections`; in a file that continues another, those that run on from there do not count: `2 new connections`.
    var connectionWords: String {
        Quantity.counted(connections, continuation == nil ? "connection" : "new connection")
    }
}
