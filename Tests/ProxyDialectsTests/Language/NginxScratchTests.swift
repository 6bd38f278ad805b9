import Foundation
import ProxyModel
import Testing

@testable import ProxyDialects

@Suite("scratch") struct NginxScratchTests {
    @Test func scratch() throws {
        guard let folder = ProcessInfo.processInfo.environment["SCRATCH"] else { return }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() where name.hasSuffix(".conf") {
            let path = folder + "/" + name
            var lines: [String]
            do { lines = try NginxLanguage.read(path, from: NginxDisk(), version: .init(1, 22, 1)).output } catch {
                lines = error.nativeOutput
            }
            try (lines.joined(separator: "\n") + "\n").write(toFile: path + ".ours", atomically: false, encoding: .utf8)
        }
    }
}
