import WireBasics

/// What is kept of the bytes of one message while they pass: counts and digests, and a preview where asked for.
struct MessageContent {
    /// Bytes so far.
    private(set) var length = 0
    /// CRC-32 of the message's bytes, on top of that of the messages before it; nil when it is not asked for.
    private(set) var digest: UInt32?

    private var utf8 = UTF8Check()
    private var isText = false
    private var previewLimit = 0
    private var sha256: SHA256Stream?
    private var preview: [UInt8] = []

    /// Starts a message; `digest` is that of the messages before it.
    mutating func begin(isText: Bool, digest: UInt32?, previewLimit: Int, sha256: SHA256Stream?) {
        length = 0
        self.digest = digest
        self.isText = isText
        if isText { utf8 = UTF8Check() }
        self.previewLimit = previewLimit
        self.sha256 = sha256
        sha256?.restart()
        // Of a message that was given up.
        if previewLimit > 0 { preview = [] }
    }

    @inline(__always)
    mutating func receive(_ bytes: RawSpan) {
        length += bytes.byteCount
        if let before = digest { digest = CRC32.update(before, bytes) }
        if isText { utf8.receive(bytes) }
        if previewLimit > 0 { preview.appendPrefix(of: bytes, upTo: previewLimit) }
        if let sha256 { sha256.update(bytes) }
    }

    /// Takes bytes until the message has that many; returns whether all were taken.
    mutating func receive(_ bytes: RawSpan, upTo limit: Int) -> Bool {
        let room = max(0, limit - length)
        guard room < bytes.byteCount else {
            receive(bytes)
            return true
        }
        receive(bytes.extracting(0..<room))
        return false
    }

    /// The first bytes of the message; they are handed out once.
    mutating func takePreview() -> [UInt8] {
        defer { preview = [] }
        return preview
    }

    /// Whether the message is text and no UTF-8.
    var isMalformedText: Bool { isText && !utf8.isValid }

    /// SHA-256 of the message, where it was asked for.
    func finishSHA256() -> [UInt8]? {
        sha256?.finish()
    }
}

extension [UInt8] {
    /// Appends bytes until the array is that long.
    mutating func appendPrefix(of bytes: RawSpan, upTo limit: Int) {
        let taken = Swift.min(limit - count, bytes.byteCount)
        guard taken > 0 else { return }
        bytes.extracting(0..<taken).withUnsafeBytes { append(contentsOf: $0) }
    }
}
