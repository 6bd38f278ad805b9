import CaptureFiles
import ReportWriters
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// Reads files that continue each other as one stream: connections cross from file to file.
///
/// Packets are numbered through all files. What is told of each file is its own: packets, span, damage, the sessions that
/// begin in it, and an account that closes.
final class SeriesReader {
    private var connections: SeriesConnections
    private var parts: [Part] = []
    private var span: CaptureSpan?

    /// One file.
    private struct Part {
        var path: String
        var format: String
        var packetsBefore: Int
        var packets = 0
        var span: CaptureSpan?
        var damage: Finding?
        /// Packets of which only the first bytes were captured, and the most bytes that one of them has.
        var cut = (packets: 0, longest: 0)
        // What is known when the next file begins, or when the series is over.
        var account = SeriesAccount()
        var unsupportedLinks: [PacketIntake.UnsupportedLink] = []
    }

    /// - Parameter budget: what the frames that are listed count against.
    init(
        detail: ReaderDetail, limits: CaptureLimits, budget: RecordBudget?, comparesRepeatedBytes: Bool,
        division: ConnectionDivision
    ) {
        connections = SeriesConnections(
            detail: detail, limits: limits, budget: budget, comparesRepeatedBytes: comparesRepeatedBytes,
            division: division)
    }

    /// What a file would continue; nil as long as there is no packet.
    var candidate: SeriesChoice.Candidate? {
        guard let span, let path = parts.last?.path else { return nil }
        return SeriesChoice.Candidate(first: span.first, last: span.last, path: path)
    }

    /// Reads a file to its end, or as far as it can be read.
    func read(_ file: consuming OpenCapture) {
        if !parts.isEmpty {
            closePart()
            connections.goOnInNextFile()
        }
        let packetsBefore = parts.last.map { $0.packetsBefore + $0.packets } ?? 0
        var part = Part(path: file.path, format: file.format.rawValue, packetsBefore: packetsBefore)
        var span: CaptureSpan?
        var cut = (packets: 0, longest: 0)
        while file.next({ packet, bytes in
            if bytes.byteCount < packet.originalLength {
                cut = (cut.packets + 1, max(cut.longest, bytes.byteCount))
            }
            span = CaptureSpan(
                first: min(span?.first ?? packet.instant, packet.instant),
                last: max(span?.last ?? packet.instant, packet.instant))
            connections.receive(
                bytes, linkType: packet.linkType, originalLength: packet.originalLength,
                at: PacketMark(packet: packetsBefore + packet.number, instant: packet.instant))
        }) {}
        (part.packets, part.span, part.damage, part.cut) = (file.packets, span, file.damage, cut)
        parts.append(part)
        if let span {
            self.span = CaptureSpan(
                first: min(self.span?.first ?? span.first, span.first),
                last: max(self.span?.last ?? span.last, span.last))
        }
    }

    private func closePart() {
        guard let last = parts.indices.last else { return }
        parts[last].account = connections.account()
        parts[last].unsupportedLinks = connections.unsupportedLinks
    }

    /// There is no further file; a capture for each that was read, its sessions without names.
    func finish() -> [InspectedCapture] {
        let found = connections.finish()
        var (sessions, tunnels) = (found.sessions[...], found.tunnels[...])
        closePart()
        let total = connections.account()
        let findings = connections.findings
        var before = SeriesAccount()
        var captures: [InspectedCapture] = []
        for (index, part) in parts.enumerated() {
            let end = part.packetsBefore + part.packets
            let count =
                index == parts.count - 1
                ? sessions.count : sessions.prefix { $0.transcript.request.first.packet <= end }.count
            let own = Array(sessions.prefix(count))
            sessions.removeFirst(count)
            let isLast = index == parts.count - 1
            let ownTunnels = Array(isLast ? tunnels : tunnels.prefix { $0.first.packet <= end })
            tunnels.removeFirst(ownTunnels.count)
            captures.append(
                InspectedCapture(
                    summary: summary(part, index, before, hasSessions: !own.isEmpty, ownTunnels, total, findings),
                    ledger: part.account.ledger(since: before), sessions: own, tunnels: ownTunnels))
            before = part.account
        }
        return captures
    }

    private func summary(
        _ part: Part, _ index: Int, _ before: SeriesAccount, hasSessions: Bool, _ tunnels: [MidstreamTranscript],
        _ total: SeriesAccount, _ findings: [Finding]
    ) -> CaptureSummary {
        let packets = part.account.packets - before.packets
        // A file in the middle of long sessions is as it should be.
        let isQuiet = !hasSessions && (before.unsettled == 0 || packets.tcp == 0)
        return CaptureSummary(
            path: part.path, format: part.format, sha256: "", packets: part.packets,
            connections: part.account.connections - before.connections, span: part.span,
            findings: [part.damage].compactMap(\.self)
                + (part.cut.packets > 0
                    ? [.cutPackets(part.cut.packets, longest: part.cut.longest, path: part.path)] : [])
                + part.unsupportedLinks.map {
                    .unsupportedLink($0, path: part.path, packet: $0.first.packet - part.packetsBefore)
                } + Self.own(findings, of: part, isLast: index == parts.count - 1)
                + (isQuiet
                    ? [.noExchange(path: part.path, packets: packets, uses: total.uses, tunnels: tunnels)]
                    : [])
                + [
                    Finding(midstream: tunnels, packetsBefore: part.packetsBefore),
                    Finding(
                        conflicts: total.stream, path: part.path,
                        packets: part.packetsBefore + 1..<part.packetsBefore + part.packets + 1),
                ].compactMap(\.self),
            damage: part.damage,
            continuation: index > 0
                ? Continuation(of: parts[index - 1].path, packetsBefore: part.packetsBefore) : nil)
    }

    /// The findings about packets of a file, with their numbers in it; those about no packet are said at the end.
    private static func own(_ findings: [Finding], of part: Part, isLast: Bool) -> [Finding] {
        findings.compactMap { finding in
            guard let packet = finding.packet else { return isLast ? finding : nil }
            let number = packet - part.packetsBefore
            guard (1...max(1, part.packets)).contains(number) else { return nil }
            var own = finding
            own.packet = number
            return own
        }
    }
}
