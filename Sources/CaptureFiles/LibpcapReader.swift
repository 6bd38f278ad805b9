import CLibpcap
import Glibc
import WireBasics

/// Reads pcap files with libpcap: the old versions, the variants that it knows, link types with records of their own.
///
/// `PcapReader` reads the others.
final class LibpcapReader: PacketReader {
    private(set) var finding: Finding?

    private let bytes: CaptureBytes
    private let path: String
    private let handle: PcapHandle
    private let linkType: LinkType
    private var number = 0

    /// Reads the header.
    ///
    /// - Throws: `notACapture`, `damagedHeader`.
    init(_ bytes: CaptureBytes, path: String) throws(CaptureFileError) {
        self.bytes = bytes
        self.path = path
        let start = try bytes.peek(64)
        do {
            handle = try PcapHandle(bytes)
        } catch {
            throw ForeignFile(start).error(path: path, libpcapSays: error.text)
        }
        linkType = LinkType(rawValue: UInt32(bitPattern: pcap_datalink(handle.pcap)))
    }

    func next(_ body: (CapturedPacket, RawSpan) -> Void) -> Bool {
        guard finding == nil else { return false }
        var header: UnsafeMutablePointer<pcap_pkthdr>?
        var data: UnsafePointer<UInt8>?
        let result = pcap_next_ex(handle.pcap, &header, &data)
        guard result == 1, let header = header?.pointee, let data else {
            finding = ending(result)
            return false
        }
        number += 1
        // The file holds 32 unsigned bits of seconds; libpcap hands them on as signed, which is wrong from 2038 on.
        let seconds = Int64(UInt32(truncatingIfNeeded: header.ts.tv_sec))
        let packet = CapturedPacket(
            number: number, instant: CaptureInstant(seconds: seconds, nanoseconds: Int64(header.ts.tv_usec)),
            linkType: linkType, originalLength: Int(header.len))
        body(packet, UnsafeRawBufferPointer(start: data, count: Int(header.caplen)).bytes)
        return true
    }

    private func ending(_ result: CInt) -> Finding? {
        let packet = number + 1
        if let failure = bytes.failure { return .unreadable(path, packet: packet, failure: failure) }
        guard result != PCAP_ERROR_BREAK else { return nil }
        if let file = pcap_file(handle.pcap), feof(file) != 0 {
            return .cut(path, packet: packet, why: "its record says that more bytes follow than the file has")
        }
        let text = pcap_geterr(handle.pcap).map { String(cString: $0) } ?? "no reason given"
        return .endsEarly(
            path, code: "capture.damaged", what: "packet \(packet) cannot be read: \(VisibleText.escape(text))",
            why: "a damaged record hides where the next one starts", packet: packet)
    }
}

/// libpcap's handle of a file; closed when it goes.
struct PcapHandle: ~Copyable {
    let pcap: OpaquePointer

    /// What libpcap says when it refuses a file.
    struct Refusal: Error {
        var text: String
    }

    /// Reads the header of a file from its bytes, which must outlive the handle.
    init(_ bytes: CaptureBytes) throws(Refusal) {
        let file = wsreplay_open_reader(Unmanaged.passUnretained(bytes).toOpaque()) { cookie, buffer, count in
            guard let cookie, let buffer else { return -1 }
            let bytes = Unmanaged<CaptureBytes>.fromOpaque(cookie).takeUnretainedValue()
            return bytes.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
        }
        guard let file else {
            throw Refusal(text: String(cString: strerror(errno)))
        }
        // stdio's 4 KiB would be one system call for every few packets.
        setvbuf(file, nil, _IOFBF, 1 << 18)
        var message = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        let pcap = pcap_fopen_offline_with_tstamp_precision(file, UInt32(PCAP_TSTAMP_PRECISION_NANO), &message)
        guard let pcap else {
            fclose(file)
            throw Refusal(text: message.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" })
        }
        self.pcap = pcap
    }

    deinit {
        pcap_close(pcap)
    }
}
