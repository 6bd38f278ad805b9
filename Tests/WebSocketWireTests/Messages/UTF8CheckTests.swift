import Testing

@testable import WebSocketWire

@Suite("UTF8Check")
struct UTF8CheckTests {
    /// Feeds the bytes in pieces of each length, and expects one result.
    private func isValid(_ bytes: [UInt8]) -> Bool {
        let results = [max(1, bytes.count), 1, 2, 3, 7, 9].map { length in
            var check = UTF8Check()
            for start in stride(from: 0, to: bytes.count, by: length) {
                check.receive(Array(bytes[start..<min(bytes.count, start + length)]).span.bytes)
            }
            return check.isValid
        }
        #expect(results.allSatisfy { $0 == results[0] })
        return results[0]
    }

    @Test("every character is valid and none of its beginnings is")
    func characters() {
        for value in stride(from: 0, through: 0x10FFFF, by: 251) {
            guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
            let bytes = Array(String(Character(scalar)).utf8)
            #expect(isValid(bytes))
            if bytes.count > 1 { #expect(!isValid(Array(bytes.dropLast()))) }
        }
    }

    @Test("each sequence of two bytes, and of three that start with E0, ED, F0 or F4, is judged as Swift judges it")
    func exhaustive() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let bytes = [first, second]
                var check = UTF8Check()
                check.receive(bytes.span.bytes)
                guard check.isValid != (String(validating: bytes, as: UTF8.self) != nil) else { continue }
                Issue.record("\(bytes)")
            }
        }
        for first: UInt8 in [0xE0, 0xED, 0xF0, 0xF4, 0xEF] {
            for second in UInt8.min...UInt8.max {
                let bytes = [first, second, 0x80] + (first >= 0xF0 ? [0x80] : [])
                #expect(isValid(bytes) == (String(validating: bytes, as: UTF8.self) != nil), "\(bytes)")
            }
        }
    }

    @Test("random bytes behind ASCII are judged as Swift judges them")
    func random() {
        var random = SplitMix(seed: 11)
        for _ in 0..<2000 {
            var bytes = Array("some ASCII, more than a word".utf8.prefix(Int(random.next() % 29)))
            let text = String(
                String.UnicodeScalarView((0..<6).compactMap { _ in Unicode.Scalar(UInt32(random.next() % 0x11_0000)) }))
            bytes += Array(text.utf8)
            if random.next() % 2 == 0 { bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(random.next() % 256) }
            #expect(isValid(bytes) == (String(validating: bytes, as: UTF8.self) != nil))
        }
    }
}
