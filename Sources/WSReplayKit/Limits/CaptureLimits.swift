package import TCPReassembly
package import WebSocketWire
import WireBasics

/// How much is kept while captures are read, so that memory has a bound whatever they hold.
///
/// Each limit has a name, which `--limit NAME=VALUE` and the documentation use; reaching one is a finding that names it.
public struct CaptureLimits: Hashable, Sendable {
    package var reassembly = ReassemblyLimits()
    package var reader = ReaderLimits()
    /// Frames and messages that one reading lists with `--frames`.
    package var listedRecords = 1_000_000
    /// Bytes of payload that each of them shows.
    package var previewBytes = 128

    /// Every frame and message with its SHA-256, and as much of its payload as the limit allows.
    var frameDetail: ReaderDetail {
        var detail = ReaderDetail.frames
        detail.previewBytes = previewBytes
        return detail
    }

    /// The limits that suit captures of servers.
    public init() {}

    /// The limits with some of them changed, each written as `NAME=VALUE`.
    ///
    /// - Throws: `UserError` for a name that there is not, and for a value that is no number.
    public init(_ assignments: [String]) throws(UserError) {
        for assignment in assignments { try set(assignment) }
    }

    private mutating func set(_ assignment: String) throws(UserError) {
        let halves = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(halves[0])
        let shown = VisibleText.escape(assignment)
        guard let limit = CaptureLimit.named(name) else {
            let near = CaptureLimit.nearest(to: name)
            throw UserError(
                message: "--limit '\(shown)': there is no limit of that name",
                why: "limits are \(CaptureLimit.all.map(\.name).joined(separator: ", "))",
                mend: near.map { "did you mean \($0)?" } ?? "name one of them, for example --limit head=1M")
        }
        guard halves.count == 2, let value = limit.unit.read(String(halves[1])) else {
            throw UserError(
                message: "--limit '\(shown)': \(limit.name) needs a number of \(limit.unit.noun)",
                mend: "write for example --limit \(limit.name)=\(limit.unit.written(limit.value(of: CaptureLimits())))")
        }
        self[keyPath: limit.path] = value
    }
}
