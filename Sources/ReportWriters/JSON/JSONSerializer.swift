import WireBasics

/// Writes a JSON tree as UTF-8 (RFC 8259).
///
/// Shape: two blanks a level; what fits into a line of 100 columns stands in one. A line feed ends the document.
/// Controls, also those of C1, format characters such as bidirectional overrides, and `<` are written as `\uXXXX`: the
/// value is the same, and the text can be shown on a terminal or put into a page without coming to life.
struct JSONSerializer {
    private var sink: ByteSink
    private static let lineWidth = 100

    init(_ consume: @escaping ([UInt8]) -> Void) {
        sink = ByteSink(consume)
    }

    /// Writes the whole document.
    mutating func write(_ document: JSONValue) {
        write(document, depth: 0, column: 0)
        sink.append(UInt8(ascii: "\n"))
        sink.flush()
    }

    private mutating func write(_ value: JSONValue, depth: Int, column: Int) {
        switch value {
        case .null: sink.append("null")
        case .bool(let truth): sink.append(truth ? "true" : "false")
        case .int(let number): sink.append(String(number))
        case .string(let text): quote(text)
        case .latin1(let bytes): quote(latin1: bytes)
        case .base64(let bytes):
            sink.append(UInt8(ascii: "\""))
            sink.append(Base64.encode(bytes).bytes)
            sink.append(UInt8(ascii: "\""))
        case .hex(let bytes): quote(Hex.lower(bytes))
        case .array(let elements):
            let fits = inlineWidth(value, within: Self.lineWidth - column) != nil
            writeArray(elements.count, depth: depth, inline: fits) { elements[$0] }
        case .list(let count, let element): writeArray(count, depth: depth, inline: count == 0, element)
        case .object(let fields): writeObject(fields, value, depth: depth, column: column)
        }
    }

    private mutating func writeArray(_ count: Int, depth: Int, inline: Bool, _ element: (Int) -> JSONValue) {
        sink.append(UInt8(ascii: "["))
        for index in 0..<count {
            separate(index, depth: depth + 1, inline: inline)
            // What fits into the line as a whole also fits part by part: the column no longer matters.
            write(element(index), depth: depth + 1, column: inline ? .min / 2 : (depth + 1) * 2)
        }
        if !inline { newLine(depth) }
        sink.append(UInt8(ascii: "]"))
    }

    private mutating func writeObject(
        _ fields: [(key: String, value: JSONValue)], _ whole: JSONValue, depth: Int, column: Int
    ) {
        let inline = inlineWidth(whole, within: Self.lineWidth - column) != nil
        sink.append(UInt8(ascii: "{"))
        for (index, field) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
            separate(index, depth: depth + 1, inline: inline)
            quote(field.key)
            sink.append(": ")
            write(field.value, depth: depth + 1, column: inline ? .min / 2 : (depth + 1) * 2 + field.key.utf8.count + 4)
        }
        if !inline { newLine(depth) }
        sink.append(UInt8(ascii: "}"))
    }

    private mutating func separate(_ index: Int, depth: Int, inline: Bool) {
        if index > 0 { sink.append(UInt8(ascii: ",")) }
        if !inline { newLine(depth) } else if index > 0 { sink.append(UInt8(ascii: " ")) }
    }

    private mutating func newLine(_ depth: Int) {
        sink.append(UInt8(ascii: "\n"))
        for _ in 0..<depth { sink.append("  ") }
    }

    /// How many columns a value takes in one line; nil as soon as it is more than `room`, so that measuring is cheap.
    private func inlineWidth(_ value: JSONValue, within room: Int) -> Int? {
        guard room > 0 else { return nil }
        var width: Int
        switch value {
        case .null: width = 4
        case .bool: width = 5
        case .int(let number): width = String(number).utf8.count
        case .string(let text): width = text.utf8.count + 2
        case .latin1(let bytes): width = bytes.count + 2
        case .base64(let bytes): width = bytes.count / 3 * 4 + 6
        case .hex(let bytes): width = bytes.count * 2 + 2
        case .list(let count, _): return count == 0 ? 2 : nil
        case .array(let elements):
            width = 2
            for element in elements {
                guard let part = inlineWidth(element, within: room - width) else { return nil }
                width += part + 2
            }
        case .object(let fields):
            width = 2
            for field in fields {
                width += field.key.utf8.count + 6
                guard let part = inlineWidth(field.value, within: room - width) else { return nil }
                width += part
            }
        }
        return width <= room ? width : nil
    }

    // MARK: Text

    private mutating func quote(_ text: String) {
        sink.append(UInt8(ascii: "\""))
        var text = text
        let isPlain = text.withUTF8 { $0.allSatisfy(Self.isPlain) }
        if isPlain {
            sink.append(text.utf8)
        } else {
            for scalar in text.unicodeScalars { append(scalar) }
        }
        sink.append(UInt8(ascii: "\""))
    }

    private mutating func quote(latin1 bytes: [UInt8]) {
        sink.append(UInt8(ascii: "\""))
        if bytes.allSatisfy(Self.isPlain) {
            sink.append(bytes)
        } else {
            for byte in bytes { append(Unicode.Scalar(byte)) }
        }
        sink.append(UInt8(ascii: "\""))
    }

    /// Whether a byte is a character that stands for itself: nearly all of nearly every text.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C && byte != 0x3C
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "\"": sink.append("\\\"")
        case "\\": sink.append("\\\\")
        case "\n": sink.append("\\n")
        case "\r": sink.append("\\r")
        case "\t": sink.append("\\t")
        case "<": sink.append("\\u003C")
        case " "..."~": sink.append(UInt8(truncatingIfNeeded: scalar.value))
        default:
            if Self.needsEscape(scalar) {
                for unit in String(scalar).utf16 { appendEscape(unit) }
            } else {
                sink.append(String(scalar).utf8)
            }
        }
    }

    private static func needsEscape(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: true
        default: false
        }
    }

    private mutating func appendEscape(_ unit: UInt16) {
        let digits = String(unit, radix: 16, uppercase: true)
        sink.append("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits)
    }
}
