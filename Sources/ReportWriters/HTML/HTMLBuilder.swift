import WireBasics

/// Writes HTML in which captured bytes cannot come to life.
///
/// There is no way to write markup that was made at run time: element and attribute names and raw pieces are
/// `StaticString`, all other text is escaped, and links lead to fragments of the same page only.
struct HTMLBuilder {
    private var sink: ByteSink
    private var isOpen: [StaticString] = []
    /// Bytes written so far: what size limits go by.
    private(set) var count = 0

    init(_ consume: @escaping ([UInt8]) -> Void) {
        sink = ByteSink(consume)
    }

    /// Markup of our own, as it stands in the source.
    mutating func raw(_ markup: StaticString) {
        markup.withUTF8Buffer { append($0) }
    }

    /// Begins an element.
    mutating func open(_ name: StaticString, _ attributes: HTMLAttribute?...) {
        tag(name, attributes)
        isOpen.append(name)
    }

    /// Ends the element that was begun last.
    mutating func close() {
        guard let name = isOpen.popLast() else { return }
        append("</".utf8)
        raw(name)
        append(">".utf8)
    }

    /// An element that has no end tag: `meta`, `input`, `br`, `col`.
    mutating func void(_ name: StaticString, _ attributes: HTMLAttribute?...) {
        tag(name, attributes)
    }

    /// An element that holds nothing but text.
    mutating func element(_ name: StaticString, _ attributes: HTMLAttribute?..., text: String) {
        tag(name, attributes)
        isOpen.append(name)
        self.text(text)
        close()
    }

    /// Text: what could mislead is made visible, what could be markup is escaped.
    mutating func text(_ text: String) {
        escape(VisibleText.escape(text))
    }

    /// Ends what is still open and hands on what is left.
    mutating func finish() {
        while !isOpen.isEmpty { close() }
        sink.flush()
    }

    // MARK: Writing

    private mutating func tag(_ name: StaticString, _ attributes: [HTMLAttribute?]) {
        append("<".utf8)
        raw(name)
        for case let attribute? in attributes {
            append(" ".utf8)
            raw(attribute.name)
            if attribute.suffix.isEmpty == false { append("-\(attribute.suffix)".utf8) }
            append("=\"".utf8)
            escape(VisibleText.escape(attribute.value))
            append("\"".utf8)
        }
        append(">".utf8)
    }

    private mutating func escape(_ text: String) {
        var plain: [UInt8] = []
        plain.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): plain += "&amp;".utf8
            case UInt8(ascii: "<"): plain += "&lt;".utf8
            case UInt8(ascii: ">"): plain += "&gt;".utf8
            case UInt8(ascii: "\""): plain += "&quot;".utf8
            case UInt8(ascii: "'"): plain += "&#39;".utf8
            default: plain.append(byte)
            }
        }
        append(plain)
    }

    private mutating func append(_ bytes: some Collection<UInt8>) {
        count += bytes.count
        sink.append(bytes)
    }
}
