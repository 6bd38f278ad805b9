import TCPReassembly
import Testing

@Suite("Sequence numbers")
struct SequenceNumberTests {
    @Test(
        "Distances go the shorter way round",
        arguments: [
            (5, 3, 2), (3, 5, -2), (2, UInt32.max, 3), (UInt32.max, 2, -3), (1 << 31, 0, -(1 << 31)), (0, 0, 0),
        ] as [(UInt32, UInt32, Int)])
    func distance(_ left: UInt32, _ right: UInt32, _ expected: Int) {
        #expect(SequenceNumber(left).distance(from: SequenceNumber(right)) == expected)
    }

    @Test(
        "Adding wraps",
        arguments: [(UInt32.max, 1, 0), (0, -1, UInt32.max), (7, 1 << 32, 7)] as [(UInt32, Int, UInt32)])
    func addition(_ start: UInt32, _ count: Int, _ expected: UInt32) {
        #expect((SequenceNumber(start) + count).rawValue == expected)
    }
}
