import WireBasics

extension NginxChecker {
    /// `access_log PATH [FORMAT [buffer=…] [gzip=…] [flush=…] [if=…]]`.
    ///
    /// Source: `ngx_http_log_set_log`.
    mutating func checkAccessLog(_ arguments: [NginxWord]) throws(NginxComplaint) {
        let path = arguments[0]
        if path.text == "off" {
            if arguments.count > 1 { throw NginxMends.invalidParameter(arguments[1]) }
            return
        }
        if !path.text.hasPrefix("syslog:") { try compile(path) }
        if arguments.count > 1 {
            guard logFormats.contains(arguments[1].text.lowercased) else {
                throw NginxComplaint(
                    "unknown log format \"\(arguments[1].text)\"", arguments[1],
                    why: "no log_format of that name stands above this line",
                    mend: "define it in http { … } before it is used: log_format \(arguments[1].text) '…';")
            }
        }
        var hasBuffer = false
        var hasFlush = false
        for word in arguments.dropFirst(2) {
            if let size = word.text.removing(prefix: "buffer=") {
                guard NginxNumbers.size(size) ?? 0 > 0 else {
                    throw NginxComplaint("invalid buffer size \"\(size)\"", word)
                }
                hasBuffer = true
            } else if let time = word.text.removing(prefix: "flush=") {
                guard NginxNumbers.milliseconds(time) ?? 0 > 0 else {
                    throw NginxComplaint("invalid flush time \"\(time)\"", word)
                }
                hasFlush = true
            } else if let level = word.text.removing(prefix: "gzip="), !level.isEmpty {
                guard let number = NginxNumbers.number(level), (1...9).contains(number) else {
                    throw NginxComplaint("invalid compression level \"\(level)\"", word)
                }
                hasBuffer = true
            } else if word.text == "gzip" {
                hasBuffer = true
            } else if let condition = word.text.removing(prefix: "if=") {
                try compile(condition, of: word)
            } else {
                throw NginxMends.invalidParameter(word)
            }
        }
        if hasFlush, !hasBuffer {
            throw NginxComplaint("no buffer is defined for access_log \"\(path.text)\"", path)
        }
        if hasBuffer, path.text.bytes.contains(NginxByte.dollar) {
            throw NginxComplaint("buffered logs cannot have variables in name", path)
        }
        if hasBuffer, path.text.hasPrefix("syslog:") {
            throw NginxComplaint("logs to syslog cannot be buffered", path)
        }
    }

    /// `log_format NAME [escape=…] TEXT…`.
    mutating func checkLogFormat(_ arguments: [NginxWord]) throws(NginxComplaint) {
        let name = arguments[0]
        guard logFormats.insert(name.text.lowercased).inserted || name.text != name.text.lowercased else {
            throw NginxComplaint("duplicate \"log_format\" name \"\(name.text)\"", name)
        }
        var texts = arguments.dropFirst()
        if let first = texts.first, let escape = first.text.removing(prefix: "escape=") {
            guard ["json", "none", "default"].contains(escape.latin1) else {
                throw NginxComplaint("unknown log format escaping \"\(escape)\"", first)
            }
            texts = texts.dropFirst()
        }
        for word in texts {
            do throws(NginxComplaint) {
                try compileLogText(word)
            } catch {
                throw error
            }
        }
    }

    /// Log texts know no captures: `$1` is a variable of that name.
    private mutating func compileLogText(_ word: NginxWord) throws(NginxComplaint) {
        let bytes = word.text.bytes
        var index = 0
        while index < bytes.count {
            guard bytes[index] == NginxByte.dollar else {
                index += 1
                continue
            }
            let begin = index
            let invalid = NginxComplaint("invalid parameter \"\(ByteString(bytes[begin...]))\"", word)
            index += 1
            let isBraced = index < bytes.count && bytes[index] == NginxByte.openBrace
            if isBraced { index += 1 }
            guard index < bytes.count else { throw invalid }
            let start = index
            while index < bytes.count, bytes[index].isNginxNameByte { index += 1 }
            let name = ByteString(bytes[start..<index])
            if isBraced {
                guard index < bytes.count, bytes[index] == NginxByte.closeBrace else {
                    throw NginxComplaint("the closing bracket in \"\(name)\" variable is missing", word)
                }
                index += 1
            }
            guard !name.isEmpty else { throw invalid }
            try variables.use(name, in: word)
        }
    }

    /// `resolver ADDRESS… [valid=TIME] [ipv4=on|off] [ipv6=on|off]`.
    mutating func checkResolver(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], isFirst: Bool
    )
        throws(NginxComplaint)
    {
        try once(isFirst, statement)
        var servers = 0
        for word in arguments {
            let invalid = NginxComplaint("invalid parameter: \(word.text)", word)
            if let time = word.text.removing(prefix: "valid=") {
                guard NginxNumbers.seconds(time) != nil else { throw invalid }
            } else if let flag = word.text.removing(prefix: "ipv6=") {
                guard flag == "on" || flag == "off" else { throw invalid }
            } else if version >= NginxVersion(1, 23, 1), let flag = word.text.removing(prefix: "ipv4=") {
                guard flag == "on" || flag == "off" else { throw invalid }
            } else {
                try checkNameServer(word)
                servers += 1
            }
        }
        guard servers > 0 else { throw NginxComplaint("no name servers defined") }
    }

    private mutating func checkNameServer(_ word: NginxWord) throws(NginxComplaint) {
        do throws(NginxURL.Fault) {
            let url = try NginxURL(word.text, defaultPort: 53)
            guard url.family == .name else { return }
            if isCertainlyUnknown(url.host) {
                throw NginxURL.Fault(text: "host not found")
            }
            noteUnresolved(url.host, word)
        } catch {
            throw NginxComplaint("\(error.text) in resolver \"\(word.text)\"", word)
        }
    }

    /// `error_log PATH [LEVEL…]`.
    ///
    /// Source: `ngx_log_set_levels`.
    func checkLogLevels(_ arguments: [NginxWord]) throws(NginxComplaint) {
        let levels = ["emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"]
        let parts = ["core", "alloc", "mutex", "event", "http", "mail", "stream"].map { "debug_\($0)" }
        var hasLevel = false
        var hasPart = false
        for word in arguments.dropFirst() {
            let text = word.text.latin1
            if levels.contains(text) {
                guard !hasLevel, !hasPart else { throw NginxComplaint("duplicate log level \"\(text)\"", word) }
                hasLevel = true
            } else if parts.contains(text), !hasLevel {
                hasPart = true
            } else {
                throw NginxComplaint(
                    "invalid log level \"\(word.text)\"", word, why: "the levels are \(NginxMends.list(levels))",
                    mend: NearestName.find(word.text.latin1, in: levels).map { "write \($0)" } ?? "")
            }
        }
    }
}
