package import WireBasics

/// Turns packets into the byte streams of TCP connections, each handed to a reader of its own.
///
/// Packets go in in the order of the capture; readers are called in that order, so the result is the same in every run.
/// They are called for several packets at a time: see `SegmentBatch`.
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
    package var packets: PacketLedger { intake.packets }
    /// What became of every byte of payload, as far as packets were taken.
    package var bytes: StreamLedger { flows.ledger }
    /// Connections so far.
    package var connectionCount: Int { flows.connectionCount }
    /// Link types that we cannot read, in order of their first packet in the file.
    package var unsupportedLinks: [PacketIntake.UnsupportedLink] { intake.unsupportedLinks }
    /// Connections whose state is kept now.
    package var openConnections: Int { flows.count }
    /// IP datagrams whose fragments did not all come, or not in time.
    package var incompleteDatagrams: Int { intake.incompleteDatagrams }

    /// Those of them that were dropped because too much was waiting.
    package var datagramsOverLimit: Int { intake.datagramsOverLimit }

    private var intake: PacketIntake
    private var flows: FlowTable
    /// One batch of packets that were not taken yet.
    private var waiting = [SegmentBatch()]
    private var last = 0

    /// A table without connections; `makeReader` is called once for each, when it is known who is the client.
    package init(
        limits: ReassemblyLimits = ReassemblyLimits(), makeReader: @escaping (ConnectionStart) -> any StreamReader
    ) {
        intake = PacketIntake(limits: limits)
        flows = FlowTable(limits: limits, makeReader: makeReader)
    }

    /// Takes a captured packet; the bytes are needed during the call only.
    package mutating func receive(_ bytes: RawSpan, linkType: LinkType, originalLength: Int, at mark: PacketMark) {
        last = mark.packet
        let full = intake.receive(
            bytes, linkType: linkType, originalLength: originalLength, at: mark, into: &waiting)
        if full != nil { takeWaiting() }
    }

    /// Lets readers know of every packet that was received.
    package mutating func settle() {
        takeWaiting()
        flows.settle(behind: last)
    }

    private mutating func takeWaiting() {
        flows.receive(waiting[0])
        waiting[0].removeAll()
    }

    /// The capture goes on in another file.
    ///
    /// So do the connections whose sequence numbers go on there; what does not fit belongs to a new connection of the same
    /// addresses and ports, as after a SYN: the files may be days apart.
    package mutating func goOnInNextFile() {
        settle()
        flows.goOnInNextFile()
        intake.goOnInNextFile()
    }

    /// The capture is over: every connection that is left is finished, in order of its number.
    package mutating func finish() {
        settle()
        flows.finish()
    }
}
