import WSReplayKit

/// Whether a capture's account closes.
enum Ledger {
    /// What does not add up; empty when everything does.
    static func faults(of capture: InspectedCapture) -> [String] {
        let (packets, bytes) = (capture.ledger.packets, capture.ledger.bytes)
        var faults: [String] = []
        if sum(packets) != total(packets) { faults.append("packets: \(packets)") }
        if total(packets) != capture.summary.packets { faults.append("\(capture.summary.packets) packets: \(packets)") }
        // Missing bytes are those that are not there; what was brought forward is a part of the total.
        if sum(bytes.filter { !["missing", "broughtForward"].contains($0.name) }) != total(bytes) {
            faults.append("bytes: \(bytes)")
        }
        if (packets + bytes).contains(where: { $0.count < 0 }) { faults.append("a count below zero") }
        return faults
    }

    /// What the files of a series got from the ones before: nothing in the first.
    static func broughtForward(_ series: ArraySlice<InspectedCapture>) -> [Int] {
        series.map { count($0, "broughtForward") } + [0]
    }

    /// What they left for the next ones, and nothing before the first.
    static func carriedForward(_ series: ArraySlice<InspectedCapture>) -> [Int] {
        [0] + series.map { count($0, "carriedForward") }
    }

    private static func count(_ capture: InspectedCapture, _ name: String) -> Int {
        capture.ledger.bytes.first { $0.name == name }?.count ?? 0
    }

    private static func total(_ counts: [NamedCount]) -> Int { counts.first { $0.name == "total" }?.count ?? 0 }

    private static func sum(_ counts: [NamedCount]) -> Int {
        counts.filter { $0.name != "total" }.reduce(0) { $0 + $1.count }
    }
}
