import WireBasics

/// One TCP connection: two streams and the reader that gets them.
struct Connection {
    // What every packet touches stands first: with thousands of connections, the time goes into fetching their state.
    let key: FlowKey
    let hash: UInt32
    /// Packets so far, wrapping.
    var packets: UInt32 = 0
    var last: PacketMark
    /// nil until it is known who is the client, and when the connection is over.
    var reader: (any StreamReader)?
    private(set) var clientIsLower = false
    var phase = Phase.open
    /// What the lower end of the key sends, and what the upper end sends.
    var lower = SegmentAssembler()
    var upper = SegmentAssembler()
    /// Where the reader lies, to ask for its memory ahead; never read through.
    private(set) var readerAddress: UnsafeRawPointer?

    /// 0-based, in order of first packet.
    let number: Int
    /// The first packet.
    let start: PacketMark
    /// Whether the lower end sent the first packet.
    let startedByLower: Bool

    /// How far a connection has come; the numbers are those of the packets when it got there.
    enum Phase: Equatable {
        case open
        /// Open at the end of a file, and not seen yet in the next one.
        case carried
        /// Both FINs or a RST were seen; late packets may come.
        case ended(at: Int)
        /// The reader was told; only the name is remembered.
        case over(at: Int)
        /// The slot is free.
        case forgotten
    }

    init(key: FlowKey, hash: UInt32, number: Int, start: PacketMark, startedByLower: Bool) {
        self.key = key
        self.hash = hash
        self.number = number
        self.start = start
        self.startedByLower = startedByLower
        last = start
    }

    /// What every connection of a table shares.
    struct Context {
        let limits: ReassemblyLimits
        let makeReader: (ConnectionStart) -> any StreamReader
    }

    /// What that end sends.
    subscript(isLower: Bool) -> SegmentAssembler {
        get { isLower ? lower : upper }
        _modify {
            if isLower { yield &lower } else { yield &upper }
        }
    }

    /// Whether both ends said that they are done, or one broke the connection off.
    var hasEnded: Bool {
        lower.sawFIN && upper.sawFIN || lower.sawReset || upper.sawReset
    }

    /// Whose a segment with these addresses and ports is.
    enum Claim { case its, new, nobodys }

    /// Whether an unusual segment belongs to this connection, as Wireshark decides it: a SYN with another sequence
    /// number, or after the end, is that of a new connection.
    ///
    /// Unlike there, so are bytes that lie far off after the end, and anything far off in the next file.
    func claim(on segment: TCPSegment) -> Claim {
        let stream = self[segment.isFromLower]
        let isSYN = segment.flags.contains(.syn) && !segment.flags.contains(.rst)
        let fits = stream.position == .unknown || stream.first == segment.sequence + 1
        switch phase {
        case .open:
            return !isSYN || fits ? .its : .new
        case .carried:
            if isSYN { return fits ? .its : .new }
            return isNear(segment) || segment.flags.contains(.rst) ? .its : .new
        case .ended:
            if isSYN { return fits && segment.flags.contains(.ack) ? .its : .new }
            let isLate = segment.payloadCount == 0 || segment.flags.contains(.rst)
            return isLate || isNear(segment) ? .its : .new
        case .over, .forgotten:
            if isSYN { return .new }
            // A copy of an old packet says nothing; bytes that were never seen belong to a connection of their own.
            let length = segment.payloadCount + segment.missing
            let isFresh = length > 0 && (segment.sequence + length).distance(from: stream.next) > 0
            return isFresh && !segment.flags.contains(.rst) ? .new : .nobodys
        }
    }

    /// Whether a segment says and acknowledges what may follow in these streams.
    private func isNear(_ segment: TCPSegment) -> Bool {
        self[segment.isFromLower].isNear(segment.sequence)
            && (!segment.flags.contains(.ack) || self[!segment.isFromLower].isNear(segment.acknowledgement))
    }

    /// Takes a segment; its payload lies in `bytes`.
    mutating func receive(
        _ segment: TCPSegment, _ bytes: RawSpan, mark: PacketMark, _ context: borrowing Context,
        _ ledger: inout StreamLedger
    ) {
        let isFromLower = segment.isFromLower
        packets &+= 1
        last = mark
        guard segment.flags.isDisjoint(with: [.syn, .rst]) else {
            receiveControl(segment, bytes, isFromLower: isFromLower, context, &ledger)
            return
        }
        if segment.flags.contains(.ack), !isSettled(segment) {
            acknowledge(segment.acknowledgement, isFromLower: isFromLower, context, &ledger)
        }
        if segment.payloadCount + segment.missing > 0 {
            let payload = bytes.extracting(segment.payload)
            if isNext(segment), let reader = reader.take() {
                // Taken out and put back: a reference more would be counted up and down for every segment.
                let party = party(isLower: isFromLower)
                if isFromLower {
                    lower.deliver(payload, missing: segment.missing, mark: mark, to: reader, party, &ledger)
                } else {
                    upper.deliver(payload, missing: segment.missing, mark: mark, to: reader, party, &ledger)
                }
                self.reader = reader
            } else {
                self[isFromLower].receive(
                    payload, missing: segment.missing, sequence: segment.sequence, mark: mark,
                    to: output(isFromLower, firstBytes: payload, context), context.limits, &ledger)
            }
        } else {
            self[isFromLower].note(segment.sequence)
        }
        if segment.flags.contains(.fin) {
            self[isFromLower].receiveFIN(
                segment.sequence + (segment.payloadCount + segment.missing), mark: mark,
                to: output(isFromLower, firstBytes: nil, context))
        }
    }

    /// Whether the segment goes through without a look at anything else.
    @inline(__always)
    private func isNext(_ segment: TCPSegment) -> Bool {
        segment.isFromLower ? lower.isNext(segment) : upper.isNext(segment)
    }

    /// Whether its acknowledgement says nothing new of the other direction.
    @inline(__always)
    private func isSettled(_ segment: TCPSegment) -> Bool {
        let acknowledgement = segment.acknowledgement
        return segment.isFromLower ? upper.isSettled(by: acknowledgement) : lower.isSettled(by: acknowledgement)
    }

    private mutating func receiveControl(
        _ segment: TCPSegment, _ bytes: RawSpan, isFromLower: Bool, _ context: borrowing Context,
        _ ledger: inout StreamLedger
    ) {
        if segment.flags.contains(.rst) {
            ledger.inReset &+= segment.payloadCount
            let output = output(isFromLower, firstBytes: nil, context)
            if !self[isFromLower].receiveReset(segment.sequence, mark: last, to: output) { ledger.resetsIgnored &+= 1 }
            return
        }
        let answers = segment.flags.contains(.ack)
        _ = decide(clientIsLower: isFromLower != answers, .handshake, context)
        self[isFromLower].synchronize(segment.sequence)
        if answers { acknowledge(segment.acknowledgement, isFromLower: isFromLower, context, &ledger) }
        guard segment.payloadCount + segment.missing > 0 else { return }
        let payload = bytes.extracting(segment.payload)
        if answers {
            self[isFromLower].receive(
                payload, missing: segment.missing, sequence: segment.sequence + 1, mark: last,
                to: output(isFromLower, firstBytes: nil, context), context.limits, &ledger)
        } else {
            self[isFromLower].holdSYNPayload(payload, missing: segment.missing, mark: last, &ledger)
        }
    }

    /// Tells the other direction what was acknowledged; its holes may be certain now.
    private mutating func acknowledge(
        _ acknowledgement: SequenceNumber, isFromLower: Bool, _ context: borrowing Context,
        _ ledger: inout StreamLedger
    ) {
        let known = reader.map { SegmentAssembler.Output(reader: $0, party: party(isLower: !isFromLower)) }
        let isCertain = self[!isFromLower].acknowledge(
            acknowledgement, packets: packets, to: known, context.limits, &ledger)
        if isCertain {
            let output = output(!isFromLower, firstBytes: nil, context)
            self[!isFromLower].giveUpHole(packets: packets, mark: last, to: output, &ledger)
        }
    }

    /// The connection is over: what is missing now is lost, and the reader is told.
    mutating func finish(_ context: borrowing Context, _ ledger: inout StreamLedger) {
        let client = output(clientIsLower, firstBytes: nil, context)
        // Who is the client may only just have been decided.
        self[clientIsLower].finish(
            mark: last, to: SegmentAssembler.Output(reader: client.reader, party: .client), context.limits, &ledger)
        self[!clientIsLower].finish(
            mark: last, to: SegmentAssembler.Output(reader: client.reader, party: .server), context.limits, &ledger)
        client.reader.finish()
        (reader, readerAddress) = (nil, nil)
    }

    /// Where bytes of that end go; decides who is the client when that is still open.
    @inline(__always)
    private mutating func output(
        _ isLower: Bool, firstBytes: RawSpan?, _ context: borrowing Context
    ) -> SegmentAssembler.Output {
        if let reader { return SegmentAssembler.Output(reader: reader, party: party(isLower: isLower)) }
        let made =
            if let firstBytes, let sender = FirstBytes.sender(of: firstBytes) {
                decide(clientIsLower: isLower == (sender == .client), .http, context)
            } else {
                decide(clientIsLower: clientIsLowerByPorts, .ports, context)
            }
        return SegmentAssembler.Output(reader: made, party: party(isLower: isLower))
    }

    /// Says who is the client; the first to say so counts.
    private mutating func decide(
        clientIsLower: Bool, _ evidence: ConnectionStart.Evidence, _ context: borrowing Context
    ) -> any StreamReader {
        if let reader { return reader }
        self.clientIsLower = clientIsLower
        let made = context.makeReader(
            ConnectionStart(
                tcpStream: number, client: clientIsLower ? key.lower : key.upper,
                server: clientIsLower ? key.upper : key.lower, mark: start, evidence: evidence))
        reader = made
        readerAddress = UnsafeRawPointer(Unmanaged.passUnretained(made as AnyObject).toOpaque())
        return made
    }

    /// Who is the client when nothing but the ports can tell: the lower port is the server's; of equal ones the end
    /// that sent the first packet is the client.
    private var clientIsLowerByPorts: Bool {
        let (lowerPort, upperPort) = (key.lower.port, key.upper.port)
        return lowerPort == upperPort ? startedByLower : lowerPort > upperPort
    }

    private func party(isLower: Bool) -> Party {
        isLower == clientIsLower ? .client : .server
    }
}
