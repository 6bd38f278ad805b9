import WireBasics

extension NginxChecker {
    /// Carries out a directive without a block: its own checks, in nginx's order.
    mutating func checkValue(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, in scope: NginxScope
    )
        throws(NginxComplaint)
    {
        let words = statement.words
        let arguments = Array(words.dropFirst())
        let set = scope.settings(of: row)
        let isFirst = settings[set].words[row.name] == nil
        if isFirst { settings[set].words[row.name] = words }
        switch row.value {
        case .unchecked, .include: break
        case .loadModule: loadedModules.append(arguments[0].text.description)
        case .errorLog: try checkLogLevels(arguments)
        case .regex:
            guard try compileRegex(arguments[0].text, of: arguments[0]).captures == 2 else {
                throw NginxComplaint("pattern \"\(arguments[0].text)\" must have 2 captures", arguments[0])
            }
        case .header, .parameter:
            if row.value == .parameter, arguments.count == 3, arguments[2].text != "if_not_empty" {
                throw NginxMends.invalidParameter(arguments[2])
            }
            settings[set].headers.append((row.name, words, statement.end))
        case .allComplex:
            for word in arguments { try compile(word) }
        case .bind:
            try once(isFirst, statement)
            if arguments[0].text != "off" { try checkBindAddress(arguments[0]) }
            if arguments.count > 1, arguments[1].text != "transparent" {
                throw NginxMends.invalidParameter(arguments[1])
            }
        case .types, .cachePath, .cacheValid:
            try checkTyped(arguments, row, set, at: statement.end)
        case .obsolete:
            complaints.warn(
                "the \"\(row.name)\" directive is obsolete" + NginxMends.replacement(of: row.name), at: statement.end)
        case .flag, .number, .size, .offset, .milliseconds, .seconds, .buffers, .string, .path, .access, .poolSize,
            .numberBetween, .oneOf, .anyOf, .complex, .complexSize, .once:
            try checkSlot(statement, row, arguments, set, isFirst: isFirst)
        default:
            try checkOwn(statement, row, arguments, in: scope, isFirst: isFirst)
        }
    }

    /// Complains of a second use in one block.
    func once(_ isFirst: Bool, _ statement: NginxSource.Statement) throws(NginxComplaint) {
        guard isFirst else { throw directive(statement, "is duplicate") }
    }

    /// A complaint that begins with the directive's name.
    func directive(_ statement: NginxSource.Statement, _ text: String, _ word: NginxWord? = nil) -> NginxComplaint {
        let name = statement.words.first
        let why = text == "is duplicate" ? "it may stand once in a block" : ""
        let mend = text == "is duplicate" ? "keep one of them" : ""
        return NginxComplaint("\"\(name?.text ?? "")\" directive \(text)", word ?? name, why: why, mend: mend)
    }

    private mutating func checkSlot(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ arguments: [NginxWord], _ set: Int,
        isFirst: Bool
    ) throws(NginxComplaint) {
        // Bit masks add up over several lines; everything else may be said once.
        if case .anyOf(let allowed) = row.value {
            return try checkMask(arguments, allowed, row, set, at: statement.end)
        }
        try once(isFirst, statement)
        guard let word = arguments.first else { return }
        switch row.value {
        case .flag:
            guard word.text.equalsIgnoringCase("on") || word.text.equalsIgnoringCase("off") else {
                throw NginxComplaint(
                    "invalid value \"\(word.text)\" in \"\(row.name)\" directive, it must be \"on\" or \"off\"", word)
            }
            if row.name == "ssl" {
                complaints.warn(
                    "the \"ssl\" directive is deprecated, use the \"listen ... ssl\" directive instead",
                    at: statement.end)
            }
        case .number:
            guard let number = NginxNumbers.number(word.text) else {
                throw directive(statement, "invalid number", word)
            }
            if row.name == "http2_streams_index_size", number == 0 || number & (number - 1) != 0 {
                throw directive(statement, "must be a power of two", word)
            }
        case .numberBetween(let low, let high):
            guard let number = NginxNumbers.number(word.text) else {
                throw directive(statement, "invalid number", word)
            }
            guard (low...high).contains(number) else {
                throw NginxComplaint("value must be between \(low) and \(high)", word)
            }
        case .size:
            try require(NginxNumbers.size(word.text), statement, word, "8k, 1m")
            try checkSpecialSize(statement, row, word)
        case .poolSize: try checkPoolSize(statement, word)
        case .offset: try require(NginxNumbers.offset(word.text), statement, word, "8k, 1m, 2g")
        case .milliseconds: try require(NginxNumbers.milliseconds(word.text), statement, word, "60s, 1h, 500ms")
        case .seconds: try require(NginxNumbers.seconds(word.text), statement, word, "60s, 1h, 30d")
        case .buffers:
            let (count, size) = (NginxNumbers.number(word.text), NginxNumbers.size(arguments[1].text))
            guard let count, count > 0, let size, size > 0 else {
                throw directive(statement, "invalid value", count ?? 0 > 0 ? arguments[1] : word)
            }
        case .oneOf(let allowed):
            guard allowed.contains(where: { word.text.equalsIgnoringCase(ByteString($0)) }) else {
                throw NginxComplaint(
                    "invalid value \"\(word.text)\"", word, why: "\(row.name) takes \(NginxMends.list(allowed))",
                    mend: NearestName.find(word.text.latin1, in: allowed).map { "write \(row.name) \($0);" } ?? "")
            }
        case .access:
            for word in arguments where !isAccess(word.text) {
                throw NginxComplaint("invalid value \"\(word.text)\"", word)
            }
        case .path:
            let levels = arguments.dropFirst().map { NginxNumbers.number($0.text) ?? 0 }
            guard levels.allSatisfy({ $0 > 0 }), levels.reduce(0, { $0 &+ $1 &+ 1 }) <= 10 + levels.count else {
                throw directive(statement, "invalid value")
            }
        case .complex: for word in arguments { try compile(word) }
        case .complexSize:
            try compile(word)
            if !word.text.bytes.contains(NginxByte.dollar) {
                try require(NginxNumbers.size(word.text), statement, word, "8k, 1m")
            }
        default: break
        }
    }

    private func require(
        _ value: Int?, _ statement: NginxSource.Statement, _ word: NginxWord, _ examples: String
    )
        throws(NginxComplaint)
    {
        guard value == nil else { return }
        var complaint = directive(statement, "invalid value", word)
        complaint.why =
            "\"\(word.text)\" is not what \(statement.words.first?.text ?? "it") takes, for example \(examples)"
        throw complaint
    }

    /// Sizes that only some values or some systems are right for.
    private mutating func checkSpecialSize(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ word: NginxWord
    ) throws(NginxComplaint) {
        if row.name.hasSuffix("send_lowat") {
            return complaints.warn("\"\(row.name)\" is not supported, ignored", at: statement.end)
        }
        if row.name == "http2_recv_buffer_size", NginxNumbers.size(word.text) ?? 0 <= 32 {
            throw directive(statement, "value is too small", word)
        }
        let allowed: [String: (ClosedRange<Int>, String)] = [
            "gzip_window": (9...15, "512, 1k, 2k, 4k, 8k, 16k, or 32k"),
            "gzip_hash": (9...17, "512, 1k, 2k, 4k, 8k, 16k, 32k, 64k, or 128k"),
        ]
        guard let (powers, words) = allowed[row.name], let size = NginxNumbers.size(word.text) else { return }
        guard powers.contains(where: { 1 << $0 == size }) else { throw directive(statement, "must be \(words)", word) }
    }

    private func checkPoolSize(_ statement: NginxSource.Statement, _ word: NginxWord) throws(NginxComplaint) {
        try require(NginxNumbers.size(word.text), statement, word, "256, 4k")
        let size = NginxNumbers.size(word.text) ?? 0
        // NGX_MIN_POOL_SIZE and NGX_POOL_ALIGNMENT of a 64-bit build.
        guard size >= 112 else { throw NginxComplaint("the pool size must be no less than 112", word) }
        guard size % 16 == 0 else { throw NginxComplaint("the pool size must be a multiple of 16", word) }
    }

    private mutating func checkMask(
        _ words: [NginxWord], _ allowed: [String], _ row: NginxDirectiveRow, _ set: Int, at end: ConfigLocation
    ) throws(NginxComplaint) {
        for word in words {
            guard allowed.contains(where: { word.text.equalsIgnoringCase(ByteString($0)) }) else {
                throw NginxComplaint(
                    "invalid value \"\(word.text)\"", word, why: "it takes some of \(NginxMends.list(allowed))",
                    mend: NearestName.find(word.text.latin1, in: allowed).map { "write \($0)" } ?? "")
            }
            let isNew = settings[set].types[row.name, default: [:]].updateValue("", forKey: word.text.lowercased) == nil
            if !isNew { complaints.warn("duplicate value \"\(word.text)\"", at: end) }
        }
    }

    private func isAccess(_ text: ByteString) -> Bool {
        let parts = text.latin1.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && ["user", "group", "all"].contains(parts[0]) && ["rw", "r"].contains(parts[1])
    }

    private mutating func checkTyped(
        _ arguments: [NginxWord], _ row: NginxDirectiveRow, _ set: Int, at end: ConfigLocation
    ) throws(NginxComplaint) {
        if row.value == .cachePath { return try checkCachePath(arguments, row) }
        if row.value == .types { return noteTypes(arguments, row, set, at: end) }
        guard row.value == .cacheValid, let last = arguments.last else { return }
        guard NginxNumbers.seconds(last.text) != nil else {
            throw NginxComplaint("invalid time value \"\(last.text)\"", last)
        }
        for word in arguments.dropLast() where word.text != "any" {
            guard let status = NginxNumbers.number(word.text), (100...599).contains(status) else {
                throw NginxComplaint("invalid status \"\(word.text)\"", word)
            }
        }
    }

    /// MIME types: nginx warns of those that it has already.
    ///
    /// Source: `ngx_http_types_slot`.
    private mutating func noteTypes(_ words: [NginxWord], _ row: NginxDirectiveRow, _ set: Int, at end: ConfigLocation)
    {
        guard row.name != "xslt_types" else { return }
        var types = settings[set].types[row.name] ?? ["text/html": ""]
        for word in words {
            if word.text == "*" { types["*"] = "" }
            if types["*"] != nil { break }
            let type = word.text.lowercased
            if types.updateValue("", forKey: type) != nil {
                complaints.warn("duplicate MIME type \"\(type)\"", at: end)
            }
        }
        settings[set].types[row.name] = types
    }

    /// The address that `proxy_bind` binds to.
    private mutating func checkBindAddress(_ word: NginxWord) throws(NginxComplaint) {
        if word.text.bytes.contains(NginxByte.dollar) { return try compile(word) }
        let bare = ByteString("[") + word.text + "]"
        if let url = try? NginxURL(word.text, defaultPort: 1), url.uri.isEmpty,
            url.family == .inet || url.family == .inet6 && !url.hasNoPort
        {
            return
        }
        if let url = try? NginxURL(bare, defaultPort: 1), url.family == .inet6 { return }
        throw NginxComplaint(
            "invalid address \"\(word.text)\"", word, why: "it takes an address of this machine, perhaps with a port")
    }
}
