import WireBasics

/// The connections by their addresses and ports; says which one a segment belongs to, and when one is over.
struct FlowTable: ~Copyable {
    private(set) var ledger = StreamLedger()
    /// Connections so far.
    private(set) var connectionCount = 0
    /// Connections whose state is kept.
    var count: Int { index.count }

    private let context: Connection.Context
    private var connections: [Connection] = []
    private var free: [Int] = []
    private var index = FlowIndex()
    /// The slot of the last segment: most segments belong to the same connection as the one before.
    private var lastSlot: Int?
    private var ended = AgeQueue()
    private var over = AgeQueue()
    /// Packets so far: what ends are measured with, because the clock of a capture may jump.
    private var clock = 0

    init(_ context: Connection.Context) {
        self.context = context
    }

    /// Another packet, whatever it holds: connections that ended long enough ago are over now.
    @inline(__always)
    mutating func tick() {
        clock += 1
        if ended.isDue(clock - context.limits.packetsAfterEnd) || over.isDue(clock - context.limits.packetsRemembered) {
            retire()
        }
    }

    /// Asks for the state that some packets will need; see `Prefetch`.
    ///
    /// In rounds, because each address stands in what the round before asked for.
    func anticipate(_ decoded: [PacketDecoder.Decoded]) {
        var expected = InlineArray<64, (hash: UInt32, hasPayload: Bool)>(repeating: (0, false))
        var count = 0
        for case .success(.segment(let segment)) in decoded where count < expected.count {
            let hash = FlowKey.of(segment).key.mixed
            index.anticipate(hash)
            expected[count] = (hash, segment.payloadCount > 0)
            count += 1
        }
        for position in 0..<count {
            guard let slot = index.candidate(expected[position].hash) else { continue }
            Prefetch.request(slot, of: connections)
        }
        for position in 0..<count where expected[position].hasPayload {
            guard let slot = index.candidate(expected[position].hash), connections.indices.contains(slot),
                let reader = connections[slot].readerAddress
            else { continue }
            Prefetch.request(reader, length: Self.readerLength)
        }
    }

    /// Bytes of a reader that a segment touches, as far as a session's reader is concerned.
    private static let readerLength = 1024

    /// Takes a segment; `bytes` are those that it was read from.
    @inline(__always)
    mutating func receive(_ segment: TCPSegment, _ bytes: RawSpan, _ mark: PacketMark) {
        ledger.payload &+= segment.payloadCount
        let (key, isFromLower) = FlowKey.of(segment)
        let slot: Int
        if let lastSlot, connections[lastSlot].key == key {
            slot = lastSlot
        } else {
            let hash = key.mixed
            slot = index.find(hash) { connections[$0].key == key } ?? open(key, hash, isFromLower, mark)
            lastSlot = slot
        }
        connections[slot].lastClock = clock
        if connections[slot].phase == .open, segment.flags.isDisjoint(with: [.syn, .fin, .rst]) {
            connections[slot].receive(segment, bytes, isFromLower: isFromLower, mark: mark, context, &ledger)
        } else {
            receiveUnusual(segment, bytes, isFromLower, slot, mark)
        }
    }

    /// A segment that may begin or end a connection, or comes after its end.
    private mutating func receiveUnusual(
        _ segment: TCPSegment, _ bytes: RawSpan, _ isFromLower: Bool, _ slot: Int, _ mark: PacketMark
    ) {
        var slot = slot
        switch connections[slot].claim(on: segment, isFromLower: isFromLower) {
        case .its: break
        case .nobodys:
            ledger.afterEnd &+= segment.payloadCount
            return
        case .new:
            let (key, hash) = (connections[slot].key, connections[slot].hash)
            finish(slot)
            forget(slot)
            slot = open(key, hash, isFromLower, mark)
            lastSlot = slot
        }
        if connections[slot].phase == .carried { connections[slot].phase = .open }
        connections[slot].receive(segment, bytes, isFromLower: isFromLower, mark: mark, context, &ledger)
        if connections[slot].hasEnded {
            connections[slot].phase = .ended(at: clock)
            ended.append(slot: slot, number: connections[slot].number, clock: clock)
        }
    }

    private mutating func open(_ key: FlowKey, _ hash: UInt32, _ isFromLower: Bool, _ mark: PacketMark) -> Int {
        if index.count >= context.limits.connections { makeRoom() }
        var connection = Connection(
            key: key, hash: hash, number: connectionCount, start: mark, startedByLower: isFromLower)
        if context.limits.comparedBytes > 0 {
            connection.lower.keepTail(context.limits.comparedBytes)
            connection.upper.keepTail(context.limits.comparedBytes)
        }
        connectionCount += 1
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            connections[slot] = connection
        } else {
            slot = connections.count
            connections.append(connection)
        }
        index.insert(hash, slot: slot)
        return slot
    }

    /// Forgets a sixteenth of the connections: those that are over first, then those that were silent longest.
    ///
    /// So many at once that looking for them costs little a connection, and the usual segment nothing.
    private mutating func makeRoom() {
        let ages = connections.indices.compactMap { Age(connections[$0], slot: $0) }.sorted()
        for age in ages.prefix(max(1, context.limits.connections / 16)) {
            if connections[age.slot].phase == .open {
                ledger.connectionsGivenUp &+= 1
                connections[age.slot].reader?.giveUp(at: connections[age.slot].last)
            }
            finish(age.slot)
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
            lastClock = connection.lastClock
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
            finish(entry.slot)
        }
        while let entry = over.removeFirst(due: clock - context.limits.packetsRemembered) {
            guard connections[entry.slot].number == entry.number,
                connections[entry.slot].phase == .over(at: entry.clock)
            else { continue }
            forget(entry.slot)
        }
    }

    private mutating func finish(_ slot: Int) {
        if case .over = connections[slot].phase { return }
        connections[slot].finish(context, &ledger)
        connections[slot].phase = .over(at: clock)
        over.append(slot: slot, number: connections[slot].number, clock: clock)
    }

    private mutating func forget(_ slot: Int) {
        index.remove(connections[slot].hash, slot: slot)
        free.append(slot)
        connections[slot].phase = .forgotten
        if lastSlot == slot { lastSlot = nil }
    }

    /// Every open connection has to show anew that it goes on.
    mutating func goOnInNextFile() {
        for slot in connections.indices where connections[slot].phase == .open { connections[slot].phase = .carried }
    }

    /// Finishes what is left, in order of the connections' numbers.
    mutating func finish() {
        for slot in connections.indices.sorted(by: { connections[$0].number < connections[$1].number }) {
            if connections[slot].phase == .forgotten { continue }
            finish(slot)
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
