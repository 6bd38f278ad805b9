import Testing
import Verdicts
import WireBasics

@Suite("Names of captures and places of packets")
struct CaptureNamesTests {
    @Test(
        "are as short as they can be and still tell the captures apart",
        arguments: [
            (["chat.pcap"], ["chat.pcap"]),
            (["/a/chat.pcap", "/a/other.pcap"], ["chat.pcap", "other.pcap"]),
            (["/a/chat.pcap", "/b/chat.pcap"], ["a/chat.pcap", "b/chat.pcap"]),
            (["a/x/chat.pcap", "b/x/chat.pcap", "c/y/chat.pcap"], ["a/x/chat.pcap", "b/x/chat.pcap", "y/chat.pcap"]),
            (["chat.pcap", "a/chat.pcap"], ["chat.pcap", "a/chat.pcap"]),
            (["chat.pcap", "chat.pcap", "./chat.pcap"], ["chat.pcap", "chat.pcap~2", "./chat.pcap"]),
            (["a", "a~2", "a"], ["a", "a~2", "a~3"]),
            (["-", "/", ""], ["-", "", "~2"]),
        ] as [([String], [String])])
    func names(_ paths: [String], _ names: [String]) {
        #expect(CaptureNames(paths).names == names)
    }

    private static func capture(
        _ path: String, _ packets: Int, after: String? = nil, _ before: Int = 0
    ) -> CaptureSummary {
        CaptureSummary(
            path: path, format: "pcap", sha256: "", packets: packets, connections: 0, span: nil, findings: [],
            continuation: after.map { Continuation(of: $0, packetsBefore: before) })
    }

    @Test("a packet of a series is found in its file, from any file of the series")
    func places() {
        let places = PacketPlaces([
            Self.capture("x", 7), Self.capture("d/a", 10), Self.capture("d/b", 0, after: "d/a", 10),
            Self.capture("d/c", 5, after: "d/b", 10), Self.capture("y", 3),
        ])
        let own = places.packets(of: SessionID(file: "a", number: 1))
        #expect(own.place(10) == PacketPlace(packet: 10))
        #expect(own.place(11) == PacketPlace(packet: 1, path: "d/c", name: "c"))
        #expect(own.place(15) == PacketPlace(packet: 5, path: "d/c", name: "c"))
        #expect(own.isInSeries)
        let last = places.packets(of: SessionID(file: "c", number: 1))
        #expect(last.place(12) == PacketPlace(packet: 2))
        #expect(last.place(3) == PacketPlace(packet: 3, path: "d/a", name: "a"))
        let alone = places.packets(of: SessionID(file: "y", number: 1))
        #expect(alone.place(99) == PacketPlace(packet: 99))
        #expect(!alone.isInSeries)
        #expect(places.packets(of: SessionID(file: "z", number: 1)).place(4) == PacketPlace(packet: 4))
    }

    @Test("a file whose forerunners are not there still numbers its own packets")
    func alone() {
        let places = PacketPlaces([Self.capture("c", 5, after: "b", 10)])
        #expect(places.packets(of: SessionID(file: "c", number: 1)).place(12) == PacketPlace(packet: 2))
    }

    @Test("counts that no capture can have do not trap", arguments: [Int.min, -1, Int.max])
    func hostile(_ count: Int) {
        let places = PacketPlaces([Self.capture("a", count), Self.capture("b", count, after: "a", count)])
        for packet in [Int.min, 0, Int.max] {
            for file in ["a", "b"] { _ = places.packets(of: SessionID(file: file, number: 1)).place(packet) }
        }
    }
}
