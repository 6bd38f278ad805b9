import WireBasics

/// Findings about the bytes of a capture, kept within bounds: of each code the first ones, and how many follow.
struct FindingLog {
    private var kept: [Finding] = []
    private var counts: [String: Int] = [:]

    private static let keptOfOneCode = 5

    mutating func add(_ finding: Finding) {
        counts[finding.code, default: 0] += 1
        if counts[finding.code, default: 0] <= Self.keptOfOneCode { kept.append(finding) }
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
