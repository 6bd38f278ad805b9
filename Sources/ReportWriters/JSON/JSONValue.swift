import WireBasics

/// A JSON document as a tree.
///
/// Objects are written with sorted keys, so that equal values give equal bytes.
indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case int(Int)
    case string(String)
    /// Bytes read as ISO-8859-1: each is the character of that number.
    case latin1([UInt8])
    /// Bytes in base64 (RFC 4648 §4).
    case base64([UInt8])
    /// Bytes as lower-case hexadecimal digits.
    case hex([UInt8])
    case array([JSONValue])
    case object([(key: String, value: JSONValue)])
    /// An array whose elements are made when they are written: a long list never exists as a tree.
    case list(count: Int, element: @Sendable (Int) -> JSONValue)

    /// An array with an element for each member.
    static func list<Member: Sendable>(
        _ members: [Member], _ element: @escaping @Sendable (Member) -> JSONValue
    ) -> JSONValue {
        .list(count: members.count) { element(members[$0]) }
    }

    /// A string, or null for nothing.
    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    /// A number, or null for nothing.
    static func optional(_ number: Int?) -> JSONValue { number.map(JSONValue.int) ?? .null }

    /// `nginx.conf:14`, or null for a built-in default.
    static func source(_ location: ConfigLocation?) -> JSONValue { optional(location?.source) }

    /// The fields of both objects, which share none.
    func adding(_ other: JSONValue) -> JSONValue {
        guard case .object(let own) = self, case .object(let more) = other else { return self }
        return .object(own + more)
    }

    /// The fields of both objects; those of `other` win.
    func merging(_ other: JSONValue) -> JSONValue {
        guard case .object(let own) = self, case .object(let more) = other else { return self }
        let names = Set(more.map(\.key))
        return .object(own.filter { !names.contains($0.key) } + more)
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int) { self = .int(value) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { (key: $0.0, value: $0.1) })
    }
}
