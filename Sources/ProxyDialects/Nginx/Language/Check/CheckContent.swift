import WireBasics

// Directives about what nginx serves itself.
extension NginxChecker {
    mutating func checkErrorPage(_ arguments: [NginxWord]) throws(NginxComplaint) {
        let override = arguments[arguments.count - 2]
        var codes = arguments.dropLast()
        if override.text.bytes.first == NginxByte.equals {
            guard arguments.count > 2 else {
                throw NginxComplaint("invalid value \"\(override.text)\"", override)
            }
            if override.text.count > 1, NginxNumbers.number(ByteString(override.text.bytes.dropFirst())) == nil {
                throw NginxComplaint("invalid value \"\(override.text)\"", override)
            }
            codes = codes.dropLast()
        }
        try compile(arguments[arguments.count - 1])
        for word in codes {
            guard let code = NginxNumbers.number(word.text), code != 499 else {
                throw NginxComplaint("invalid value \"\(word.text)\"", word)
            }
            guard (300...599).contains(code) else {
                throw NginxComplaint("value \"\(word.text)\" must be between 300 and 599", word)
            }
        }
    }

    mutating func checkTryFiles(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], isFirst: Bool
    )
        throws(NginxComplaint)
    {
        try once(isFirst, statement)
        for word in arguments { try compile(word) }
        guard let last = arguments.last, last.text.bytes.first == NginxByte.equals else { return }
        guard let code = NginxNumbers.number(ByteString(last.text.bytes.dropFirst())), code <= 999 else {
            throw NginxComplaint("invalid code \"\(last.text)\"", last)
        }
    }

    mutating func checkIndex(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord]
    )
        throws(NginxComplaint)
    {
        for (number, word) in arguments.enumerated() {
            if word.text.bytes.first == NginxByte.slash, number < arguments.count - 1 {
                complaints.warn(
                    "only the last index in \"index\" directive should be absolute", at: statement.end)
            }
            guard !word.text.isEmpty else {
                throw NginxComplaint("index \"\(arguments[0].text)\" in \"index\" directive is invalid", word)
            }
            try compile(word)
        }
    }

    mutating func checkMirror(
        _ statement: NginxSource.Statement, _ word: NginxWord, set: Int, isFirst: Bool
    ) throws(NginxComplaint) {
        if word.text == "off" { return try once(isFirst, statement) }
        let isOff = settings[set].words["mirror"]?.last?.text == "off"
        guard isFirst || !isOff else { throw directive(statement, "is duplicate") }
    }

    mutating func checkOpenFileCache(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ arguments: [NginxWord], isFirst: Bool
    ) throws(NginxComplaint) {
        try once(isFirst, statement)
        let isLog = row.name == "open_log_file_cache"
        var hasMax = false
        for word in arguments where word.text != "off" {
            let max = word.text.removing(prefix: "max=").map { NginxNumbers.number($0) ?? 0 }
            var isRight = max ?? 0 > 0 || word.text.removing(prefix: "inactive=").flatMap(NginxNumbers.seconds) != nil
            if isLog {
                isRight =
                    isRight || word.text.removing(prefix: "valid=").flatMap(NginxNumbers.seconds) != nil
                    || word.text.removing(prefix: "min_uses=").flatMap(NginxNumbers.number) != nil
            }
            guard isRight else { throw NginxComplaint("invalid \"\(row.name)\" parameter \"\(word.text)\"", word) }
            hasMax = hasMax || max != nil
        }
        guard hasMax || arguments.contains(where: { $0.text == "off" }) else {
            throw NginxComplaint("\"\(row.name)\" must have \(isLog ? "" : "the ")\"max\" parameter")
        }
    }

    /// `disable_symlinks off`, `on` or `if_not_owner`, perhaps with `from=`.
    ///
    /// Source: `ngx_http_disable_symlinks`.
    mutating func checkSymlinks(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], isFirst: Bool
    )
        throws(NginxComplaint)
    {
        try once(isFirst, statement)
        var mode: NginxWord?
        var hasFrom = false
        for word in arguments {
            if ["off", "on", "if_not_owner"].contains(word.text.latin1) {
                mode = word
            } else if let from = word.text.removing(prefix: "from=") {
                try compile(from, of: word)
                hasFrom = true
            } else {
                throw NginxMends.invalidParameter(word)
            }
        }
        guard let mode else {
            throw NginxComplaint("\"disable_symlinks\" must have \"off\", \"on\" or \"if_not_owner\" parameter")
        }
        if arguments.count > 1, !hasFrom {
            throw NginxComplaint("duplicate parameters \"\(arguments[0].text) \(arguments[1].text)\"", arguments[1])
        }
        if hasFrom, mode.text == "off" {
            throw NginxComplaint("\"from=\" cannot be used with \"off\" parameter", mode)
        }
    }

    /// `userid_expires` and `userid_mark`.
    func checkUserid(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ word: NginxWord, isFirst: Bool
    ) throws(NginxComplaint) {
        try once(isFirst, statement)
        if row.name == "userid_mark" {
            let isMark =
                word.text.count == 1 && word.text.bytes.allSatisfy { $0.isNginxNameByte || $0 == NginxByte.equals }
            guard word.text == "off" || isMark && word.text != "_" else {
                throw directive(statement, "value must be \"off\" or a single letter, digit or \"=\"", word)
            }
        } else {
            guard word.text == "max" || word.text == "off" || NginxNumbers.seconds(word.text) != nil else {
                throw directive(statement, "invalid value", word)
            }
        }
    }
}
