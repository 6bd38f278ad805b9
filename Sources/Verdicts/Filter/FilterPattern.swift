import WireBasics

/// What a value of a session is held against.
enum FilterPattern: Hashable, Sendable {
    /// There is no value.
    case none
    /// A text with `*` for any text and `?` for any byte.
    case glob(ByteString)
    case numbers(ClosedRange<Int>)
    case addresses(AddressPattern)
    case truth(Bool)

    func matches(_ value: FilterValue) -> Bool {
        switch (self, value) {
        case (.glob(let glob), .text(let text)): Glob(glob, questionMarks: true).matches(text)
        case (.numbers(let numbers), .number(let number)): numbers.contains(number)
        case (.addresses(let addresses), .endpoint(let endpoint)): addresses.contains(endpoint)
        case (.truth(let expected), .truth(let actual)): expected == actual
        default: false
        }
    }
}

extension FilterPattern {
    /// Reads one pattern of a condition on that key.
    init(_ part: ArraySlice<UInt8>, for key: FilterKey, in expression: String) throws(FilterError) {
        let text = String(decoding: part, as: UTF8.self)
        guard let pattern = Self.read(text, key.form) else {
            throw FilterError(
                expression: expression, offset: part.startIndex,
                message: text.isEmpty
                    ? "a pattern is missing" : "\"\(VisibleText.escape(text))\" is no \(Self.noun(key.form))",
                mend: Self.mend(text, key))
        }
        self = pattern
    }

    private static func read(_ text: String, _ form: FilterKey.Form) -> FilterPattern? {
        guard !text.isEmpty else { return nil }
        if text == "none" { return FilterPattern.none }
        switch form {
        case .text(let ignoresCase):
            return .glob(ignoresCase ? ByteString(text).lowercased : ByteString(text))
        case .word(let words):
            // As listings shorten it.
            if text.lowercased() == "ws", words.contains("websocket") { return .glob("websocket") }
            return words.contains(text.lowercased()) ? .glob(ByteString(text.lowercased())) : nil
        case .truth:
            return ["yes": .truth(true), "true": .truth(true), "no": .truth(false), "false": .truth(false)][text]
        case .number:
            return numbers(text)
        case .address:
            return AddressPattern(text).map(FilterPattern.addresses)
        case .id:
            let number = text.hasPrefix("#") ? String(text.dropFirst()) : text
            return numbers(number) ?? (text.contains("#") || text.contains("*") ? .glob(ByteString(text)) : nil)
        }
    }

    /// `404`, `4xx`, `400-499`.
    private static func numbers(_ text: String) -> FilterPattern? {
        guard text.utf8.count <= 32 else { return nil }
        let halves = text.split(separator: "-", omittingEmptySubsequences: false)
        if halves.count == 2, let low = digits(halves[0]), let high = digits(halves[1]), low <= high {
            return .numbers(low...high)
        }
        if let number = digits(text[...]) { return .numbers(number...number) }
        let lowered = text.lowercased()
        guard lowered.contains(where: { $0 != "x" }),
            let low = digits(lowered.replacing("x", with: "0")[...]),
            let high = digits(lowered.replacing("x", with: "9")[...]),
            lowered.drop(while: { $0 != "x" }).allSatisfy({ $0 == "x" })
        else { return nil }
        return .numbers(low...high)
    }

    private static func digits(_ text: Substring) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    private static func noun(_ form: FilterKey.Form) -> String {
        switch form {
        case .text: "text"
        case .word(let words): "one of \(words.joined(separator: ", "))"
        case .truth: "yes or no"
        case .number: "number, range of numbers (400-499) or class of them (4xx)"
        case .address: "address, network (10.0.0.0/8), address with port, or port (:8080)"
        case .id: "number, range of numbers or id (FILE#3)"
        }
    }

    private static func mend(_ text: String, _ key: FilterKey) -> String {
        if case .word(let words) = key.form, let near = NearestName.find(text, in: words) {
            return "did you mean \(key.rawValue)=\(near)?"
        }
        return "write for example \(key.example)"
    }
}

/// Addresses, and perhaps a port: `10.0.0.0/8`, `192.0.2.7:80`, `[2001:db8::]/32`, `:8080`.
struct AddressPattern: Hashable, Sendable {
    /// nil: any.
    let network: IPAddress?
    let prefixLength: Int
    /// nil: any.
    let port: UInt16?

    init?(_ text: String) {
        if text.hasPrefix(":"), !text.hasPrefix("::"), let port = UInt16(text.dropFirst()) {
            (network, prefixLength, self.port) = (nil, 0, port)
            return
        }
        if let endpoint = Endpoint(text) {
            (network, prefixLength, port) = (endpoint.address, Self.width(endpoint.address), endpoint.port)
            return
        }
        let halves = text.split(separator: "/", omittingEmptySubsequences: false)
        var name = halves.first ?? ""
        if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
        guard halves.count <= 2, let address = IPAddress(String(name)) else { return nil }
        let length = halves.count == 2 ? UInt8(halves[1]).map(Int.init) : Self.width(address)
        guard let length, length <= Self.width(address) else { return nil }
        (network, prefixLength, port) = (address, length, nil)
    }

    func contains(_ endpoint: Endpoint) -> Bool {
        guard port == nil || port == endpoint.port else { return false }
        guard let network else { return true }
        guard network.isV6 == endpoint.address.isV6 else { return false }
        let differing = zip(network.octets, endpoint.address.octets).enumerated().first { $1.0 != $1.1 }
        guard let differing else { return true }
        return differing.offset * 8 + (differing.element.0 ^ differing.element.1).leadingZeroBitCount >= prefixLength
    }

    private static func width(_ address: IPAddress) -> Int { address.isV6 ? 128 : 32 }
}
