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
        /// The file that continues it.
        var next: Int?
    }

    /// The places in these captures, which are in the order of a report: a file stands behind the one that it continues.
    public init(_ captures: [CaptureSummary]) {
        let names = CaptureNames(captures.map(\.path)).names
        var files: [File] = []
        for (capture, name) in zip(captures, names) {
            let before = Self.possible(capture.continuation?.packetsBefore ?? 0)
            if let last = files.indices.last, capture.continuation?.path == files[last].path {
                files[last].next = files.count
            }
            capturesByName[name] = files.count
            files.append(
                File(
                    path: capture.path, name: name, numbers: before + 1..<before + 1 + Self.possible(capture.packets)))
        }
        self.files = files
    }

    /// A count as it can be; transcripts come from files that anybody may have written.
    private static func possible(_ count: Int) -> Int { min(max(0, count), 1 << 53) }

    /// Where the packets of a session lie.
    public func packets(of session: SessionID) -> SessionPackets {
        SessionPackets(files: files, own: capturesByName[session.file])
    }

    /// Finds the packets of one session.
    public struct SessionPackets: Sendable {
        fileprivate let files: [File]
        fileprivate let own: Int?

        /// Where a packet lies, by its number in the session's transcript.
        public func place(_ packet: Int) -> PacketPlace {
            guard let own else { return PacketPlace(packet: packet) }
            // A connection may be older than the file in which one of its requests begins.
            var index = own
            while packet < files[index].numbers.lowerBound, index > 0, files[index - 1].next == index { index -= 1 }
            while packet >= files[index].numbers.upperBound, let next = files[index].next { index = next }
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
}
