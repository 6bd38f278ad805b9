package import WireBasics

/// How the length of a message body is known (RFC 9112 §6.3).
package enum BodyFraming: Hashable, Sendable {
    /// There is none.
    case none
    /// That many bytes follow.
    case length(Int)
    /// Chunks follow, up to one of size 0 and a trailer section.
    case chunked
    /// Everything up to the end of the connection.
    case untilClose
    /// No body: after this head the connection is a tunnel (101, or 2xx to CONNECT).
    case tunnel

    /// The framing of a request's body.
    ///
    /// - Throws: `BodyError` where the headers contradict each other or cannot be read.
    package init(_ request: RequestHead) throws(BodyError) {
        switch try Self.declared(request.headers, version: request.version) {
        case .chunked: self = .chunked
        case .otherCoding:
            throw BodyError(
                .transferCoding, message: "the last transfer coding of the request is not \"chunked\"",
                section: "RFC 9112 §6.3", mend: "end Transfer-Encoding with chunked")
        case .length(let length): self = length == 0 ? .none : .length(length)
        case .nothing: self = .none
        }
    }

    /// The framing of a response's body; it depends on the request that is answered.
    ///
    /// - Throws: `BodyError` where the headers contradict each other or cannot be read.
    package init(_ response: ResponseHead, to method: ByteString) throws(BodyError) {
        let status = response.status
        if status == 101 || (method == "CONNECT" && (200..<300).contains(status)) {
            self = .tunnel
            return
        }
        if method == "HEAD" || (100..<200).contains(status) || status == 204 || status == 304 {
            self = .none
            return
        }
        switch try Self.declared(response.headers, version: response.version) {
        case .chunked: self = .chunked
        case .otherCoding, .nothing: self = .untilClose
        case .length(let length): self = length == 0 ? .none : .length(length)
        }
    }

    /// Whether the headers hold both Content-Length and Transfer-Encoding; the latter counts, and a sender must not do
    /// it (RFC 9112 §6.2), because the ends of a chain may disagree about where the message ends.
    package static func isAmbiguous(_ headers: HeaderFields) -> Bool {
        headers.contains(FieldName.contentLength) && headers.contains(FieldName.transferEncoding)
    }

    private enum Declared {
        case nothing
        case length(Int)
        case chunked
        case otherCoding
    }

    private static func declared(_ headers: HeaderFields, version: ByteString) throws(BodyError) -> Declared {
        if headers.contains(FieldName.transferEncoding) {
            guard version != "HTTP/1.0" else {
                throw BodyError(
                    .transferCoding, message: "an HTTP/1.0 message has a Transfer-Encoding",
                    section: "RFC 9112 §6.1", mend: "send it as HTTP/1.1 or with Content-Length")
            }
            let codings = headers.listMembers(FieldName.transferEncoding)
            guard let last = codings.last, last.equalsIgnoringCase("chunked") else { return .otherCoding }
            guard codings.dropLast().allSatisfy({ !$0.equalsIgnoringCase("chunked") }) else {
                throw BodyError(
                    .transferCoding, message: "the chunked transfer coding is applied more than once",
                    section: "RFC 9112 §6.1", mend: "name chunked once, last")
            }
            return .chunked
        }
        let lines = headers.values(FieldName.contentLength)
        guard !lines.isEmpty else { return .nothing }
        let values = lines.flatMap { HeaderFields.split($0, at: UInt8(ascii: ",")).map(\.trimmingWhitespace) }
        var length: Int?
        for value in values {
            let number = try number(value)
            guard length == nil || length == number else {
                throw BodyError(
                    .contentLength, message: "Content-Length has contradicting values", section: "RFC 9112 §6.3",
                    mend: "send one Content-Length")
            }
            length = number
        }
        return length.map(Declared.length) ?? .nothing
    }

    private static func number(_ value: ByteString) throws(BodyError) -> Int {
        var number = 0
        for byte in value.bytes {
            guard (48...57).contains(byte) else { throw unreadable(value) }
            let shifted = number.multipliedReportingOverflow(by: 10)
            let sum = shifted.partialValue.addingReportingOverflow(Int(byte - 48))
            guard !shifted.overflow, !sum.overflow else { throw unreadable(value) }
            number = sum.partialValue
        }
        guard !value.isEmpty else { throw unreadable(value) }
        return number
    }

    private static func unreadable(_ value: ByteString) -> BodyError {
        BodyError(
            .contentLength, message: "Content-Length \"\(value)\" is no length", section: "RFC 9110 §8.6",
            mend: "send the number of bytes in decimal digits")
    }
}

/// Why the end of a message body cannot be found.
package struct BodyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error; more may be added.
    package struct Code: Hashable, Sendable {
        /// The stable name.
        package let name: String

        /// Content-Length is unreadable or contradicts itself.
        package static let contentLength = Code(name: "http.body.content-length")
        /// Transfer-Encoding does not say where the body ends.
        package static let transferCoding = Code(name: "http.body.transfer-coding")
        /// The chunks cannot be read.
        package static let chunk = Code(name: "http.body.chunk")
    }

    /// The kind of error.
    package var code: Code
    /// Where: bytes from the first byte of the body, 0-based; nil when the head is to blame.
    package var offset: Int?
    /// What is the case, in one sentence.
    package var message: String
    /// The rule.
    package var section: String
    /// How to mend it.
    package var mend: String

    /// An error with all its parts.
    package init(_ code: Code, offset: Int? = nil, message: String, section: String, mend: String) {
        self.code = code
        self.offset = offset
        self.message = message
        self.section = section
        self.mend = mend
    }

    /// The four parts in one line.
    package var description: String {
        (offset.map { "body byte \($0): " } ?? "") + "\(message) · \(section) · \(mend)"
    }
}
