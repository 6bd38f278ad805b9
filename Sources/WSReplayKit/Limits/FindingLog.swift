import WireBasics

/// Findings about the bytes of a capture, kept within bounds: of each code the first ones, and how many follow.
struct FindingLog: Sendable {
    private var kept: [Finding] = []
    private var counts: [String: Int] = [:]

    private static let keptOfOneCode = 5

    mutating func add(_ finding: Finding) {
        counts[finding.code, default: 0] += 1
        keep(finding)
    }

    /// Adds what was found in another share of the connections.
    static func += (left: inout FindingLog, right: FindingLog) {
        for (code, count) in right.counts { left.counts[code, default: 0] += count }
        for finding in right.kept { left.keep(finding) }
    }

    /// By packet and not as they come: the order in which connections end is another one on each number of threads.
    private mutating func keep(_ finding: Finding) {
        kept.insert(finding, at: kept.firstIndex { finding.place < $0.place } ?? kept.endIndex)
        if kept.count(where: { $0.code == finding.code }) > Self.keptOfOneCode,
            let last = kept.lastIndex(where: { $0.code == finding.code })
        {
            kept.remove(at: last)
        }
    }

    /// What was kept, in order; the last one of a code says how many more there are.
    var findings: [Finding] {
        var findings = kept
        for (code, count) in counts where count > Self.keptOfOneCode {
            guard let last = findings.lastIndex(where: { $0.code == code }) else { continue }
            findings[last].message += " (and \(count - Self.keptOfOneCode) more like it in this capture)"
        }
        return findings
    }
}

extension Finding {
    fileprivate var place: (Int, String, String) { (packet ?? .max, code, message) }
}
