/// Bytes that usually are text, in an encoding that nobody promised: header names and values, request targets,
/// everything that nginx handles as `ngx_str_t`.
///
/// Shape: any bytes, any length. Comparison is byte by byte; Swift's `String` would fold `\r\n` into one character and
/// compare by canonical equivalence, which is wrong for what is on a wire.
public struct ByteString: Hashable, Sendable {
    /// The bytes.
    public var bytes: [UInt8]

    /// No bytes.
    public init() {
        bytes = []
    }

    /// These bytes.
    public init(_ bytes: some Sequence<UInt8>) {
        self.bytes = Array(bytes)
    }

    /// The UTF-8 bytes of a text of our own.
    public init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// Whether there is no byte.
    public var isEmpty: Bool { bytes.isEmpty }

    /// The number of bytes.
    public var count: Int { bytes.count }

    /// The bytes read as ISO-8859-1: each byte is the character of that number, nothing is lost.
    public var latin1: String {
        // Building a text character by character is slow, and nearly every text is ASCII.
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        return String(String.UnicodeScalarView(bytes.lazy.map { Unicode.Scalar($0) }))
    }

    /// The bytes that `latin1` was read from; nil where a character lies above U+00FF.
    public init?(latin1 text: String) {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard scalar.value < 0x100 else { return nil }
            bytes.append(UInt8(scalar.value))
        }
        self.bytes = bytes
    }

    /// ASCII letters in lower case, all other bytes as they are.
    public var lowercased: ByteString {
        ByteString(bytes.map(\.asciiLowercased))
    }

    /// Whether both are the same but for the case of ASCII letters: how HTTP compares field names and tokens.
    public func equalsIgnoringCase(_ other: ByteString) -> Bool {
        bytes[...].equalsIgnoringCase(other.bytes)
    }

    /// Whether the bytes start with those of `prefix`.
    public func hasPrefix(_ prefix: ByteString) -> Bool {
        bytes.starts(with: prefix.bytes)
    }

    /// Whether the bytes end with those of `suffix`.
    public func hasSuffix(_ suffix: ByteString) -> Bool {
        bytes.count >= suffix.count && bytes.suffix(suffix.count).elementsEqual(suffix.bytes)
    }

    /// Without spaces and tabs at both ends: the OWS of RFC 9110 §5.6.3.
    public var trimmingWhitespace: ByteString {
        ByteString(bytes[...].trimmingWhitespace)
    }

    /// Both, one after the other.
    public static func + (left: ByteString, right: ByteString) -> ByteString {
        ByteString(left.bytes + right.bytes)
    }

    /// Adds bytes at the end.
    public static func += (left: inout ByteString, right: ByteString) {
        left.bytes += right.bytes
    }
}

extension ByteString: ExpressibleByStringLiteral, Comparable, CustomStringConvertible, Codable {
    /// The UTF-8 bytes of a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }

    /// By bytes, shorter first where one starts with the other.
    public static func < (left: ByteString, right: ByteString) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }

    /// For people: harmless to show anywhere.
    ///
    /// Not for output that is read back; see `latin1`.
    public var description: String {
        VisibleText.escape(bytes)
    }

    /// Reads the ISO-8859-1 text that `encode` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let value = ByteString(latin1: try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "characters above U+00FF")
        }
        self = value
    }

    /// Writes the bytes as ISO-8859-1 text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(latin1)
    }
}

extension ArraySlice<UInt8> {
    /// Without spaces and tabs at both ends.
    package var trimmingWhitespace: ArraySlice<UInt8> {
        var (start, end) = (startIndex, endIndex)
        while start < end, self[start].isBlank { start += 1 }
        while start < end, self[end - 1].isBlank { end -= 1 }
        return self[start..<end]
    }

    /// Whether both are the same but for the case of ASCII letters.
    package func equalsIgnoringCase(_ other: [UInt8]) -> Bool {
        guard count == other.count else { return false }
        let start = startIndex
        for index in other.indices {
            let (left, right) = (self[start + index], other[index])
            guard left == right || left.asciiLowercased == right.asciiLowercased else { return false }
        }
        return true
    }
}

extension UInt8 {
    /// Whether it is a space or a tab: the OWS of RFC 9110 §5.6.3.
    package var isBlank: Bool { self == 32 || self == 9 }

    /// `A` to `Z` as `a` to `z`, other bytes as they are.
    public var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
