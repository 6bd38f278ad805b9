import WireBasics

extension NginxChecker {
    /// The rows of `map`, `geo`, `split_clients`, `types`, `charset_map`: statements that are no directives.
    mutating func rows(
        _ items: [NginxSource.Item], _ check: (inout NginxChecker, NginxSource.Statement) throws(NginxComplaint) -> Void
    ) -> [NginxDirective] {
        var out: [NginxDirective] = []
        for item in items {
            switch item {
            case .directive(let statement):
                guard let name = statement.words.first else { continue }
                do throws(NginxComplaint) {
                    if statement.body != nil {
                        throw NginxComplaint(
                            "unexpected \"{\"", name, why: "a row of this block has no block of its own")
                    }
                    try check(&self, statement)
                } catch {
                    complaints.stop(error, at: statement.end)
                    continue
                }
                out.append(
                    NginxDirective(
                        name: name, arguments: Array(statement.words.dropFirst()), children: nil, end: statement.end,
                        close: nil))
            case .include(_, let files):
                for file in files { out += rows(file.items, check) }
            case .failure(let failure):
                if failure.message.hasPrefix("open()") { isIncomplete = true }
                let end = failure.location ?? ConfigLocation(file: complaints.file, line: 0)
                complaints.stop(NginxMends.failure(failure), at: end)
            }
        }
        return out
    }

    /// `map SOURCE $NAME { … }`.
    ///
    /// Source: `ngx_http_map_block`, `ngx_http_map`.
    mutating func checkMap(
        _ statement: NginxSource.Statement, _ body: [NginxSource.Item], bucketSize: Int
    )
        throws(NginxComplaint) -> [NginxDirective]
    {
        try compile(statement.words[1])
        try variables.define(try variableName(statement.words[2]), in: statement.words[2])
        var keys = NginxNameTable()
        var hasDefault = false
        var hasHostnames = false
        let rows = rows(body) { (checker, row) throws(NginxComplaint) in
            let word = row.words[0]
            if row.words.count == 1, word.text == "hostnames" || word.text == "volatile" {
                hasHostnames = hasHostnames || word.text == "hostnames"
                return
            }
            guard row.words.count == 2 else {
                throw NginxComplaint(
                    "invalid number of the map parameters", word,
                    why: "a row is a value of the source and a value of the variable",
                    mend: row.words.count > 2 ? "quote a value with spaces" : "")
            }
            try checker.compile(row.words[1])
            if word.text == "default" {
                guard !hasDefault else { throw NginxComplaint("duplicate default map parameter", word) }
                hasDefault = true
                return
            }
            if word.text.bytes.first == NginxByte.tilde {
                var pattern = word.text.bytes.dropFirst()
                let isCaseless = pattern.first == NginxByte.star
                if isCaseless { pattern = pattern.dropFirst() }
                try checker.compileRegex(ByteString(pattern), of: word, isCaseless: isCaseless)
                return
            }
            let isEscaped = word.text.bytes.first == NginxByte.backslash
            let key = isEscaped ? ByteString(word.text.bytes.dropFirst()) : word.text
            switch keys.add(key, hasWildcards: hasHostnames) {
            case .added: break
            case .invalid: throw NginxComplaint("invalid hostname or wildcard \"\(key)\"", word)
            case .conflicting:
                throw NginxComplaint(
                    "conflicting parameter \"\(key.lowercased)\"", word, why: "there is a row for this value above",
                    mend: "remove one of the two")
            }
        }
        if let long = keys.exact.first(where: { NginxNameTable.isTooLong($0, bucketSize: bucketSize) }) {
            throw NginxComplaint(
                "could not build map_hash, you should increase map_hash_bucket_size: \(bucketSize)", line: .none,
                why: "\"\(long)\" does not fit", mend: "map_hash_bucket_size \(bucketSize * 2); in http")
        }
        return rows
    }

    /// `split_clients STRING $NAME { … }`.
    mutating func checkSplitClients(
        _ statement: NginxSource.Statement, _ body: [NginxSource.Item]
    )
        throws(NginxComplaint) -> [NginxDirective]
    {
        try compile(statement.words[1])
        try variables.define(try variableName(statement.words[2]), in: statement.words[2])
        var sum = 0
        let rows = rows(body) { (_, row) throws(NginxComplaint) in
            let word = row.words[0]
            if word.text == "*" {
                sum = sum > 10_000 ? sum : 10_000
                return
            }
            guard word.text.bytes.last == NginxByte.percent,
                let part = NginxNumbers.fixedPoint(ByteString(word.text.bytes.dropLast()), decimals: 2), part > 0
            else {
                throw NginxComplaint(
                    "invalid percent value \"\(word.text)\"", word,
                    why: "a part is a percentage with up to two decimals, or * for the rest")
            }
            sum = min(sum &+ part, 1_000_000)
        }
        guard sum <= 10_000 else {
            throw NginxComplaint(
                "percent total is greater than 100%", line: statement.close.map { .at($0) } ?? .directive)
        }
        return rows
    }

    /// `geo [$ADDRESS] $NAME { … }`.
    ///
    /// Source: `ngx_http_geo_block`, `ngx_http_geo`.
    mutating func checkGeo(
        _ statement: NginxSource.Statement, _ body: [NginxSource.Item]
    )
        throws(NginxComplaint) -> [NginxDirective]
    {
        let names = Array(statement.words.dropFirst())
        if names.count == 2 { try variables.use(try variableName(names[0]), in: names[0]) }
        let last = names[names.count - 1]
        try variables.define(try variableName(last), in: last)
        var hasRanges = false
        var hasNetworks = false
        return rows(body) { (checker, row) throws(NginxComplaint) in
            let word = row.words[0]
            if row.words.count == 1, word.text == "ranges" {
                guard !hasNetworks else {
                    throw NginxComplaint(
                        "the \"ranges\" directive must be the first directive inside \"geo\" block", word)
                }
                hasRanges = true
                return
            }
            let hasVolatile = checker.version >= NginxVersion(1, 29, 3)
            if row.words.count == 1, word.text == "proxy_recursive" || word.text == "volatile" && hasVolatile { return }
            guard row.words.count == 2 else { throw NginxComplaint("invalid number of the geo parameters", word) }
            if word.text == "default" {
                hasNetworks = hasNetworks || !hasRanges
                return
            }
            let net = word.text == "delete" || word.text == "proxy" ? row.words[1] : word
            if hasRanges, word.text != "proxy" {
                guard Self.isRange(net.text) else { throw NginxComplaint("invalid range \"\(net.text)\"", net) }
                return
            }
            hasNetworks = hasNetworks || word.text != "proxy"
            if net.text == "255.255.255.255" { return }
            switch NginxURL.network(net.text) {
            case .valid: break
            case .lowBits: checker.complaints.warn("low address bits of \(net.text) are meaningless", at: row.end)
            case .invalid: throw NginxComplaint("invalid network \"\(net.text)\"", net)
            }
        }
    }

    private static func isRange(_ text: ByteString) -> Bool {
        let parts = text.bytes.split(separator: NginxByte.dash, maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let start = NginxURL.inetAddress(parts[0]), let end = NginxURL.inetAddress(parts[1])
        else { return false }
        return start <= end
    }
}

/// Names that nginx puts into one hash: server names on one address, values of a `map`.
///
/// Source: `ngx_hash_add_key` in `src/core/ngx_hash.c`.
struct NginxNameTable {
    /// What became of a name.
    enum Result {
        case added, conflicting, invalid
    }

    /// The names without wildcards.
    private(set) var exact: Set<ByteString> = []
    private var plain: Set<ByteString> = []
    private var heads: Set<ByteString> = []
    private var tails: Set<ByteString> = []

    /// Adds a name; with wildcards `*.a`, `.a` and `a.*` stand for many.
    mutating func add(_ name: ByteString, hasWildcards: Bool) -> Result {
        let name = name.lowercased
        guard hasWildcards else { return insertExact(name) }
        let stars = name.bytes.filter { $0 == NginxByte.star }.count
        let hasDots = zip(name.bytes, name.bytes.dropFirst()).contains { $0 == NginxByte.dot && $1 == NginxByte.dot }
        if stars > 1 || hasDots || name.bytes.contains(0) { return .invalid }
        if name.count > 1, name.bytes.first == NginxByte.dot {
            let rest = ByteString(name.bytes.dropFirst())
            guard plain.insert(rest).inserted, heads.insert(rest).inserted else { return .conflicting }
            return .added
        }
        if name.count > 2, name.hasPrefix("*.") {
            return heads.insert(ByteString(name.bytes.dropFirst(2))).inserted ? .added : .conflicting
        }
        if name.count > 2, name.hasSuffix(".*") {
            return tails.insert(ByteString(name.bytes.dropLast(2))).inserted ? .added : .conflicting
        }
        return stars > 0 ? .invalid : insertExact(name)
    }

    private mutating func insertExact(_ name: ByteString) -> Result {
        guard plain.insert(name).inserted else { return .conflicting }
        exact.insert(name)
        return .added
    }

    /// Whether a name does not fit into one bucket, on a 64-bit machine.
    static func isTooLong(_ name: ByteString, bucketSize: Int) -> Bool {
        bucketSize < 8 + (name.count + 2 + 7) / 8 * 8 + 8
    }
}
