/// The first line of what a client gets, as far as a client looks at it.
package struct StatusLine: Sendable {
    /// The status code.
    package let status: Int

    /// The status line that bytes begin with; nil where they begin with something else.
    package init?(_ bytes: [UInt8]) {
        guard bytes.starts(with: Array("HTTP/1.".utf8)), bytes.count >= 12,
            let status = Int(String(decoding: bytes[9..<12], as: UTF8.self))
        else { return nil }
        self.status = status
    }
}
