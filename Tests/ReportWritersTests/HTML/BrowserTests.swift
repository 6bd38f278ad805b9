import Foundation
import ReportWriters
import Testing

/// Pages in a real browser.
@Suite struct BrowserTests {
    @Test(
        "in Chromium the page's own script runs and hostile content does not",
        .enabled(if: Chromium.isThere, "chromium is not installed"))
    func hostile() throws {
        let page = HostileRun.documents[0].text("html") { $0.maximumShownBytes = 512 }
        let dom = try Chromium.dom(of: page)
        #expect(dom.contains("<html lang=\"en\" class=\"js\">"), "our script ran")
        #expect(dom.contains("<title>wsreplay: "), "nobody else changed the title")
        #expect(!dom.contains("<img"))
    }

    @Test(
        "in Chromium the filter in the address hides rows",
        .enabled(if: Chromium.isThere, "chromium is not installed"))
    func filter() throws {
        let dom = try Chromium.dom(of: SampleDocuments.all[0].text("html"), query: "?f=v%3Abroken&theme=dark")
        #expect(dom.contains("data-theme=\"dark\""))
        #expect(dom.contains(">3 of 8</span>"))
    }
}

private enum Chromium {
    static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    static var isThere: Bool { path != nil }

    /// The document after the page's script ran.
    static func dom(of page: String, query: String = "") throws -> String {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("wsreplay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appendingPathComponent("report.html")
        try Data(page.utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(path))
        process.arguments = [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path)/profile", "--dump-dom",
            "file://\(file.path)\(query)",
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}
