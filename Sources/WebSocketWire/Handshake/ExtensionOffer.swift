import HTTPWire
public import WireBasics

/// One extension in a `Sec-WebSocket-Extensions` header: a name and parameters (RFC 6455 §9.1).
public struct ExtensionOffer: Hashable, Sendable {
    /// A parameter with its value, where it has one.
    public struct Parameter: Hashable, Sendable {
        /// The name, as sent.
        public var name: ByteString
        /// The value with quotes and escapes removed; nil for a parameter without value.
        public var value: ByteString?

        /// A parameter with that name and value.
        public init(_ name: ByteString, _ value: ByteString? = nil) {
            self.name = name
            self.value = value
        }
    }

    /// The name, as sent.
    public var name: ByteString
    /// The parameters in order.
    public var parameters: [Parameter]

    /// An extension with these parameters.
    public init(_ name: ByteString, _ parameters: [Parameter] = []) {
        self.name = name
        self.parameters = parameters
    }

    /// An element of the header, read or not.
    enum Element {
        case read(ExtensionOffer)
        case unreadable(String)

        var offer: ExtensionOffer? {
            guard case .read(let offer) = self else { return nil }
            return offer
        }

        var error: String? {
            guard case .unreadable(let reason) = self else { return nil }
            return reason
        }
    }

    /// All extensions over all lines of the header, in order of preference.
    static func all(in headers: HeaderFields) -> [Element] {
        headers.listMembers(FieldName.secWebSocketExtensions).map(read)
    }

    private static func read(_ text: ByteString) -> Element {
        let parts = HeaderFields.split(text, at: UInt8(ascii: ";")).map(\.trimmingWhitespace)
        guard let name = parts.first, isToken(name) else { return .unreadable("\"\(text)\" has no name") }
        var parameters: [Parameter] = []
        for part in parts.dropFirst() {
            let halves = HeaderFields.split(part, at: UInt8(ascii: "="))
            let key = halves[0].trimmingWhitespace
            guard isToken(key), halves.count <= 2 else { return .unreadable("\"\(part)\" is no parameter") }
            guard halves.count == 2 else {
                parameters.append(Parameter(key))
                continue
            }
            guard let value = unquoted(halves[1].trimmingWhitespace) else {
                return .unreadable("the value of \"\(part)\" is no token")
            }
            parameters.append(Parameter(key, value))
        }
        return .read(ExtensionOffer(name, parameters))
    }

    /// A token, or a quoted string whose content is one (RFC 6455 §9.1).
    private static func unquoted(_ text: ByteString) -> ByteString? {
        guard text.bytes.first == UInt8(ascii: "\"") else { return isToken(text) ? text : nil }
        guard text.count >= 2, text.bytes.last == UInt8(ascii: "\"") else { return nil }
        var value: [UInt8] = []
        var escaped = false
        for byte in text.bytes.dropFirst().dropLast() {
            if !escaped, byte == UInt8(ascii: "\\") {
                escaped = true
            } else if !escaped, byte == UInt8(ascii: "\"") {
                return nil
            } else {
                value.append(byte)
                escaped = false
            }
        }
        let content = ByteString(value)
        return !escaped && isToken(content) ? content : nil
    }

    private static func isToken(_ text: ByteString) -> Bool {
        !text.isEmpty && text.bytes.allSatisfy({ $0.isTokenCharacter })
    }
}
