import TCPReassembly
import WebSocketWire
import WireBasics

extension CaptureLimits {
    /// What is worth saying of the limits that a capture reached as a whole; those that a session reached are its losses.
    func findings(_ stream: StreamLedger, datagrams: Int, _ budget: RecordBudget?) -> [Finding] {
        var findings: [Finding] = []
        if datagrams > 0 {
            findings += reached(
                ["fragments", "fragment-bytes"],
                "\(datagrams) IP datagrams were given up before all their fragments came",
                "more than \(reassembly.fragmentedDatagrams) datagrams or \(reassembly.fragmentBytes) bytes of fragments "
                    + "waited at one time")
        }
        if stream.connectionsGivenUp > 0 {
            findings += reached(
                ["connections"], "\(stream.connectionsGivenUp) connections were given up while they were open",
                "more than \(reassembly.connections) were there at one time, as in a flood of SYNs; those silent longest "
                    + "were given up")
        }
        if stream.heldLimitReached > 0 {
            findings += reached(
                ["reorder", "reorder-segments"],
                "\(stream.heldLimitReached) times, bytes that were missing were given up before the end of a connection",
                "more than \(reassembly.heldBytes) bytes or \(reassembly.heldSegments) segments waited behind them; where "
                    + "they came later, they were not read")
        }
        if budget?.isSpent == true {
            findings += reached(
                ["frames"], "not every frame is listed", "a listing ends at \(listedRecords) frames and messages",
                severity: .hint)
        }
        return findings
    }

    private func reached(
        _ names: [String], _ message: String, _ why: String, severity: Finding.Severity = .warning
    ) -> [Finding] {
        let limits = names.compactMap(CaptureLimit.named)
        guard let limit = limits.first else { return [] }
        return [
            Finding(
                code: limit.sign, severity: severity, blame: .wsreplay, message: message, why: why,
                mend: limits.map { $0.mend(from: self) }.joined(separator: ", or "))
        ]
    }
}
