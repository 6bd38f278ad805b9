import ProxyModel
import Verdicts
import WireBasics

/// What a run has to say about the lines of the configuration: which causes name them, how many sessions used them.
struct ConfigurationMarks {
    /// The files, each once, in the order of the proxies.
    let files: [ConfigurationFile]
    /// The groups that name a line.
    private var groups: [Line: [MendGroup]] = [:]
    /// How many sessions went by a line.
    private var hits: [Line: Int] = [:]
    private let texts: [[String]]
    private let numbers: [String: Int]

    /// A line of one of the files, 1-based.
    struct Line: Hashable {
        var file: String
        var line: Int

        init(_ location: ConfigLocation) {
            file = location.file
            line = location.line
        }

        init(file: String, line: Int) {
            self.file = file
            self.line = line
        }
    }

    init(_ model: ReportModel) {
        var numbers: [String: Int] = [:]
        var files: [ConfigurationFile] = []
        for file in model.run.proxies.flatMap(\.files) where numbers[file.path] == nil {
            numbers[file.path] = files.count
            files.append(file)
        }
        self.files = files
        self.numbers = numbers
        texts = files.map { file in
            file.contents.split(separator: 10, omittingEmptySubsequences: false).map { line in
                model.redaction.show(Array(line).expandingTabs(), .configuration)
            }
        }
        for group in model.groups {
            guard let source = group.explanation.source else { continue }
            groups[Line(source), default: []].append(group)
        }
        for session in model.run.sessions {
            for line in Self.lines(usedBy: session.outcome) { hits[line, default: 0] += 1 }
        }
    }

    /// The file of that name.
    func file(named name: String) -> Int? { numbers[name] }

    /// The lines of a file, ready to show.
    func lines(of file: Int) -> [String] { texts[file] }

    /// The groups that name a line.
    func groups(at line: Line) -> [MendGroup] { groups[line] ?? [] }

    /// How many sessions went by a line.
    func hits(of line: Line) -> Int { hits[line] ?? 0 }

    /// The 0-based lines of a file that decided something, ascending.
    func usedLines(of path: String) -> [Int] {
        hits.keys.filter { $0.file == path }.map { $0.line - 1 }.sorted()
    }

    /// The line's name on the page; nil when the page does not hold it.
    func anchor(_ location: ConfigLocation) -> String? {
        guard let file = numbers[location.file], (1...max(1, texts[file].count)).contains(location.line) else {
            return nil
        }
        return anchor(file: file, line: location.line)
    }

    /// `c1-14`: line 14 of the first file.
    func anchor(file: Int, line: Int) -> String { "c\(file + 1)-\(line)" }

    /// Every line that a decision, a header or a step of the way names.
    private static func lines(usedBy outcome: ExchangeOutcome) -> Set<Line> {
        var sources: [ConfigLocation?] = [outcome.closedBecause?.source]
        for hop in outcome.hops {
            sources.append(hop.route?.source)
            sources += hop.trace.map(\.source)
            for attempt in hop.attempts {
                sources.append(attempt.explanation.source)
                guard let request = attempt.request else { continue }
                sources += request.headers.map(\.explanation.source) + [request.version.source, request.target.source]
            }
            sources += hop.response?.headers.map(\.explanation.source) ?? []
            sources.append(hop.response?.decided?.source)
        }
        return Set(sources.compactMap { $0.map(Line.init) })
    }
}

extension [UInt8] {
    /// Tabs as blanks up to the next multiple of four columns.
    fileprivate func expandingTabs() -> [UInt8] {
        var out: [UInt8] = []
        for byte in self where byte != 13 {
            if byte == 9 {
                repeat { out.append(32) } while out.count % 4 != 0
            } else {
                out.append(byte)
            }
        }
        return out
    }
}
