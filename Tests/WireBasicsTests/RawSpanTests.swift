import Testing
import WireBasics

@Suite("Bytes where they lie")
struct RawSpanTests {
    @Test(
        "a byte is found at its first place, wherever the search starts",
        arguments: [0, 1, 10, 127, 128, 255] as [UInt8])
    func firstOffset(of byte: UInt8) {
        // What a search by words might take for the byte: values next to it, and those that differ in one bit.
        let others = [byte &- 1, byte &+ 1, byte ^ 0x80, ~byte]
        for length in 0..<40 {
            let bytes = (0..<length).map { others[$0 % others.count] }
            for place in 0...length {
                let withByte = bytes[..<place] + [byte] + bytes[place...]
                for start in 0...place {
                    #expect(Array(withByte).span.bytes.firstOffset(of: byte, from: start) == place)
                }
                #expect(bytes.span.bytes.firstOffset(of: byte, from: place) == length)
            }
        }
    }
}
