import WireBasics

/// The number of a variable in the table of its configuration.
struct VariableID: Hashable, Sendable {
    /// The index in `VariableTable`.
    let index: Int
}

/// Text with variables and captures in it: `$scheme://$host/$1`.
///
/// Source: nginx `ngx_http_script_compile`, `ngx_http_compile_complex_value`.
struct ComplexValue: Hashable, Sendable {
    /// A piece of the text.
    enum Part: Hashable, Sendable {
        /// Bytes as they are.
        case text(ByteString)
        /// The value of a variable.
        case variable(VariableID)
        /// `$1` to `$9`: a group of the last regular expression.
        case capture(Int)
        /// The first `?` of a rewrite's replacement: what follows are arguments.
        case startOfArguments
    }

    /// The pieces in order.
    var parts: [Part]
    /// The text as the configuration writes it.
    var written: ByteString

    /// Text without variables.
    init(constant text: ByteString) {
        parts = text.isEmpty ? [] : [.text(text)]
        written = text
    }

    /// Reads text with variables in it; names that are new get a number in the table.
    ///
    /// - Parameter splittingArguments: whether the first `?` starts arguments, as in a `rewrite` that is no redirect.
    init(_ text: ByteString, variables: inout VariableTable, splittingArguments: Bool = false) {
        var reader = ComplexValueReader(bytes: text.bytes, splitsArguments: splittingArguments)
        parts = reader.read(&variables)
        written = text
    }

    /// The text where it has no variables; nil where it has.
    var constant: ByteString? {
        switch parts.count {
        case 0: ByteString()
        case 1: if case .text(let text) = parts[0] { text } else { nil }
        default: nil
        }
    }

    /// The variables in it.
    var variables: [VariableID] {
        parts.compactMap { if case .variable(let id) = $0 { id } else { nil } }
    }
}

private struct ComplexValueReader {
    let bytes: [UInt8]
    let splitsArguments: Bool

    mutating func read(_ variables: inout VariableTable) -> [ComplexValue.Part] {
        var parts: [ComplexValue.Part] = []
        var text: [UInt8] = []
        var splits = splitsArguments
        var index = 0
        func flush() {
            if !text.isEmpty { parts.append(.text(ByteString(text))) }
            text = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "?"), splits {
                flush()
                parts.append(.startOfArguments)
                splits = false
                index += 1
                continue
            }
            guard byte == UInt8(ascii: "$"), index + 1 < bytes.count else {
                text.append(byte)
                index += 1
                continue
            }
            index += 1
            if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[index]) {
                flush()
                parts.append(.capture(Int(bytes[index] - 48)))
                index += 1
                continue
            }
            let braced = bytes[index] == UInt8(ascii: "{")
            if braced { index += 1 }
            let name = bytes[index...].prefix(while: Self.belongsToName)
            index += name.count
            if braced, index < bytes.count, bytes[index] == UInt8(ascii: "}") { index += 1 }
            if name.isEmpty {
                text.append(byte)
                continue
            }
            flush()
            parts.append(.variable(variables.id(of: ByteString(name))))
        }
        flush()
        return parts
    }

    private static func belongsToName(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"): true
        default: false
        }
    }
}
