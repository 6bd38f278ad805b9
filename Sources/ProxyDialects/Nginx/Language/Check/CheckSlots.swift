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
        case .unchecked, .include, .loadModule, .errorLog, .regex: break
        case .header, .parameter:
            if row.value == .parameter, arguments.count == 3, arguments[2].text != "if_not_empty" {
                throw NginxMends.invalidParameter(arguments[2])
            }
            settings[set].headers.append((row.name, words, statement.end))
        case .allComplex:
            for word in arguments { try compile(word) }
        case .bind:
            try once(isFirst, statement)
            if arguments[0].text != "off" { try compile(arguments[0]) }
            if arguments.count > 1, arguments[1].text != "transparent" {
                throw NginxMends.invalidParameter(arguments[1])
            }
        case .types, .cachePath, .cacheValid:
            try checkTyped(arguments, row)
        case .obsolete:
            complaints.warn(
                "the \"\(row.name)\" directive is obsolete" + NginxMends.replacement(of: row.name), at: statement.end)
        case .flag, .number, .size, .offset, .milliseconds, .seconds, .buffers, .string, .path, .access, .poolSize,
            .numberBetween, .oneOf, .anyOf, .complex, .complexSize, .once:
            try checkSlot(statement, row, arguments, isFirst: isFirst)
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
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ arguments: [NginxWord], isFirst: Bool
    ) throws(NginxComplaint) {
        // Bit masks add up over several lines; everything else may be said once.
        if case .anyOf(let allowed) = row.value { return try checkMask(arguments, allowed, isFirst, at: statement.end) }
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
            guard NginxNumbers.number(word.text) != nil else { throw directive(statement, "invalid number", word) }
        case .numberBetween(let low, let high):
            guard let number = NginxNumbers.number(word.text) else {
                throw directive(statement, "invalid number", word)
            }
            guard (low...high).contains(number) else {
                throw NginxComplaint("value must be between \(low) and \(high)", word)
            }
        case .size: try require(NginxNumbers.size(word.text), statement, word, "8k, 1m")
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
                    mend: NginxMends.nearest(word.text, in: allowed).map { "write \(row.name) \($0);" } ?? "")
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

    private func checkPoolSize(_ statement: NginxSource.Statement, _ word: NginxWord) throws(NginxComplaint) {
        try require(NginxNumbers.size(word.text), statement, word, "256, 4k")
        let size = NginxNumbers.size(word.text) ?? 0
        // NGX_MIN_POOL_SIZE and NGX_POOL_ALIGNMENT of a 64-bit build.
        guard size >= 256 else { throw NginxComplaint("the pool size must be no less than 256", word) }
        guard size % 16 == 0 else { throw NginxComplaint("the pool size must be a multiple of 16", word) }
    }

    private mutating func checkMask(
        _ words: [NginxWord], _ allowed: [String], _ isFirst: Bool, at end: ConfigLocation
    )
        throws(NginxComplaint)
    {
        var seen: Set<ByteString> = []
        for word in words {
            guard allowed.contains(where: { word.text.equalsIgnoringCase(ByteString($0)) }) else {
                throw NginxComplaint(
                    "invalid value \"\(word.text)\"", word, why: "it takes some of \(NginxMends.list(allowed))",
                    mend: NginxMends.nearest(word.text, in: allowed).map { "write \($0)" } ?? "")
            }
            if !seen.insert(word.text.lowercased).inserted {
                complaints.warn("duplicate value \"\(word.text)\"", at: end)
            }
        }
    }

    private func isAccess(_ text: ByteString) -> Bool {
        let parts = text.latin1.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && ["user", "group", "all"].contains(parts[0]) && ["rw", "r"].contains(parts[1])
    }

    private mutating func checkTyped(_ arguments: [NginxWord], _ row: NginxDirectiveRow) throws(NginxComplaint) {
        if row.value == .cachePath { return try checkCachePath(arguments, row) }
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
}
