import Foundation
import Testing
import WSReplayKit

/// READMEs of cases say what real applications made of the requests that real nginx sent.
@Suite("Known servers behind nginx")
struct KnownServerCaptureTests {
    /// A row of such a table: `| Tornado 6.6.1 | 403 | 403 | 101 |`.
    struct Row: CustomTestStringConvertible, Sendable {
        let caseName: String
        let server: String
        let statuses: [Int]

        var testDescription: String { "\(caseName), \(server)" }

        static let all: [Row] = Repository.cases.flatMap { name in
            let readme = try? String(contentsOfFile: Repository.path("Captures/\(name)/README.md"), encoding: .utf8)
            return (readme ?? "").split(separator: "\n").compactMap { row(in: $0, of: name) }
        }

        private static func row(in line: Substring, of name: String) -> Row? {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            let servers = ["`websockets` ": "websockets", "aiohttp ": "aiohttp", "Tornado ": "tornado"]
            guard let server = servers.first(where: { cells.first?.hasPrefix($0.key) == true })?.value else {
                return nil
            }
            let statuses = cells.dropFirst().compactMap { Int($0) }
            return statuses.count == 3 && cells.count == 4
                ? Row(caseName: name, server: server, statuses: statuses) : nil
        }
    }

    @Test("each refuses and accepts what the real one did", arguments: Row.all)
    func statuses(row: Row) throws {
        let server = try #require(KnownServer.named(row.server))
        let run = try Replay(
            captures: [Repository.path("Captures/chat/capture.pcap")],
            proxies: [ProxyChoice(path: Repository.path("Captures/\(row.caseName)/nginx.conf"), version: "1.22.1")],
            backends: BackendScripts(others: BackendScript(.server(server)))
        ).run()
        #expect(run.sessions.filter { $0.transcript.kind == .websocket }.map(\.outcome.status) == row.statuses)
    }

    @Test("there are such tables")
    func found() {
        #expect(Row.all.count >= 30)
    }
}
