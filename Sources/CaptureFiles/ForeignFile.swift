import WireBasics

/// What a file that is no capture seems to be.
struct ForeignFile {
    private let start: [UInt8]

    /// A file that starts with these bytes.
    init(_ start: [UInt8]) {
        self.start = start
    }

    /// The error that tells the user.
    func error(path: String, libpcapSays text: String) -> CaptureFileError {
        if Self.pcapMagics.contains(where: { start.starts(with: $0) || start.starts(with: $0.reversed()) }) {
            return CaptureFileError(
                .damagedHeader, path: path, what: "the header of this pcap file cannot be read",
                why: "libpcap says: \(VisibleText.escape(text))", mend: "copy the file again, or capture again")
        }
        return CaptureFileError(
            .notACapture, path: path, what: "this is no capture: it looks like \(likeness)",
            why: "pcap files start with a1b2c3d4 or a1b23c4d, pcapng files with 0a0d0d0a; these bytes are \(hex)",
            mend: mend)
    }

    private var known: (magic: [UInt8], name: String, mend: String)? {
        Self.signatures.first { start.starts(with: $0.magic) }
    }

    private var likeness: String {
        if let known { return known.name }
        let trimmed = start.drop { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard start.allSatisfy({ (0x20...0x7E).contains($0) || (0x09...0x0D).contains($0) || $0 >= 0x80 }) else {
            return "binary data of another kind"
        }
        if isHexDump { return "a hex dump as text" }
        if isPrintedByTcpdump { return "the text that tcpdump prints" }
        return switch trimmed.first {
        case UInt8(ascii: "{"), UInt8(ascii: "["): "JSON text"
        case UInt8(ascii: "<"): "HTML or XML text"
        default: "text (\"\(VisibleText.escape(trimmed.prefix { $0 != 0x0A && $0 != 0x0D }.prefix(32)))\")"
        }
    }

    private var mend: String {
        if let known { return known.mend }
        if isHexDump { return "convert it: text2pcap FILE chat.pcap, or xxd -r FILE chat.pcap for a dump of a capture" }
        if isPrintedByTcpdump { return "write packets instead of text: tcpdump -w chat.pcap" }
        return "give a file written by tcpdump -w, dumpcap or Wireshark"
    }

    /// Bytes in hex behind their offset.
    ///
    /// `0000  00 1c 42 …` (Wireshark), `00000000: d4c3 b2a1 …` (xxd), `0x0000:  4500 …` (tcpdump -x).
    private var isHexDump: Bool {
        let line = String(decoding: start.prefix { $0 != 0x0A }, as: UTF8.self)
        return line.prefixMatch(of: #/\s*(?:0x)?0{4,8}:?[ \t]+(?:[0-9A-Fa-f]{2}){1,2}[ \t]+[0-9A-Fa-f]{2}/#) != nil
    }

    /// A line for a packet: `12:34:56.789012 IP 10.0.0.1.50000 > 10.0.0.2.80: …`.
    private var isPrintedByTcpdump: Bool {
        String(decoding: start, as: UTF8.self)
            .prefixMatch(of: #/(?:[0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} IP6? /#) != nil
    }

    private var hex: String {
        start.prefix(4).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    private static let pcapMagics: [[UInt8]] = [
        [0xA1, 0xB2, 0xC3, 0xD4], [0xA1, 0xB2, 0x3C, 0x4D], [0xA1, 0xB2, 0xCD, 0x34], [0xA1, 0xB2, 0x34, 0xCD],
        [0xA1, 0x2B, 0x3C, 0x4D],
    ]

    /// What to do where standard input takes what another program uncompresses.
    private static func uncompressing(_ program: String) -> String {
        "uncompress it on the way: \(program) FILE | wsreplay inspect -"
    }

    private static let signatures: [(magic: [UInt8], name: String, mend: String)] = [
        ([0x28, 0xB5, 0x2F, 0xFD], "a file compressed with zstd", uncompressing("zstdcat")),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "a file compressed with xz", uncompressing("xzcat")),
        (Array("BZh".utf8), "a file compressed with bzip2", uncompressing("bzcat")),
        ([0x04, 0x22, 0x4D, 0x18], "a file compressed with lz4", uncompressing("lz4cat")),
        ([0x1F, 0x8B], "a file compressed with gzip twice", uncompressing("zcat")),
        (Array("PK".utf8) + [3, 4], "a ZIP archive", "unpack it: unzip FILE"),
        ([0x7F] + Array("ELF".utf8), "a program", "give a file written by tcpdump -w, dumpcap or Wireshark"),
        (Array("%PDF".utf8), "a PDF document", "give a file written by tcpdump -w, dumpcap or Wireshark"),
        (Array("snoop".utf8) + [0], "a Solaris snoop capture", "convert it: editcap FILE chat.pcap"),
        (Array("GMBU".utf8), "a Microsoft Network Monitor capture", "convert it: editcap FILE chat.pcap"),
        (Array("RTSS".utf8), "a Microsoft Network Monitor capture", "convert it: editcap FILE chat.pcap"),
    ]
}
