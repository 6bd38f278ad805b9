import WireBasics

/// Reads the bytes of one whole message head (RFC 9112 §2 to §5).
///
/// Shape: nothing is repaired; what is allowed though it is odd is noted with its offset.
struct HeadGrammar {
    private let bytes: [UInt8]
    private let tolerance: HeadTolerance
    /// The lines without their terminators; the empty line at the end is left out.
    private var lines: [Range<Int>] = []
    private var bareLineFeed: Int?
    /// Whether there is a control character that does not end a line.
    private var hasControls = false

    init(_ bytes: [UInt8], tolerance: HeadTolerance) {
        self.bytes = bytes
        self.tolerance = tolerance
        lines.reserveCapacity(20)
        var start = 0
        var controls = 0
        for (index, byte) in bytes.enumerated() where byte < 32 || byte == 127 {
            controls += 1
            guard byte == 10 else { continue }
            var end = index
            if end > start, bytes[end - 1] == 13 {
                end -= 1
                controls -= 1
            } else if bareLineFeed == nil {
                bareLineFeed = index
            }
            controls -= 1
            lines.append(start..<end)
            start = index + 1
        }
        hasControls = controls > 0
        if lines.count > 1, let last = lines.last, last.isEmpty { lines.removeLast() }
    }

    /// Whether a request line is one of HTTP/0.9: `GET`, one space, a target, and no version.
    static func isVersionless(_ line: ArraySlice<UInt8>) -> Bool {
        guard line.starts(with: "GET ".utf8) else { return false }
        let target = line.dropFirst(4).prefix { $0 != 13 && $0 != 10 }
        return !target.isEmpty && !target.contains(32) && !target.contains(9)
    }

    /// Reads the start line alone, so that what is no HTTP is given up before the head is complete.
    func checkStartLine(_ kind: HeadParser.Kind) throws(HeadError) {
        switch kind {
        case .request: _ = try request()
        case .response: _ = try response()
        }
    }

    func request() throws(HeadError) -> ParsedHead<RequestHead> {
        var notes = Notes(tolerance)
        try noteLineFeed(&notes)
        let range = lines.first ?? 0..<0
        let line = bytes[range]
        try checkText(line, &notes)
        guard let space = line.firstIndex(of: 32) else {
            throw startLine("a request line is method, space, target, space, version", at: range.lowerBound)
        }
        let method = CommonText.shared(line[..<space])
        guard !method.isEmpty, method.bytes.allSatisfy({ $0.isTokenCharacter }) else {
            throw startLine("a method is a token", at: range.lowerBound)
        }
        if Self.isVersionless(line) {
            try notes.add(.missingVersion, at: range.upperBound)
            let target = ByteString(line[(space + 1)...])
            let head = RequestHead(
                method: method, target: target, version: ByteString(), headers: HeaderFields(), bytes: bytes)
            return ParsedHead(head: head, oddities: notes.sightings)
        }
        let rest = line[(space + 1)...]
        let trimmed = rest.trimmingWhitespace
        guard let last = trimmed.lastIndex(of: 32), trimmed.startIndex < last else {
            throw startLine("a request line is method, space, target, space, version", at: space)
        }
        let version = trimmed[(last + 1)...]
        // RFC 9113 §3.4: what looks like a request is how HTTP/2 begins.
        guard !(method == "PRI" && version.elementsEqual("HTTP/2.0".utf8)) else {
            throw HeadError(
                .notHTTP, offset: 0, message: "this is the preface of HTTP/2", section: "RFC 9113 §3.4",
                mend: "nothing, where HTTP/2 is spoken")
        }
        try checkVersion(version, &notes)
        let target = trimmed[..<last].trimmingWhitespace
        if trimmed.count != rest.count || target.count != last - trimmed.startIndex || target.contains(32) {
            try notes.add(.startLineWhitespace, at: space + 1)
        }
        let headers = try fields(&notes)
        let head = RequestHead(
            method: method, target: ByteString(target), version: CommonText.shared(version), headers: headers,
            bytes: bytes)
        return ParsedHead(head: head, oddities: notes.sightings)
    }

    func response() throws(HeadError) -> ParsedHead<ResponseHead> {
        var notes = Notes(tolerance)
        try noteLineFeed(&notes)
        let range = lines.first ?? 0..<0
        let line = bytes[range]
        try checkText(line, &notes)
        guard let space = line.firstIndex(of: 32) else {
            throw startLine("a status line is version, space, status code, space, reason", at: range.lowerBound)
        }
        let version = line[..<space]
        try checkVersion(version, &notes)
        let rest = line[(space + 1)...]
        let digits = rest.drop { $0 == 32 }.prefix { (48...57).contains($0) }
        guard digits.count == 3 else { throw startLine("a status code has three digits", at: space + 1) }
        if digits.startIndex != rest.startIndex { try notes.add(.startLineWhitespace, at: space + 1) }
        let status = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        var reason = line[digits.endIndex...]
        if reason.first == 32 {
            reason = reason.dropFirst()
        } else {
            guard reason.isEmpty else { throw startLine("a status code has three digits", at: digits.endIndex) }
            try notes.add(.missingReasonSpace, at: digits.endIndex)
        }
        let headers = try fields(&notes)
        let head = ResponseHead(
            version: CommonText.shared(version), status: status, reason: CommonText.shared(reason), headers: headers,
            bytes: bytes)
        return ParsedHead(head: head, oddities: notes.sightings)
    }

    private func fields(_ notes: inout Notes) throws(HeadError) -> HeaderFields {
        var fields: [HeaderField] = []
        fields.reserveCapacity(max(0, lines.count - 1))
        // A folded line belongs to the line before it, also where that one carries no header.
        var canFold = false
        for range in lines.dropFirst() {
            let line = bytes[range]
            try checkText(line, &notes)
            if let first = line.first, first == 32 || first == 9 {
                if canFold, let last = fields.indices.last {
                    try notes.add(.lineFolding, at: range.lowerBound)
                    let folded = ByteString(line).trimmingWhitespace
                    fields[last].value = (fields[last].value + " " + folded).trimmingWhitespace
                } else {
                    try notes.add(.whitespaceBeforeFirstField, at: range.lowerBound)
                }
                continue
            }
            guard let colon = line.firstIndex(of: 58) else {
                try notes.add(.missingColon, at: range.lowerBound)
                canFold = false
                continue
            }
            let name = line[..<colon].trimmingWhitespace
            if name.count != colon - line.startIndex { try notes.add(.whitespaceBeforeColon, at: colon) }
            if name.isEmpty || !name.allSatisfy({ $0.isTokenCharacter }) {
                try notes.add(.invalidFieldName, at: range.lowerBound)
            }
            let value = line[(colon + 1)...].trimmingWhitespace
            fields.append(HeaderField(CommonText.shared(name), CommonText.shared(value)))
            canFold = true
        }
        return HeaderFields(fields)
    }

    private func noteLineFeed(_ notes: inout Notes) throws(HeadError) {
        if let offset = bareLineFeed { try notes.add(.bareLineFeed, at: offset) }
    }

    private func checkText(_ line: ArraySlice<UInt8>, _ notes: inout Notes) throws(HeadError) {
        guard hasControls else { return }
        for index in line.indices where line[index] < 32 || line[index] == 127 {
            switch line[index] {
            case 9: break
            case 13: try notes.add(.bareCarriageReturn, at: index)
            default: try notes.add(.controlCharacter, at: index)
            }
        }
    }

    /// `HTTP/`, a digit, a dot, a digit (RFC 9112 §2.3).
    ///
    /// Of another version than 1 nobody knows what the rest means; a head that looks like one of HTTP/1 is read as one.
    private func checkVersion(_ version: ArraySlice<UInt8>, _ notes: inout Notes) throws(HeadError) {
        let start = version.startIndex
        guard version.starts(with: "HTTP/".utf8) else {
            throw startLine("a version is HTTP/, digit, dot, digit", at: start)
        }
        let isFirst =
            version.count == 8 && version[start + 5] == UInt8(ascii: "1") && version[start + 6] == UInt8(ascii: ".")
            && (48...57).contains(version[start + 7])
        if !isFirst { try notes.add(.otherVersion, at: start) }
    }

    private func startLine(_ why: String, at offset: Int) -> HeadError {
        HeadError(
            .malformedStartLine, offset: offset, message: "the start line cannot be read: \(why)",
            section: "RFC 9112 §2.1", mend: "mend the sender")
    }
}

/// The oddities of one head, each at its first place.
private struct Notes {
    private(set) var sightings: [HeadSighting] = []
    private let tolerance: HeadTolerance

    init(_ tolerance: HeadTolerance) {
        self.tolerance = tolerance
    }

    mutating func add(_ oddity: HeadOddity, at offset: Int) throws(HeadError) {
        guard tolerance.allows(oddity) else { throw HeadError(refused: oddity, offset: offset) }
        if !sightings.contains(where: { $0.oddity == oddity }) {
            sightings.append(HeadSighting(oddity, offset: offset))
        }
    }
}
