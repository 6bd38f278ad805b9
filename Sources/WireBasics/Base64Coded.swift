/// Bytes that are written as base64 (RFC 4648 §4) where a value is coded, instead of as a list of numbers.
@propertyWrapper
public struct Base64Coded: Hashable, Sendable, Codable {
    /// The bytes.
    public var wrappedValue: [UInt8]

    /// These bytes.
    public init(wrappedValue: [UInt8]) {
        self.wrappedValue = wrappedValue
    }

    /// Reads base64.
    ///
    /// - Throws: `DecodingError.dataCorrupted` when the text is none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let bytes = Base64.decode(ByteString(try container.decode(String.self))) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not base64")
        }
        wrappedValue = bytes
    }

    /// Writes base64.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(Base64.encode(wrappedValue).latin1)
    }
}
