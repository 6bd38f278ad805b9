import CPCRE2
import WireBasics

/// Whether a regular expression compiles, and which named captures it has.
///
/// Source: `ngx_regex_compile` in `src/core/ngx_regex.c`.
struct NginxRegexSyntax: Hashable {
    /// The names of the captures, in PCRE2's order; nginx makes each a variable.
    var names: [ByteString]
    /// How many captures there are, named or not.
    var captures: Int

    /// An expression that does not compile.
    struct Fault: Error, Hashable {
        /// nginx's words, with PCRE2's inside.
        var text: String
        /// PCRE2's words alone.
        var reason: String
    }

    /// Compiles an expression.
    init(_ pattern: ByteString, isCaseless: Bool = false) throws(Fault) {
        var number: Int32 = 0
        var offset = 0
        // PCRE2 before 10.41 refuses a null pointer, which an empty array may have.
        let bytes = pattern.isEmpty ? [0] : pattern.bytes
        let code = bytes.withUnsafeBufferPointer {
            pcre2_compile_8(
                $0.baseAddress, pattern.count, isCaseless ? UInt32(PCRE2_CASELESS) : 0, &number, &offset, nil)
        }
        guard let code else {
            var buffer = [UInt8](repeating: 0, count: 128)
            let length = pcre2_get_error_message_8(number, &buffer, buffer.count)
            let reason = String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
            let rest = offset < pattern.count ? " at \"\(ByteString(pattern.bytes[max(0, offset)...]))\"" : ""
            throw Fault(text: "pcre2_compile() failed: \(reason) in \"\(pattern)\"" + rest, reason: reason)
        }
        defer { pcre2_code_free_8(code) }
        captures = Self.count(code, PCRE2_INFO_CAPTURECOUNT)
        names = []
        let (rows, size) = (Self.count(code, PCRE2_INFO_NAMECOUNT), Self.count(code, PCRE2_INFO_NAMEENTRYSIZE))
        var table: UnsafePointer<UInt8>?
        guard rows > 0, size > 2, pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_NAMETABLE), &table) == 0, let table
        else { return }
        for row in 0..<rows {
            let entry = UnsafeBufferPointer(start: table + row * size + 2, count: size - 2)
            names.append(ByteString(entry.prefix { $0 != 0 }))
        }
    }

    private static func count(_ code: OpaquePointer, _ what: Int32) -> Int {
        var value: UInt32 = 0
        return pcre2_pattern_info_8(code, UInt32(what), &value) == 0 ? Int(value) : 0
    }
}
