package import WireBasics

/// Finds the TCP segments in the packets of a capture: through link headers, IP, tunnels and fragments.
///
/// Every packet is accounted for. What stands behind it sees segments only.
package struct PacketIntake: ~Copyable {
    /// What became of every packet.
    package private(set) var packets = PacketLedger()
    /// Link types that we cannot read, in order of their first packet in the file.
    package private(set) var unsupportedLinks: [UnsupportedLink] = []
    /// IP datagrams whose fragments did not all come, or not in time.
    package var incompleteDatagrams: Int { fragments.datagramsDropped + fragments.datagramsWaiting }

    /// Those of them that were dropped because too much was waiting.
    package var datagramsOverLimit: Int { fragments.datagramsOverLimit }

    /// Packets of a link type that we cannot read.
    package struct UnsupportedLink: Hashable, Sendable {
        /// The link type.
        package var linkType: LinkType
        /// The first such packet.
        package var first: PacketMark
        /// How many there are.
        package var packets: Int
    }

    private var fragments: FragmentReassembler

    /// An intake that has seen no packet.
    package init(limits: ReassemblyLimits = ReassemblyLimits()) {
        fragments = FragmentReassembler(limits: limits)
    }

    /// Takes a captured packet; its segment, where it has one, goes to the batch of its connection.
    ///
    /// Connections are divided among the batches by the hash of their ends, so that each is in one batch always.
    ///
    /// - Returns: the batch that is full now; nil when none is.
    package mutating func receive(
        _ bytes: RawSpan, linkType: LinkType, originalLength: Int, at mark: PacketMark,
        into batches: inout [SegmentBatch]
    ) -> Int? {
        do {
            switch try PacketDecoder.decode(bytes, linkType: linkType, originalLength: originalLength) {
            case .segment(let segment):
                packets.tcp &+= 1
                return Self.add(segment, from: bytes, at: mark, to: &batches)
            case .fragment(let header, let fragment, let extent):
                return try receive(fragment, of: header, bytes, extent, mark, &batches)
            }
        } catch {
            packets.count(error)
            if error == .unsupportedLink { note(linkType, mark) }
            return nil
        }
    }

    /// The capture goes on in another file.
    package mutating func goOnInNextFile() {
        unsupportedLinks = []
    }

    @inline(__always)
    private static func add(
        _ segment: TCPSegment, from bytes: RawSpan, at mark: PacketMark, to batches: inout [SegmentBatch]
    ) -> Int? {
        let index = ConnectionPart.of(segment.hash) * batches.count / ConnectionPart.count
        return batches[index].append(segment, from: bytes, at: mark) ? index : nil
    }

    private mutating func receive(
        _ fragment: IPHeader.Fragment, of header: IPHeader, _ bytes: RawSpan, _ extent: Extent, _ mark: PacketMark,
        _ batches: inout [SegmentBatch]
    ) throws(DecodeStop) -> Int? {
        guard extent.missing == 0 else { throw .headersCut }
        let payload = bytes.extracting(extent.start..<extent.end)
        guard let whole = try fragments.add(payload, of: header, fragment, at: mark.instant) else { throw .fragment }
        switch try PacketDecoder.decode(payload: whole.span.bytes, of: header) {
        case .segment(let segment):
            packets.tcp &+= 1
            return Self.add(segment, from: whole.span.bytes, at: mark, to: &batches)
        case .fragment(let inner, let innerFragment, let innerExtent):
            // Fragments of a datagram that a tunnel carries in fragments: the depth is bounded by the sizes.
            return try receive(innerFragment, of: inner, whole.span.bytes, innerExtent, mark, &batches)
        }
    }

    private mutating func note(_ linkType: LinkType, _ mark: PacketMark) {
        if let known = unsupportedLinks.firstIndex(where: { $0.linkType == linkType }) {
            unsupportedLinks[known].packets += 1
        } else {
            unsupportedLinks.append(UnsupportedLink(linkType: linkType, first: mark, packets: 1))
        }
    }
}
