public import WireBasics

/// One header line as it was sent.
public struct HeaderField: Hashable, Sendable, Codable {
    /// The field name with the spelling of the sender.
    public var name: ByteString
    /// The value without the white space around it (RFC 9110 §5.5); a folded line joined by one space.
    public var value: ByteString

    /// A field of that name and value.
    public init(_ name: ByteString, _ value: ByteString) {
        self.name = name
        self.value = value
    }
}

/// The header lines of a message: ordered, duplicates kept, nothing repaired.
public struct HeaderFields: Hashable, Sendable, Codable {
    /// The lines in the order they were sent.
    public var fields: [HeaderField]

    /// These lines.
    public init(_ fields: [HeaderField] = []) {
        self.fields = fields
    }

    /// All values of that name, compared without case (RFC 9110 §5.1), in order.
    public func values(_ name: ByteString) -> [ByteString] {
        var values: [ByteString] = []
        for field in fields where field.name.equalsIgnoringCase(name) { values.append(field.value) }
        return values
    }

    /// The values of all lines of a name as one list, which is what they mean together (RFC 9110 §5.3); nil when there is
    /// none.
    public static func combined(_ values: [ByteString]) -> ByteString? {
        values.isEmpty ? nil : ByteString(values.map(\.bytes).joined(separator: [44, 32]))
    }

    /// The value of the first line of that name.
    public func first(_ name: ByteString) -> ByteString? {
        fields.first { $0.name.equalsIgnoringCase(name) }?.value
    }

    /// Whether a line of that name is there.
    public func contains(_ name: ByteString) -> Bool {
        fields.contains { $0.name.equalsIgnoringCase(name) }
    }

    /// The members of a comma-separated list over all lines of that name (RFC 9110 §5.6.1), commas inside quoted
    /// strings left alone, empty members dropped.
    public func listMembers(_ name: ByteString) -> [ByteString] {
        var members: [ByteString] = []
        for field in fields where field.name.equalsIgnoringCase(name) { members += Self.listMembers(field.value) }
        return members
    }

    /// Whether the list field holds that token, compared without case.
    public func hasToken(_ token: ByteString, in name: ByteString) -> Bool {
        fields.contains { field in
            field.name.equalsIgnoringCase(name)
                && Self.pieces(of: field.value.bytes, at: UInt8(ascii: ",")).contains { piece in
                    field.value.bytes[piece].trimmingWhitespace.equalsIgnoringCase(token.bytes)
                }
        }
    }

    /// The members of one comma-separated value.
    public static func listMembers(_ value: ByteString) -> [ByteString] {
        pieces(of: value.bytes, at: UInt8(ascii: ",")).compactMap { piece in
            let member = value.bytes[piece].trimmingWhitespace
            return member.isEmpty ? nil : ByteString(member)
        }
    }

    /// Splits a value at a separator outside quoted strings (RFC 9110 §5.6.4).
    public static func split(_ value: ByteString, at separator: UInt8) -> [ByteString] {
        pieces(of: value.bytes, at: separator).map { ByteString(value.bytes[$0]) }
    }

    /// Where the pieces between separators outside quoted strings lie.
    private static func pieces(of bytes: [UInt8], at separator: UInt8) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        var quoted = false
        var escaped = false
        for (index, byte) in bytes.enumerated() {
            if byte == separator, !quoted {
                pieces.append(start..<index)
                start = index + 1
            } else if escaped {
                escaped = false
            } else if quoted, byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "\"") {
                quoted.toggle()
            }
        }
        return pieces + [start..<bytes.count]
    }
}
