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
        fields.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
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
            guard field.name.equalsIgnoringCase(name) else { return false }
            // Most values are one token.
            return field.value.equalsIgnoringCase(token)
                || Self.listMembers(field.value).contains { $0.equalsIgnoringCase(token) }
        }
    }

    /// The members of one comma-separated value.
    public static func listMembers(_ value: ByteString) -> [ByteString] {
        guard value.bytes.contains(UInt8(ascii: ",")) else {
            let member = value.trimmingWhitespace
            return member.isEmpty ? [] : [member]
        }
        return split(value, at: UInt8(ascii: ",")).map(\.trimmingWhitespace).filter { !$0.isEmpty }
    }

    /// Splits a value at a separator outside quoted strings (RFC 9110 §5.6.4).
    public static func split(_ value: ByteString, at separator: UInt8) -> [ByteString] {
        var parts: [ByteString] = []
        var part: [UInt8] = []
        var quoted = false
        var escaped = false
        for byte in value.bytes {
            if byte == separator, !quoted {
                parts.append(ByteString(part))
                part = []
                continue
            }
            part.append(byte)
            if escaped {
                escaped = false
            } else if quoted, byte == UInt8(ascii: "\\") {
                escaped = true
            } else if byte == UInt8(ascii: "\"") {
                quoted.toggle()
            }
        }
        return parts + [ByteString(part)]
    }
}
