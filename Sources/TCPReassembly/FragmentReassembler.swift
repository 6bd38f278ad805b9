import WireBasics

/// Puts IP datagrams together from their fragments (RFC 791 §3.2, RFC 8200 §4.5).
///
/// Where fragments overlap, the first copy counts.
struct FragmentReassembler {
    /// Datagrams that were dropped because too much was waiting, or their fragments came too far apart.
    private(set) var datagramsDropped = 0
    /// Those of them that were dropped to make room: see `ReassemblyLimits.fragmentedDatagrams`.
    private(set) var datagramsOverLimit = 0

    private let limits: ReassemblyLimits
    private var waiting: [Key: Datagram] = [:]
    /// Keys in order of their first fragment; those that are complete stay until they come to the front.
    private var order: [(key: Key, serial: Int)] = []
    private var orderStart = 0
    private var bytesHeld = 0
    private var serial = 0

    /// The longest payload that an IP packet can have (RFC 791 §3.1).
    private static let longestPayload = 65535
    /// A datagram whose fragments are further apart than this used its identification twice (Linux: `ipfrag_time`).
    private static let patience = TimeSpan.seconds(30)

    init(limits: ReassemblyLimits) {
        self.limits = limits
    }

    /// Datagrams that still wait.
    var datagramsWaiting: Int { waiting.count }

    /// Adds a fragment.
    ///
    /// - Returns: the whole payload when nothing is missing any more, else nil.
    mutating func add(
        _ payload: RawSpan, of header: IPHeader, _ fragment: IPHeader.Fragment, at instant: CaptureInstant
    ) throws(DecodeStop) -> [UInt8]? {
        let end = fragment.offset + payload.byteCount
        guard end <= Self.longestPayload, !payload.isEmpty, fragment.isLast || payload.byteCount % 8 == 0 else {
            throw .malformed
        }
        let key = Key(
            source: header.source, destination: header.destination, identification: fragment.identification,
            protocolNumber: header.source.isV6 ? 0 : header.protocolNumber)
        var datagram = waiting.removeValue(forKey: key) ?? Datagram(serial: nextSerial(key), started: instant)
        bytesHeld -= datagram.bytesHeld
        if instant - datagram.started > Self.patience {
            datagramsDropped += 1
            datagram = Datagram(serial: nextSerial(key), started: instant)
        }
        datagram.add(payload, at: fragment.offset, isLast: fragment.isLast)
        if let whole = datagram.whole {
            return whole
        }
        bytesHeld += datagram.bytesHeld
        waiting[key] = datagram
        while waiting.count > limits.fragmentedDatagrams || bytesHeld > limits.fragmentBytes { dropOldest() }
        return nil
    }

    private mutating func nextSerial(_ key: Key) -> Int {
        serial += 1
        order.append((key, serial))
        if order.count > 1024, order.count > 4 * waiting.count {
            order = order.dropFirst(orderStart).filter { waiting[$0.key]?.serial == $0.serial || $0.serial == serial }
            orderStart = 0
        }
        return serial
    }

    private mutating func dropOldest() {
        while orderStart < order.count {
            let oldest = order[orderStart]
            orderStart += 1
            if let datagram = waiting[oldest.key], datagram.serial == oldest.serial {
                waiting[oldest.key] = nil
                bytesHeld -= datagram.bytesHeld
                datagramsDropped += 1
                datagramsOverLimit += 1
                return
            }
        }
    }

    private struct Key: Hashable {
        var source: IPAddress
        var destination: IPAddress
        var identification: UInt32
        var protocolNumber: UInt8
    }

    private struct Datagram {
        let serial: Int
        let started: CaptureInstant
        /// Parts that do not overlap, in order of their offset.
        private var parts: [(offset: Int, bytes: [UInt8])] = []
        private var length: Int?
        private var covered = 0
        private(set) var bytesHeld = 0

        /// What a part costs beside its bytes.
        private static let overhead = 64

        init(serial: Int, started: CaptureInstant) {
            self.serial = serial
            self.started = started
        }

        mutating func add(_ payload: RawSpan, at offset: Int, isLast: Bool) {
            if isLast, length == nil { length = offset + payload.byteCount }
            var (start, index) = (offset, 0)
            let end = offset + payload.byteCount
            while start < end {
                while index < parts.count, parts[index].offset + parts[index].bytes.count <= start { index += 1 }
                let next = index < parts.count ? parts[index].offset : end
                if start < next {
                    let stop = min(end, next)
                    let piece = payload.extracting(start - offset..<stop - offset)
                    parts.insert((start, piece.copied), at: index)
                    covered += stop - start
                    bytesHeld += stop - start + Self.overhead
                    start = stop
                } else {
                    start = parts[index].offset + parts[index].bytes.count
                }
            }
        }

        var whole: [UInt8]? {
            // Parts do not overlap: together they are long enough only when nothing is missing between them, or when
            // some lie beyond the end, which the loop finds.
            guard let length, covered >= length else { return nil }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(covered)
            for part in parts where bytes.count < length {
                guard part.offset == bytes.count else { return nil }
                bytes += part.bytes
            }
            return Array(bytes.prefix(length))
        }
    }
}
