import Verdicts
import WebSocketWire
import WireBasics

extension PacketPlace {
    /// `packet 12`, or `packet 12 of chat.pcap1` where it is not in the file in which the session begins.
    var words: String { "packet \(packet)" + file }

    /// `#12`, or `#12 of chat.pcap1`.
    var sign: String { "#\(packet)" + file }

    /// `1,204`, or `1,204 of chat.pcap1`.
    var number: String { Quantity.grouped(packet) + file }

    private var file: String { name.map { " of \(VisibleText.escape($0))" } ?? "" }
}

extension CaptureSummary {
    /// `5 connections`; in a file that continues another, those that run on from there do not count: `2 new connections`.
    var connectionWords: String {
        Quantity.counted(connections, continuation == nil ? "connection" : "new connection")
    }
}

extension PacketPlaces.SessionPackets {
    /// `packet 12`, or `packet 12 and packet 15` where two are at odds.
    func words(of loss: Loss) -> String {
        [loss.packet, loss.otherPacket].compactMap(\.self).map { place($0).words }.joined(separator: " and ")
    }
}
