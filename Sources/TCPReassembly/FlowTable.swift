import WireBasics

/// The connections by their addresses and ports; says which one a segment belongs to, and when one is over.
///
/// Several tables can share the connections of a capture. What they do does not depend on how: ages are measured in
/// packets of the capture, and a connection's number is settled when all are known.
package struct FlowTable: ~Copyable {
    /// What became of every byte of payload.
    package private(set) var ledger = StreamLedger()
    /// The first packet of each connection, in order: its number is the place in it.
    package private(set) var openings: [Int] = []
    /// Connections so far.
    package var connectionCount: Int { openings.count }
    /// Connections whose state is kept.
    package var count: Int { index.count }

    private let context: Connection.Context
    /// How many connections of each part there are, and may be.
    private var counts = [Int](repeating: 0, count: ConnectionPart.count)
    private let limitOfPart: Int
    private var connections: [Connection] = []
    private var free: [Int] = []
    private var index = FlowIndex()
    /// The slot of the last segment: most segments belong to the same connection as the one before.
    private var lastSlot: Int?
    private var ended = AgeQueue()
    private var over = AgeQueue()
    /// The number of the packet: what ages are measured with, because the clock of a capture may jump.
    private var clock = 0

    /// A table without connections; `makeReader` is called once for each, when it is known who is the client.
    package init(
        limits: ReassemblyLimits = ReassemblyLimits(), makeReader: @escaping (ConnectionStart) -> any StreamReader
    ) {
        context = Connection.Context(limits: limits, makeReader: makeReader)
        limitOfPart = limits.dividesConnections ? limits.connections / ConnectionPart.count : limits.connections
    }

    /// Takes segments that follow each other in the capture.
    package mutating func receive(_ batch: borrowing SegmentBatch) {
        let payload = batch.payload.span.bytes
        for start in stride(from: 0, to: batch.entries.count, by: SegmentBatch.stretch) {
            let stretch = start..<min(start + SegmentBatch.stretch, batch.entries.count)
            anticipate(batch, stretch)
            for position in stretch {
                receive(batch.entries[position].segment, payload, batch.entries[position].mark)
            }
        }
    }

    /// All packets up to that one were seen: connections that ended long enough before are over now.
    package mutating func settle(behind packet: Int) {
        clock = packet
        retire()
    }

    /// Asks for the state that some segments will need; see `Prefetch`.
    ///
    /// In rounds, because each address stands in what the round before asked for.
    private func anticipate(_ batch: borrowing SegmentBatch, _ stretch: Range<Int>) {
        for position in stretch { index.anticipate(batch.entries[position].segment.hash) }
        for position in stretch {
            guard let slot = index.candidate(batch.entries[position].segment.hash) else { continue }
            Prefetch.request(slot, of: connections)
        }
        for position in stretch where batch.entries[position].segment.payloadCount > 0 {
            guard let slot = index.candidate(batch.entries[position].segment.hash), connections.indices.contains(slot),
                let reader = connections[slot].readerAddress
            else { continue }
            Prefetch.request(reader, length: Self.readerLength)
        }
    }

    /// Bytes of a reader that a segment touches, as far as a session's reader is concerned.
    private static let readerLength = 1024

    /// Takes a segment; its payload lies in `bytes`.
    @inline(__always)
    private mutating func receive(_ segment: TCPSegment, _ bytes: RawSpan, _ mark: PacketMark) {
        clock = mark.packet
        if ended.isDue(clock - context.limits.packetsAfterEnd) || over.isDue(clock - context.limits.packetsRemembered) {
            retire()
        }
        ledger.payload &+= segment.payloadCount
        let slot: Int
        if let lastSlot, connections[lastSlot].key == segment.flow {
            slot = lastSlot
        } else {
            slot = index.find(segment.hash) { connections[$0].key == segment.flow } ?? open(segment, mark)
            lastSlot = slot
        }
        if connections[slot].phase == .open, segment.flags.isDisjoint(with: [.syn, .fin, .rst]) {
            connections[slot].receive(segment, bytes, mark: mark, context, &ledger)
        } else {
            receiveUnusual(segment, bytes, slot, mark)
        }
    }

    /// A segment that may begin or end a connection, or comes after its end.
    private mutating func receiveUnusual(
        _ segment: TCPSegment, _ bytes: RawSpan, _ slot: Int, _ mark: PacketMark
    ) {
        var slot = slot
        switch connections[slot].claim(on: segment) {
        case .its: break
        case .nobodys:
            ledger.afterEnd &+= segment.payloadCount
            return
        case .new:
            finish(slot, at: clock)
            forget(slot)
            slot = open(segment, mark)
            lastSlot = slot
        }
        if connections[slot].phase == .carried { connections[slot].phase = .open }
        connections[slot].receive(segment, bytes, mark: mark, context, &ledger)
        if connections[slot].hasEnded {
            connections[slot].phase = .ended(at: clock)
            ended.append(slot: slot, number: connections[slot].number, clock: clock)
        }
    }

    private mutating func open(_ segment: TCPSegment, _ mark: PacketMark) -> Int {
        let part = context.limits.dividesConnections ? ConnectionPart.of(segment.hash) : 0
        if counts[part] >= limitOfPart { makeRoom(in: part) }
        counts[part] += 1
        var connection = Connection(
            key: segment.flow, hash: segment.hash, number: openings.count, start: mark,
            startedByLower: segment.isFromLower)
        if context.limits.comparedBytes > 0 {
            connection.lower.keepTail(context.limits.comparedBytes)
            connection.upper.keepTail(context.limits.comparedBytes)
        }
        openings.append(mark.packet)
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            connections[slot] = connection
        } else {
            slot = connections.count
            connections.append(connection)
        }
        index.insert(segment.hash, slot: slot)
        return slot
    }

    /// Forgets some of the connections of a part: those that are over first, then those that were silent longest.
    ///
    /// So many at once that looking for them costs little a connection, and the usual segment nothing.
    private mutating func makeRoom(in part: Int) {
        let divides = context.limits.dividesConnections
        let ages = connections.indices.compactMap { slot in
            divides && ConnectionPart.of(connections[slot].hash) != part ? nil : Age(connections[slot], slot: slot)
        }
        for age in ages.sorted().prefix(max(1, limitOfPart / (divides ? 4 : 16))) {
            if connections[age.slot].phase == .open {
                ledger.connectionsGivenUp &+= 1
                connections[age.slot].reader?.giveUp(at: connections[age.slot].last)
            }
            finish(age.slot, at: clock)
            forget(age.slot)
        }
    }

    /// Whose turn it is when there must be room.
    private struct Age: Comparable {
        let isOpen: Bool
        let lastClock: Int
        let slot: Int

        init?(_ connection: borrowing Connection, slot: Int) {
            guard connection.phase != .forgotten else { return nil }
            isOpen = connection.phase == .open
            lastClock = connection.last.packet
            self.slot = slot
        }

        static func < (left: Self, right: Self) -> Bool {
            left.isOpen != right.isOpen ? right.isOpen : left.lastClock < right.lastClock
        }
    }

    private mutating func retire() {
        while let entry = ended.removeFirst(due: clock - context.limits.packetsAfterEnd) {
            // A slot may belong to another connection by now, or its connection may have ended again later.
            guard connections[entry.slot].number == entry.number,
                connections[entry.slot].phase == .ended(at: entry.clock)
            else { continue }
            // It was over when it was due, and not when another segment happened to come.
            finish(entry.slot, at: entry.clock + context.limits.packetsAfterEnd + 1)
        }
        while let entry = over.removeFirst(due: clock - context.limits.packetsRemembered) {
            guard connections[entry.slot].number == entry.number,
                connections[entry.slot].phase == .over(at: entry.clock)
            else { continue }
            forget(entry.slot)
        }
    }

    private mutating func finish(_ slot: Int, at packet: Int) {
        if case .over = connections[slot].phase { return }
        connections[slot].finish(context, &ledger)
        connections[slot].phase = .over(at: packet)
        over.append(slot: slot, number: connections[slot].number, clock: packet)
    }

    private mutating func forget(_ slot: Int) {
        let hash = connections[slot].hash
        index.remove(hash, slot: slot)
        counts[context.limits.dividesConnections ? ConnectionPart.of(hash) : 0] -= 1
        free.append(slot)
        connections[slot].phase = .forgotten
        if lastSlot == slot { lastSlot = nil }
    }

    /// Every open connection has to show anew that it goes on.
    package mutating func goOnInNextFile() {
        for slot in connections.indices where connections[slot].phase == .open { connections[slot].phase = .carried }
    }

    /// Finishes what is left, in order of the connections' numbers.
    package mutating func finish() {
        for slot in connections.indices.sorted(by: { connections[$0].number < connections[$1].number }) {
            if connections[slot].phase == .forgotten { continue }
            finish(slot, at: clock)
            forget(slot)
        }
    }
}

/// Slots in the order in which something happened to them.
struct AgeQueue {
    private var entries: [Entry] = []
    private var start = 0
    private var oldest = Int.max

    struct Entry {
        var slot: Int
        var number: Int
        var clock: Int
    }

    /// Whether something happened before that count of packets.
    @inline(__always)
    func isDue(_ clock: Int) -> Bool { oldest < clock }

    mutating func append(slot: Int, number: Int, clock: Int) {
        if start == entries.count { oldest = clock }
        entries.append(Entry(slot: slot, number: number, clock: clock))
    }

    mutating func removeFirst(due clock: Int) -> Entry? {
        guard oldest < clock, start < entries.count else { return nil }
        let entry = entries[start]
        start += 1
        if start > 256, start * 2 > entries.count {
            entries.removeFirst(start)
            start = 0
        }
        oldest = start < entries.count ? entries[start].clock : .max
        return entry
    }
}
