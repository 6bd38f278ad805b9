import Foundation
import ProxyModel
import Testing

@testable import ProxyDialects

extension Tag {
    /// Needs a real nginx.
    @Tag static var nginxOracle: Self
}

/// The checker and the real nginx must agree: acceptance, message and line.
@Suite(
    "nginx language against nginx itself", .tags(.nginxOracle),
    .enabled(if: NginxOracle.isInstalled, "nginx is not installed"), .serialized)
struct NginxOracleTests {
    @Test("handwritten cases", arguments: NginxCase.Context.allCases)
    func handwritten(_ context: NginxCase.Context) throws {
        try compare(context.cases.map { context.file($0.lines) })
    }

    /// `WSREPLAY_SEED` gives other cases, `WSREPLAY_CASES` more of them.
    @Test("generated cases: any directive, anywhere, with any arguments")
    func generated() throws {
        let environment = ProcessInfo.processInfo.environment
        var random = SplitMix(seed: environment["WSREPLAY_SEED"].flatMap { UInt64($0) } ?? 1)
        let count = environment["WSREPLAY_CASES"].flatMap { Int($0) } ?? 600
        // Not what touches the machine, needs files, or is a known difference.
        let left: Set<String> = [
            "daemon", "master_process", "pid", "lock_file", "user", "error_log", "load_module", "working_directory",
            "ssl_engine", "include", "modern_browser", "ssl_ocsp_cache", "worker_cpu_affinity", "valid_referers",
            "stream", "mail", "env", "resolver", "set_real_ip_from",
        ]
        let mail: NginxContexts = [.stream, .streamServer, .streamUpstream, .mail, .mailServer]
        let version = try #require(NginxVersion(NginxOracle.version))
        let names = Set(
            NginxDirectiveTable.all.filter {
                $0.exists(in: version) && !$0.contexts.isSubset(of: mail) && !left.contains($0.name)
                    && !$0.name.hasSuffix("_password_file")
            }.map(\.name)
        ).sorted()
        let arguments = [
            "", "x", "on", "off", "1", "4k", "10s", "/a", "$host", "$nope", "a b", "x y z", "1 2 3 4 5 6 7 8 9",
            "\"\" \"\"",
            "127.0.0.1:1", "error timeout", "4 8k", "\"a", "a}", "~(", "http://127.0.0.1:1", "http://127.0.0.1:1/a",
            "-1",
        ]
        let contexts = NginxCase.Context.allCases
        let files = (0..<count).map { _ in
            let context = contexts[random.next(contexts.count)]
            let statements = (0...random.next(3)).map { _ in
                "\(names[random.next(names.count)]) \(arguments[random.next(arguments.count)])"
                    + (random.next(12) == 0 ? " {}" : random.next(40) == 0 ? "" : ";")
            }
            let lines = (context == .upstream ? ["server 127.0.0.1:1;"] : []) + statements
            return context.file((context == .main ? ["events {}"] + lines : lines).joined(separator: "\n"))
        }
        try compare(files)
    }

    /// Whether nginx says what depends on the machine that it runs on: sockets, folders, files, DNS, memory.
    private func isOfThisMachine(_ nginx: [String], _ ours: [String]) -> Bool {
        let signs = ["bind() to", "mkdir()", "BIO_new_file", "fopen", "could not build optimal"]
        if nginx.contains(where: { line in signs.contains { line.contains($0) } }) { return true }
        // A log file is opened when all is read: no line is named.
        if nginx.contains(where: { $0.contains("[emerg] open()") && !$0.contains(" in /") }) { return true }
        let asksDNS = { (lines: [String]) in lines.contains { $0.contains("host not found") } }
        return asksDNS(nginx) && !asksDNS(ours)
    }

    private func compare(_ texts: [String]) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
            "wsreplay-oracle-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("logs"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let version = try #require(NginxVersion(NginxOracle.version))
        let path = folder.appendingPathComponent("nginx.conf").path
        var disagreements = 0
        for text in texts {
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            let nginx = try NginxOracle.check(path, prefix: folder.path)
            let ours: [String]
            do {
                ours = try NginxLanguage.read(path, from: NginxDisk(), version: version).output
            } catch {
                ours = error.nativeOutput
            }
            guard !isOfThisMachine(nginx.lines, ours) else { continue }
            guard ours != nginx.lines else { continue }
            disagreements += 1
            Issue.record("\(text)\nnginx: \(nginx.lines)\nours:  \(ours)")
        }
        #expect(disagreements == 0, "of \(texts.count)")
    }
}

/// A small generator of numbers, the same on every machine.
private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// A number below the bound.
    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((value ^ (value >> 31)) % UInt64(max(1, bound)))
    }
}
