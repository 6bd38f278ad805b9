import Foundation

/// The verdicts of a run's JSON, in the order of its sessions.
struct Verdicts: Equatable {
    var bySession: [String]

    init(_ json: Data) throws {
        let run = try JSONDecoder().decode(Run.self, from: json)
        // Without the file's name: the same sessions may come from another file.
        bySession = run.sessions.map { session in
            let number = session.id.split(separator: "#").last.map(String.init) ?? ""
            let differences = session.differences.map { "\($0.path) \($0.because) \($0.mend)" }
            return ([number, session.verdict] + differences).joined(separator: "; ")
        }
    }

    /// The same for sessions that several files number by themselves.
    var withoutNumbers: [Substring] { bySession.map { $0.drop { $0 != ";" } } }

    private struct Run: Decodable {
        var sessions: [Session]
    }

    private struct Session: Decodable {
        var id: String
        var verdict: String
        var differences: [Difference]
    }

    private struct Difference: Decodable {
        var path: String
        var because: String
        var mend: String
    }
}
