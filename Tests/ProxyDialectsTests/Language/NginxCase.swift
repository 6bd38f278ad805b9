import Foundation
import ProxyModel
import Testing

@testable import ProxyDialects

/// Some lines of a configuration, and what nginx says of them.
struct NginxCase: Sendable, CustomTestStringConvertible {
    /// The lines.
    var lines: String
    /// nginx's complaint; nil when it accepts them.
    var message: String?
    /// The line that it names, counted in the whole file.
    var line: Int?
    /// What it warns of.
    var warnings: [String]

    init(_ lines: String, _ message: String? = nil, _ line: Int? = nil, warns warnings: [String] = []) {
        self.lines = lines
        self.message = message
        self.line = line
        self.warnings = warnings
    }

    var testDescription: String { lines }

    /// Where lines may stand, with a file around them that is right.
    enum Context: String, CaseIterable, Sendable {
        case main, http, server, location, upstream

        /// A whole file with the lines in it.
        func file(_ lines: String) -> String {
            switch self {
            case .main: lines
            case .http: "events {}\nhttp {\n\(lines)\n}\n"
            case .server: "events {}\nhttp {\nserver {\nlisten 127.0.0.1:18080;\n\(lines)\n}\n}\n"
            case .location:
                "events {}\nhttp {\nserver {\nlisten 127.0.0.1:18080;\nlocation / {\n\(lines)\n}\n}\n}\n"
            case .upstream:
                "events {}\nhttp {\nupstream u {\n\(lines)\n}\nserver {\nlisten 127.0.0.1:18080;\n"
                    + "location / {\nproxy_pass http://u;\n}\n}\n}\n"
            }
        }

        /// The table of cases.
        var cases: [NginxCase] {
            switch self {
            case .main: NginxCase.mainContext
            case .http: NginxCase.httpContext
            case .server: NginxCase.serverContext
            case .location: NginxCase.locationContext
            case .upstream: NginxCase.upstreamContext
            }
        }
    }

    /// What `nginx -t` prints for a file of that name.
    func output(_ file: String) -> [String] {
        var out = warnings.map { "nginx: [warn] \($0)" }
        guard let message else {
            return out + [
                "nginx: the configuration file \(file) syntax is ok",
                "nginx: configuration file \(file) test is successful",
            ]
        }
        out.append("nginx: [emerg] \(message)" + (line.map { " in \(file):\($0)" } ?? ""))
        return out + ["nginx: configuration file \(file) test failed"]
    }
}

/// What the checker prints.
func checkerOutput(_ file: String, _ text: String, _ version: NginxVersion = .init(1, 22, 1)) -> [String] {
    do {
        return try NginxLanguage.read(file, from: NginxFiles([file: text]), version: version).output
    } catch {
        return error.nativeOutput
    }
}

/// Lines without the places of warnings and without the line that only says that the syntax is ok.
func comparable(_ lines: [String]) -> [String] {
    lines.filter { !$0.hasSuffix("syntax is ok") }.map { line in
        guard line.contains("[warn]"), let range = line.range(of: #" in \S+:\d+$"#, options: .regularExpression) else {
            return line
        }
        return String(line[..<range.lowerBound])
    }
}
