package import WireBasics

/// Turns packets into the byte streams of TCP connections, each handed to a reader of its own.
///
/// Packets go in in the order of the capture; readers are called in that order, so the result is the same in every run.
/// Memory follows the connections that are open, and what they hold back; not the size of the capture.
///
///     var table = ConnectionTable { start in SessionReader(start) }
///     while file.next({ packet, bytes in
///         table.receive(bytes, linkType: packet.linkType, originalLength: packet.originalLength,
///             at: PacketMark(packet: packet.number, instant: packet.instant))
///     }) {}
///     table.finish()
package struct ConnectionTable: ~Copyable {
    /// What became of every packet.
    package private(set) var packets = PacketLedger()
    /// What became of every byte of payload.
    package var bytes: StreamLedger { flows.ledger }
    /// Connections so far.
    package var connectionCount: Int { flows.connectionCount }
    /// Link types that we cannot read, in order of their first packet in the file.
    package private(set) var unsupportedLinks: [UnsupportedLink] = []
    /// Connections whose state is kept now.
    package var openConnections: Int { flows.count }
    /// IP datagrams whose fragments did not all come, or not in time.
    package var incompleteDatagrams: Int { fragments.datagramsDropped + fragments.datagramsWaiting }

    /// Packets of a link type that we cannot read.
    package struct UnsupportedLink: Hashable, Sendable {
        /// The link type.
        package var linkType: LinkType
        /// The first such packet.
        package var first: PacketMark
        /// How many there are.
        package var packets: Int
    }

    /// Those of them that were dropped because too much was waiting.
    package var datagramsOverLimit: Int { fragments.datagramsOverLimit }

    private var fragments: FragmentReassembler
    private var flows: FlowTable
    /// What the packets of a batch hold; kept for its memory.
    private var decoded: [PacketDecoder.Decoded] = []

    /// A table without connections; `makeReader` is called once for each, when it is known who is the client.
    package init(
        limits: ReassemblyLimits = ReassemblyLimits(), makeReader: @escaping (ConnectionStart) -> any StreamReader
    ) {
        fragments = FragmentReassembler(limits: limits)
        flows = FlowTable(Connection.Context(limits: limits, makeReader: makeReader))
    }

    /// Takes a captured packet; the bytes are needed during the call only.
    package mutating func receive(_ bytes: RawSpan, linkType: LinkType, originalLength: Int, at mark: PacketMark) {
        take(PacketDecoder.result(bytes, linkType: linkType, originalLength: originalLength), bytes, linkType, mark)
    }

    /// Takes packets that follow each other: the same as one by one, and quicker.
    package mutating func receive(_ batch: borrowing PacketBatch) {
        let bytes = batch.storage.span.bytes
        for packet in batch.packets {
            decoded.append(
                PacketDecoder.result(
                    bytes.extracting(packet.bytes), linkType: packet.linkType, originalLength: packet.originalLength))
        }
        flows.anticipate(decoded)
        for index in batch.packets.indices {
            let packet = batch.packets[index]
            take(decoded[index], bytes.extracting(packet.bytes), packet.linkType, packet.mark)
        }
        decoded.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private mutating func take(
        _ decoded: PacketDecoder.Decoded, _ bytes: RawSpan, _ linkType: LinkType, _ mark: PacketMark
    ) {
        flows.tick()
        do {
            switch try decoded.get() {
            case .segment(let segment):
                packets.tcp &+= 1
                flows.receive(segment, bytes, mark)
            case .fragment(let header, let fragment, let extent):
                try receive(fragment, of: header, bytes, extent, mark)
            }
        } catch {
            packets.count(error)
            if error == .unsupportedLink { note(linkType, mark) }
        }
    }

    /// The capture goes on in another file.
    ///
    /// So do the connections whose sequence numbers go on there; what does not fit belongs to a new connection of the same
    /// addresses and ports, as after a SYN: the files may be days apart.
    package mutating func goOnInNextFile() {
        flows.goOnInNextFile()
        unsupportedLinks = []
    }

    /// The capture is over: every connection that is left is finished, in order of its number.
    package mutating func finish() {
        flows.finish()
    }

    private mutating func receive(
        _ fragment: IPHeader.Fragment, of header: IPHeader, _ bytes: RawSpan, _ extent: Extent, _ mark: PacketMark
    ) throws(DecodeStop) {
        guard extent.missing == 0 else { throw .headersCut }
        let payload = bytes.extracting(extent.start..<extent.end)
        guard let whole = try fragments.add(payload, of: header, fragment, at: mark.instant) else { throw .fragment }
        switch try PacketDecoder.decode(payload: whole.span.bytes, of: header) {
        case .segment(let segment):
            packets.tcp &+= 1
            flows.receive(segment, whole.span.bytes, mark)
        case .fragment(let inner, let innerFragment, let innerExtent):
            // Fragments of a datagram that a tunnel carries in fragments: the depth is bounded by the sizes.
            try receive(innerFragment, of: inner, whole.span.bytes, innerExtent, mark)
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
