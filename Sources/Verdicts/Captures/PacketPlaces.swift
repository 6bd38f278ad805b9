package import WebSocketWire
import WireBasics

/// Finds the file in which a packet of a series lies, and its number there.
///
/// Transcripts number packets through a whole series, so that a session that crosses files stays one thing; people and
/// Wireshark number them within a file.
public struct PacketPlaces: Sendable {
    /// The captures by the names that ids carry.
    private var capturesByName: [String: Int] = [:]
    private let files: [File]

    fileprivate struct File {
        var path: String
        var name: String
        /// The numbers of its packets in the series, half-open.
        var numbers: Range<Int>
        /// The files that were read as one stream.
        var series: Range<Int>
    }

    /// The places in these captures, which are in the order of a report: a file stands behind the one that it continues.
    public init(_ captures: [CaptureSummary]) {
        let names = CaptureNames(captures.map(\.path)).names
        var files: [File] = []
        for series in captures.series {
            for (capture, name) in zip(captures[series], names[series]) {
                let start = Self.possible(capture.continuation?.packetsBefore ?? 0) + 1
                capturesByName[name] = files.count
                files.append(
                    File(
                        path: capture.path, name: name, numbers: start..<start + Self.possible(capture.packets),
                        series: series))
            }
        }
        self.files = files
    }

    /// A count as it can be; transcripts come from files that anybody may have written.
    private static func possible(_ count: Int) -> Int { min(max(0, count), 1 << 53) }

    /// Where the packets of a session lie.
    public func packets(of session: SessionID) -> SessionPackets {
        SessionPackets(files: files, own: capturesByName[session.file])
    }

    /// Where the packets of a connection lie that begins in the capture of that index.
    public func packets(ofCapture index: Int) -> SessionPackets {
        SessionPackets(files: files, own: files.indices.contains(index) ? index : nil)
    }

    /// Finds the packets of one session.
    public struct SessionPackets: Sendable {
        fileprivate let files: [File]
        fileprivate let own: Int?

        /// Whether the session's file is one of several that were read as one stream.
        public var isInSeries: Bool {
            guard let own else { return false }
            return files[own].numbers.lowerBound > 1 || files[own].series.count > 1
        }

        /// Where a packet lies, by its number in the session's transcript.
        public func place(_ packet: Int) -> PacketPlace {
            guard let own else { return PacketPlace(packet: packet) }
            // A connection may be older than the file in which one of its requests begins.
            let series = files[own].series
            var index = own
            while packet < files[index].numbers.lowerBound, index > series.lowerBound { index -= 1 }
            while packet >= files[index].numbers.upperBound, index < series.upperBound - 1 { index += 1 }
            return PacketPlace(
                packet: packet &- (files[index].numbers.lowerBound &- 1), path: index == own ? nil : files[index].path,
                name: index == own ? nil : files[index].name)
        }
    }
}

/// Where a packet of a session lies.
public struct PacketPlace: Hashable, Sendable {
    /// Its 1-based number in its file: Wireshark's `frame.number`.
    public var packet: Int
    /// The file, as the user named it; nil for the one in which the session begins.
    public var path: String?
    /// The file as in the ids of its sessions; nil likewise.
    public var name: String?

    /// A packet of the session's own file, or of the one named.
    public init(packet: Int, path: String? = nil, name: String? = nil) {
        self.packet = packet
        self.path = path
        self.name = name
    }
}

extension PacketPlace {
    /// `packet 12`, or `packet 12 of chat.pcap1` where it is not in the file in which the session begins.
    package var words: String { "packet \(packet)" + file }

    /// ` of chat.pcap1`, or nothing.
    package var file: String { name.map { " of \(VisibleText.escape($0))" } ?? "" }
}

extension PacketPlaces.SessionPackets {
    /// `packet 12`, or `packet 12 and packet 15` where two are at odds.
    package func words(of loss: Loss) -> String {
        [loss.packet, loss.otherPacket].compactMap(\.self).map { place($0).words }.joined(separator: " and ")
    }
}
