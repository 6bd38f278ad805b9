package import WireBasics

/// A capture file, read once from its start to its end.
///
/// pcap is read by `PcapReader`, its rare variants by libpcap, pcapng by `PcapngReader`; all may be compressed with gzip.
/// Memory does not depend on the size of the file.
///
///     var file = try CaptureFile(path: "chat.pcap")
///     while file.next({ packet, bytes in table.receive(bytes, …) }) {}
///     let packets = file.packets, finding = file.finding
package struct CaptureFile: ~Copyable {
    /// How the packets are kept.
    package enum Format: String, Sendable {
        case pcap, pcapng
    }

    /// The file as the user named it.
    package let path: String
    /// How the packets are kept.
    package let format: Format
    /// How many packets were read so far.
    package private(set) var packets = 0
    /// Why the file was not read to its end; nil while it is being read, and when all of it was.
    package var finding: Finding? { reader.finding }
    /// Whether the file is compressed with gzip.
    package var isCompressed: Bool { bytes.isCompressed }
    /// How many bytes of the file were read so far, for progress.
    package var bytesRead: Int { bytes.bytesRead }
    /// How many bytes the file has; nil where that is not known (a pipe).
    package var fileSize: Int? { bytes.fileSize }

    private let bytes: CaptureBytes
    private let reader: any PacketReader

    /// Opens a capture file; `-` is standard input.
    ///
    /// - Throws: `missing` or `unreadable` when the file cannot be opened or read, and what the other initialiser throws.
    package init(path: String) throws(CaptureFileError) {
        try self.init(try CaptureBytes(path: path))
    }

    /// A capture file that is open, and of which no byte was taken.
    ///
    /// - Throws: `unreadable` when it cannot be read, `empty` when it has no byte, `notACapture` when it is something
    ///   else, `damagedHeader` when it starts like a capture and cannot be one.
    package init(_ bytes: CaptureBytes) throws(CaptureFileError) {
        let path = bytes.path
        let start = try bytes.peek(64)
        if start.count < 24, let failure = bytes.failure {
            throw CaptureFileError(
                .damagedHeader, path: path, what: "the start of the file cannot be read: \(failure)",
                why: "a capture has a header of 24 bytes or more", mend: "copy the file again, or capture again")
        }
        guard !start.isEmpty else {
            throw CaptureFileError(
                .empty, path: path, what: "the file is empty", why: "a capture has a header of 24 bytes or more",
                mend: "capture again, for example: tcpdump -w chat.pcap -s 0 'tcp port 80'")
        }
        let format: Format = PcapngReader.recognises(start) ? .pcapng : .pcap
        let reader: any PacketReader
        if format == .pcapng {
            reader = PcapngReader(bytes, path: path)
        } else if let usual = PcapReader(bytes, path: path, start: start) {
            reader = usual
        } else {
            reader = try LibpcapReader(bytes, path: path)
        }
        (self.path, self.format, self.bytes, self.reader) = (path, format, bytes, reader)
    }

    /// Reads the next packet and hands it on; the bytes are valid during the call only.
    ///
    /// - Returns: false at the end of the file, or where it is cut or damaged: `finding` says so.
    package mutating func next(_ body: (CapturedPacket, RawSpan) -> Void) -> Bool {
        guard reader.next(body) else { return false }
        packets += 1
        return true
    }
}

/// What reads packets from the bytes of a file.
protocol PacketReader: AnyObject {
    /// Why reading stopped before the end.
    var finding: Finding? { get }
    /// Hands the next packet on; false when there is none.
    func next(_ body: (CapturedPacket, RawSpan) -> Void) -> Bool
}
