import CPCRE2
import WireBasics

/// A regular expression as nginx compiles it: PCRE2 over bytes, no UTF mode.
///
/// Shape: immutable after compilation, so it may be shared between tasks. Two patterns are equal when text and options
/// are.
/// Source: nginx `ngx_regex_compile`, `ngx_regex_exec`; pcre2api(3).
struct PCRE2Pattern: Sendable {
    /// The expression as written, delimiters and `~` taken off.
    let text: ByteString
    /// Whether letters match in either case: `~*`, `proxy_redirect ~*`, and every `server_name`.
    let ignoresCase: Bool
    /// The names of named groups with their numbers, by number; one name may stand for several groups.
    let names: [(name: ByteString, group: Int)]
    /// The number of capturing groups, the whole match not counted.
    let groups: Int

    private let code: CompiledPattern

    /// Compiles an expression.
    ///
    /// - Throws: `PCRE2CompileError` with PCRE2's own message and the offset that it names.
    init(_ text: ByteString, ignoresCase: Bool = false) throws(PCRE2CompileError) {
        var number: Int32 = 0
        var offset = 0
        let options = ignoresCase ? UInt32(PCRE2_CASELESS) : 0
        let compiled = addressable(text).withUnsafeBufferPointer {
            pcre2_compile_8($0.baseAddress, text.count, options, &number, &offset, nil)
        }
        guard let compiled else {
            throw PCRE2CompileError(pattern: text, message: pcre2Message(number), offset: offset, number: Int(number))
        }
        self.text = text
        self.ignoresCase = ignoresCase
        code = CompiledPattern(compiled)
        groups = code.count(PCRE2_INFO_CAPTURECOUNT)
        names = code.names()
    }

    /// The leftmost match in these bytes; nil when there is none.
    ///
    /// - Parameter limits: how much work the search may be; what nginx allows unless told otherwise.
    /// - Throws: `PCRE2MatchError` when a limit is reached. nginx answers 500 then where the limit is its own.
    func firstMatch(
        in subject: ByteString, limits: PCRE2Limits = .nginx
    ) throws(PCRE2MatchError) -> PCRE2Match? {
        guard let data = pcre2_match_data_create_from_pattern_8(code.pointer, nil) else {
            throw PCRE2MatchError(number: Int(PCRE2_ERROR_NOMEMORY))
        }
        defer { pcre2_match_data_free_8(data) }
        let context = pcre2_match_context_create_8(nil)
        defer { pcre2_match_context_free_8(context) }
        if let context {
            pcre2_set_match_limit_8(context, limits.matches)
            pcre2_set_depth_limit_8(context, limits.depth)
            pcre2_set_heap_limit_8(context, limits.heapKiB)
        }
        let result = addressable(subject).withUnsafeBufferPointer {
            pcre2_match_8(code.pointer, $0.baseAddress, subject.count, 0, 0, data, context)
        }
        if result == PCRE2_ERROR_NOMATCH { return nil }
        guard result > 0 else { throw PCRE2MatchError(number: Int(result)) }
        return PCRE2Match(subject: subject, ranges: ranges(of: data, in: subject), names: names)
    }

    /// Whether there is a match; a search that runs into a limit counts as none.
    func matches(_ subject: ByteString) -> Bool {
        ((try? firstMatch(in: subject)) ?? nil) != nil
    }

    private func ranges(of data: OpaquePointer, in subject: ByteString) -> [Range<Int>?] {
        guard let vector = pcre2_get_ovector_pointer_8(data) else { return [] }
        let pairs = Int(pcre2_get_ovector_count_8(data))
        return (0..<pairs).map { pair in
            let (lower, upper) = (vector[2 * pair], vector[2 * pair + 1])
            // An unset group has PCRE2_UNSET, which Swift imports as -1, at both ends; `\K` in a lookahead can put the
            // start behind the end.
            guard lower >= 0, lower <= upper, upper <= subject.count else { return nil }
            return lower..<upper
        }
    }
}

extension PCRE2Pattern: Hashable {
    /// Whether text and options are the same.
    static func == (left: Self, right: Self) -> Bool {
        left.text == right.text && left.ignoresCase == right.ignoresCase
    }

    /// By text and options.
    func hash(into hasher: inout Hasher) {
        hasher.combine(text)
        hasher.combine(ignoresCase)
    }
}

/// Where an expression matched.
struct PCRE2Match: Sendable {
    /// The bytes that were searched.
    let subject: ByteString
    /// Byte ranges in them: the whole match, then each group; nil for a group that took no part.
    let ranges: [Range<Int>?]

    fileprivate let names: [(name: ByteString, group: Int)]

    fileprivate init(subject: ByteString, ranges: [Range<Int>?], names: [(name: ByteString, group: Int)]) {
        self.subject = subject
        self.ranges = ranges
        self.names = names
    }

    /// The bytes of a group, 0 for the whole match; nil for a group that is not there or took no part.
    subscript(group: Int) -> ByteString? {
        guard ranges.indices.contains(group), let range = ranges[group] else { return nil }
        return ByteString(subject.bytes[range])
    }

    /// The bytes of the first group of that name that took part.
    subscript(name: ByteString) -> ByteString? {
        names.lazy.filter { $0.name == name }.compactMap { self[$0.group] }.first
    }
}

/// How much work one search may be.
struct PCRE2Limits: Hashable, Sendable {
    /// How often the matcher may try (`pcre2_set_match_limit`).
    var matches: UInt32
    /// How deep it may nest (`pcre2_set_depth_limit`).
    var depth: UInt32
    /// How much memory it may take, in KiB (`pcre2_set_heap_limit`).
    var heapKiB: UInt32

    /// Limits with all their parts.
    init(matches: UInt32, depth: UInt32, heapKiB: UInt32) {
        self.matches = matches
        self.depth = depth
        self.heapKiB = heapKiB
    }

    /// What nginx allows, which is PCRE2's own default, but for the memory: 20 GB there, 256 MiB here.
    static let nginx = PCRE2Limits(matches: 10_000_000, depth: 10_000_000, heapKiB: 256 * 1024)
}

/// An expression that PCRE2 does not take.
struct PCRE2CompileError: Error, Hashable, Sendable {
    /// The expression.
    var pattern: ByteString
    /// PCRE2's own text, for example `missing closing parenthesis`.
    var message: String
    /// Where it stopped: a byte offset into the expression, its length at the end.
    var offset: Int
    /// PCRE2's number of the error.
    var number: Int

    /// What nginx prints after `[emerg] `: the message, the expression, and what stands at the offset.
    ///
    /// Source: nginx `ngx_regex_compile`.
    var nginxText: String {
        let what = "pcre2_compile() failed: \(message) in \"\(pattern.latin1)\""
        guard offset < pattern.count else { return what }
        return what + " at \"\(ByteString(pattern.bytes[max(0, offset)...]).latin1)\""
    }
}

/// A search that was given up.
struct PCRE2MatchError: Error, Hashable, Sendable {
    /// PCRE2's number of the error, negative.
    var number: Int

    /// PCRE2's own text, for example `match limit exceeded`.
    var message: String { pcre2Message(Int32(truncatingIfNeeded: number)) }

    /// Whether the limit is one that nginx has not: what nginx would have found is unknown.
    var isOwnLimit: Bool { number == Int(PCRE2_ERROR_HEAPLIMIT) }
}

/// Owns what `pcre2_compile` allocated.
private final class CompiledPattern: Sendable {
    // Compiled code is never written to after compilation: pcre2api(3), "Multithreading".
    nonisolated(unsafe) let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        pcre2_code_free_8(pointer)
    }

    func count(_ what: Int32) -> Int {
        var value: UInt32 = 0
        return pcre2_pattern_info_8(pointer, UInt32(what), &value) == 0 ? Int(value) : 0
    }

    /// The name table: rows of equal size, two bytes of group number, then the name and a NUL; sorted by name.
    func names() -> [(name: ByteString, group: Int)] {
        var table: UnsafePointer<UInt8>?
        let rows = count(PCRE2_INFO_NAMECOUNT)
        let size = count(PCRE2_INFO_NAMEENTRYSIZE)
        guard rows > 0, size > 2, pcre2_pattern_info_8(pointer, UInt32(PCRE2_INFO_NAMETABLE), &table) == 0, let table
        else { return [] }
        return (0..<rows).map { row in
            let entry = UnsafeBufferPointer(start: table + row * size, count: size)
            let name = ByteString(entry[2...].prefix { $0 != 0 })
            return (name: name, group: Int(entry[0]) << 8 | Int(entry[1]))
        }.sorted { $0.group < $1.group }
    }
}

private func pcre2Message(_ number: Int32) -> String {
    var buffer = [UInt8](repeating: 0, count: 256)
    let length = pcre2_get_error_message_8(number, &buffer, buffer.count)
    return length < 0 ? "error \(number)" : String(decoding: buffer.prefix(Int(length)), as: UTF8.self)
}

/// Bytes that have an address even when there are none: PCRE2 before 10.41 refuses a null pointer of length 0.
private func addressable(_ text: ByteString) -> [UInt8] {
    text.isEmpty ? [0] : text.bytes
}
