import CaptureFiles
import Foundation
import Testing

@testable import WSReplayKit

@Suite("Text line by line")
struct LineReaderTests {
    @Test(
        "empty lines count and are not handed on, long lines are whole, and the last one needs no line feed",
        arguments: ["", "\n", "\n\n"])
    func lines(_ ending: String) throws {
        let folder = try TemporaryFolder()
        let long = String(repeating: "x", count: 200_000)
        let file = try folder.create("lines", "a\n\n\(long)\n\n\nb" + ending).path
        var reader = LineReader(try CaptureFiles.CaptureBytes(path: file))
        var lines: [String] = []
        while let line = reader.next() { lines.append("\(reader.number) \(String(decoding: line, as: UTF8.self))") }
        #expect(lines == ["1 a", "3 \(long)", "6 b"])
        #expect(reader.failure == nil)
    }
}
