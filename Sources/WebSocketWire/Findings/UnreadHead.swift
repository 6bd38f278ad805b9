import HTTPWire
import TCPReassembly
import WireBasics

extension Finding {
    /// Bytes that mean to be a message head, that cannot be read as one, and that are in no transcript therefore.
    init(
        unread error: HeadError, of party: Party, _ bytes: [UInt8], _ connection: ConnectionStart, at mark: PacketMark
    ) {
        let ends = "\(connection.client) → \(connection.server)"
        let isTooLong = error.code == .tooLong
        let noun = party == .client ? "a request" : "a response"
        self.init(
            code: isTooLong ? LossRule.headLimit.code : "http.head.unreadable", severity: .warning,
            blame: isTooLong ? .capture : party == .client ? .client : .backend,
            message: "\(ends): \(noun) cannot be read, and nothing behind it: "
                + "\(error.message); it starts with \"\(Self.firstLine(of: bytes))\"",
            why: error.section, mend: isTooLong ? "raise it with --limit head=N" : error.mend, packet: mark.packet)
    }

    /// A request that a hole hides: bytes of its head, or all of it.
    init(lostRequest bytes: [UInt8], _ connection: ConnectionStart, at mark: PacketMark) {
        let first = Self.firstLine(of: bytes)
        let start = first.isEmpty ? "" : "; it starts with \"\(first)\""
        self.init(
            code: SessionReader.lostRequestCode, severity: .warning, blame: .capture,
            message:
                "\(connection.client) → \(connection.server): bytes of a request are not in the capture, and nothing "
                + "behind them is read\(start)",
            why: "it may be an opening handshake: what becomes of it in a replay is not known",
            mend: "capture again without loss: a larger buffer (tcpdump -B 16384), or a narrower filter",
            packet: mark.packet)
    }

    /// The first line of a head, or as much of it as is good to show.
    private static func firstLine(of bytes: [UInt8]) -> String {
        let line = bytes.prefix { $0 != 10 && $0 != 13 }
        return VisibleText.escape(line.prefix(shownBytes)) + (line.count > shownBytes ? "…" : "")
    }

    private static let shownBytes = 80
}

extension SessionReader {
    /// The code of the finding that a hole hides a request.
    package static let lostRequestCode = "http.request.lost"

    /// Whether bytes that are no HTTP/1 were meant to be: a line that names HTTP and is no other protocol's.
    static func meansToBeHead(_ bytes: [UInt8], _ error: HeadError) -> Bool {
        guard error.code == .malformedStartLine else { return false }
        let line = bytes.prefix { $0 != 10 }
        return ByteString(line).lowercased.bytes.firstRange(of: "http/".utf8) != nil
    }
}
