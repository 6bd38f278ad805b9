import CaptureFiles
import ReportWriters
import Verdicts
import WebSocketWire
import WireBasics

/// Reads captures, or transcripts that were written earlier, into transcripts.
///
/// Files that continue each other are read as one stream: see `SeriesChoice`.
struct CaptureReading {
    /// Files and folders, as the user named them.
    var paths: [String]
    /// How much of single frames is kept.
    var detail: ReaderDetail
    /// How much is kept meanwhile.
    var limits = CaptureLimits()
    /// Whether the files' SHA-256 is wanted: it means reading them twice.
    var withDigests = false
    /// Whether bytes that come again are compared with those that were read, where those are not long ago.
    ///
    /// It takes time, and is worth it where a verdict depends on the bytes.
    var comparesRepeatedBytes = false
    /// Which threads read the connections of a large capture.
    var division = ConnectionDivision()

    /// Reads every file.
    ///
    /// - Throws: `UserError` when a path means no capture, or when none can be read at all. A file that is cut or damaged
    ///   gives what it holds, and a finding; so does one that cannot be read among others that can.
    func read() throws(UserError) -> InspectReport {
        let list = try CaptureList(paths)
        var streams: [Stream] = []
        let budget = detail.digests ? RecordBudget(limits.listedRecords) : nil
        for file in list.files { try read(file, into: &streams, budget) }
        if case .unreadable(let error)? = streams.first, streams.allSatisfy(\.isUnreadable) { throw UserError(error) }
        var captures = streams.flatMap { $0.finish(withDigests: withDigests) }
        name(&captures)
        return InspectReport(captures: captures, findings: list.findings)
    }

    /// What is read by itself.
    private enum Stream {
        case series(SeriesReader, [Finding])
        case transcripts([InspectedCapture])
        case unreadable(CaptureFileError)

        var series: SeriesReader? {
            if case .series(let series, _) = self { series } else { nil }
        }

        var isUnreadable: Bool {
            if case .unreadable = self { true } else { false }
        }

        func finish(withDigests: Bool) -> [InspectedCapture] {
            var captures: [InspectedCapture]
            switch self {
            case .transcripts(let captures): return captures
            case .unreadable(let error): captures = [.unreadable(error)]
            case .series(let series, let findings):
                captures = series.finish()
                captures[0].summary.findings += findings
            }
            guard withDigests else { return captures }
            for index in captures.indices {
                captures[index].summary.sha256 = FileDigest.hex(ofFile: captures[index].summary.path)
            }
            return captures
        }
    }

    private func read(
        _ file: CaptureList.File, into streams: inout [Stream], _ budget: RecordBudget?
    ) throws(UserError) {
        let input: CaptureInput
        do throws(CaptureFileError) {
            if let failure = file.failure { throw failure }
            input = try CaptureInput(path: file.path)
        } catch {
            // Files were looked at before; what standard input holds shows only now.
            if error.code == .notACapture { throw UserError(error) }
            streams.append(.unreadable(error))
            return
        }
        switch consume input {
        case .transcripts(let bytes): streams.append(.transcripts(try TranscriptFile.read(bytes)))
        case .capture(let capture): read(capture, into: &streams, budget)
        }
    }

    private func read(_ capture: consuming OpenCapture, into streams: inout [Stream], _ budget: RecordBudget?) {
        let choice = SeriesChoice(
            start: capture.start, path: capture.path, among: streams.map { $0.series?.candidate })
        if let index = choice.index, let series = streams[index].series {
            series.read(capture)
            return
        }
        let others = choice.undecided.compactMap { streams[$0].series?.candidate?.path }
        let findings = others.isEmpty ? [] : [Finding.undecided(path: capture.path, continuing: others)]
        let series = SeriesReader(
            detail: detail, limits: limits, budget: budget, comparesRepeatedBytes: comparesRepeatedBytes,
            division: division)
        series.read(capture)
        streams.append(.series(series, findings))
    }

    /// Gives sessions the name of their capture and their number in it.
    private func name(_ captures: inout [InspectedCapture]) {
        let names = CaptureNames(captures.map(\.summary.path)).names
        for (index, name) in names.enumerated() where captures[index].summary.format != "ndjson" {
            for place in captures[index].sessions.indices {
                captures[index].sessions[place].id.file = name
                let number = captures[index].sessions[place].id.number
                captures[index].sessions[place].id.number = number == 0 ? place + 1 : number
            }
        }
    }
}

extension InspectedCapture {
    /// A file that cannot be read at all.
    fileprivate static func unreadable(_ error: CaptureFileError) -> InspectedCapture {
        InspectedCapture(
            summary: CaptureSummary(
                path: error.path, format: "unknown", sha256: "", packets: 0, connections: 0, span: nil,
                findings: [error.finding], damage: error.finding),
            ledger: CaptureLedger(packets: [NamedCount("total", 0)], bytes: [NamedCount("total", 0)]), sessions: [])
    }
}
