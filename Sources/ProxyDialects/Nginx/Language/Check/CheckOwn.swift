import WireBasics

extension NginxChecker {
    /// Directives with a setter of their own.
    mutating func checkOwn(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ arguments: [NginxWord], in scope: NginxScope,
        isFirst: Bool
    ) throws(NginxComplaint) {
        let set = scope.settings(of: row)
        switch row.value {
        case .listen: try checkListen(statement, arguments, in: scope)
        case .serverName: try checkServerName(statement, arguments, in: scope)
        case .upstreamServer: try checkUpstreamServer(statement, arguments, in: scope)
        case .hash, .balancer, .random, .keepalive, .upstreamZone:
            try checkBalancer(statement, row, arguments, in: scope, isFirst: isFirst)
        case .proxyPass: try checkProxyPass(statement, arguments, in: scope, isFirst: isFirst)
        case .otherPass: try checkOtherPass(statement, row, arguments, isFirst: isFirst)
        case .proxyRedirect: try checkProxyRedirect(statement, arguments, set: set)
        case .proxyCookie: try checkProxyCookie(statement, row, arguments, set: set)
        case .store, .cache: try checkCache(statement, row, arguments, set: set, isFirst: isFirst)
        case .rewrite: try checkRewrite(arguments)
        case .return: try checkReturn(arguments)
        case .set: try checkSet(arguments, isFirstValue: true)
        case .setVariable: try checkSet(arguments, isFirstValue: false)
        case .accessRule, .realIPFrom: try checkNetwork(statement, row, arguments[0])
        case .limitConnZone: try checkLimitZone(statement, row, isRate: false)
        case .limitReqZone: try checkLimitZone(statement, row, isRate: true)
        case .limitConn: try checkLimitConn(statement, set: set)
        case .limitReq: try checkLimitReq(statement, set: set)
        case .addHeader:
            try compile(arguments[1])
            if arguments.count > 2, arguments[2].text != "always" { throw NginxMends.invalidParameter(arguments[2]) }
        case .expires: try checkExpires(statement, arguments, isFirst: isFirst)
        case .errorPage: try checkErrorPage(arguments)
        case .root: try checkRoot(statement, row, arguments[0], in: scope)
        case .tryFiles: try checkTryFiles(statement, arguments, isFirst: isFirst)
        case .index: try checkIndex(statement, arguments)
        case .accessLog: try checkAccessLog(arguments)
        case .logFormat: try checkLogFormat(arguments)
        case .mirror: try checkMirror(statement, arguments[0], set: set, isFirst: isFirst)
        case .resolver: try checkResolver(statement, arguments, isFirst: isFirst)
        case .gzipDisable:
            for word in arguments where word.text != "msie6" && word.text != "degradation" {
                _ = try regexOnly(word.text, word)
            }
        case .keepaliveTimeout:
            try once(isFirst, statement)
            for (index, word) in arguments.enumerated() {
                let time = index == 0 ? NginxNumbers.milliseconds(word.text) : NginxNumbers.seconds(word.text)
                guard time != nil else { throw directive(statement, "invalid value", word) }
            }
        case .directio:
            try once(isFirst, statement)
            guard arguments[0].text == "off" || NginxNumbers.offset(arguments[0].text) != nil else {
                throw directive(statement, "invalid value", arguments[0])
            }
        case .aio:
            try once(isFirst, statement)
            let text = arguments[0].text
            if text == "on" { throw NginxComplaint("\"aio on\" is unsupported on this platform", arguments[0]) }
            guard text == "off" || text == "threads" || text.hasPrefix("threads=") else {
                throw directive(statement, "invalid value", arguments[0])
            }
        case .openFileCache: try checkOpenFileCache(statement, row, arguments, isFirst: isFirst)
        case .sslSessionCache: try checkSSLSessionCache(arguments)
        case .workerConnections:
            try once(isFirst, statement)
            guard let number = NginxNumbers.number(arguments[0].text) else {
                throw NginxComplaint("invalid number \"\(arguments[0].text)\"", arguments[0])
            }
            workerConnections = (number, arguments[0].location)
        case .workerProcesses:
            try once(isFirst, statement)
            guard arguments[0].text == "auto" || NginxNumbers.number(arguments[0].text) != nil else {
                throw directive(statement, "invalid value", arguments[0])
            }
        case .workerPriority:
            try once(isFirst, statement)
            let sign = arguments[0].text.bytes.first
            let number = sign == NginxByte.dash || sign == UInt8(ascii: "+") ? 1 : 0
            guard NginxNumbers.number(ByteString(arguments[0].text.bytes.dropFirst(number))) != nil else {
                throw directive(statement, "invalid number", arguments[0])
            }
        case .threadPool: try checkThreadPool(arguments)
        case .subFilter:
            guard !arguments[0].text.isEmpty else { throw NginxComplaint("empty search pattern", arguments[0]) }
            for word in arguments { try compile(word) }
        case .validReferers: try checkReferers(arguments, set: set)
        case .eventUse:
            try once(isFirst, statement)
            guard ["epoll", "poll", "select"].contains(arguments[0].text.latin1) else {
                throw NginxComplaint("invalid event type \"\(arguments[0].text)\"", arguments[0])
            }
        case .disableSymlinks: try checkSymlinks(statement, arguments, isFirst: isFirst)
        case .userid: try checkUserid(statement, row, arguments[0], isFirst: isFirst)
        default: break
        }
    }

    /// Compiles an expression of which nginx takes no variables.
    func regexOnly(_ pattern: ByteString, _ word: NginxWord) throws(NginxComplaint) -> NginxRegexSyntax {
        do throws(NginxRegexSyntax.Fault) {
            return try NginxRegexSyntax(pattern, isCaseless: true)
        } catch {
            throw NginxComplaint(error.text, word, why: "the regular expression is wrong: \(error.reason)")
        }
    }

    private mutating func checkNetwork(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ word: NginxWord
    )
        throws(NginxComplaint)
    {
        if word.text == "unix:" || row.value == .accessRule && word.text == "all" { return }
        switch NginxURL.network(word.text) {
        case .valid: break
        case .lowBits: complaints.warn("low address bits of \(word.text) are meaningless", at: statement.end)
        case .invalid:
            guard row.value == .accessRule else {
                if isCertainlyUnknown(word.text) {
                    throw NginxComplaint("host not found in set_real_ip_from \"\(word.text)\"", word)
                }
                return noteUnresolved(word.text, word)
            }
            var complaint = NginxMends.invalidParameter(word)
            complaint.why = "\(row.name) takes an address, a network such as 10.0.0.0/8, unix: or all"
            throw complaint
        }
    }

    private mutating func checkExpires(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], isFirst: Bool
    )
        throws(NginxComplaint)
    {
        try once(isFirst, statement)
        let isModified = arguments.count == 2
        if isModified, arguments[0].text != "modified" { throw directive(statement, "invalid value", arguments[0]) }
        let word = arguments[arguments.count - 1]
        try compile(word)
        if word.text.bytes.contains(NginxByte.dollar) { return }
        if !isModified, ["epoch", "max", "off"].contains(word.text.latin1) { return }
        var text = word.text
        let isDaily = text.bytes.first == NginxByte.at
        if isDaily, isModified {
            throw directive(statement, "daily time cannot be used with \"modified\" parameter", word)
        }
        if let first = text.bytes.first, [NginxByte.at, UInt8(ascii: "+"), NginxByte.dash].contains(first) {
            text = ByteString(text.bytes.dropFirst())
        }
        guard let seconds = NginxNumbers.seconds(text) else { throw directive(statement, "invalid value", word) }
        if isDaily, seconds > 86_400 {
            throw directive(statement, "daily time value must be less than 24 hours", word)
        }
    }

    private mutating func checkSSLSessionCache(_ arguments: [NginxWord]) throws(NginxComplaint) {
        for word in arguments where !["off", "none", "builtin"].contains(word.text.latin1) {
            let parts = word.text.bytes.split(separator: NginxByte.colon, omittingEmptySubsequences: false)
            let invalid = NginxComplaint("invalid session cache \"\(word.text)\"", word)
            if parts[0].elementsEqual("builtin".utf8), parts.count == 2 {
                guard NginxNumbers.number(ByteString(parts[1])) != nil else { throw invalid }
                continue
            }
            guard parts[0].elementsEqual("shared".utf8), parts.count == 3, !parts[1].isEmpty,
                let size = NginxNumbers.size(ByteString(parts[2]))
            else { throw invalid }
            guard size >= 32_768 else {
                throw NginxComplaint("session cache \"\(word.text)\" is too small", word)
            }
            try addZone(ByteString(parts[1]), size: size, purpose: "ssl", word)
        }
    }

    /// `thread_pool NAME threads=NUMBER [max_queue=NUMBER]`.
    private mutating func checkThreadPool(_ arguments: [NginxWord]) throws(NginxComplaint) {
        var hasThreads = false
        for word in arguments.dropFirst() {
            if let number = word.text.removing(prefix: "threads=") {
                guard NginxNumbers.number(number) ?? 0 > 0 else {
                    throw NginxComplaint("invalid threads value \"\(word.text)\"", word)
                }
                hasThreads = true
            } else if let number = word.text.removing(prefix: "max_queue="), NginxNumbers.number(number) == nil {
                throw NginxComplaint("invalid max_queue value \"\(word.text)\"", word)
            }
        }
        guard hasThreads else { throw NginxComplaint("\"thread_pool\" must have \"threads\" parameter") }
    }

    /// `valid_referers NAME…`.
    ///
    /// Source: `ngx_http_valid_referers`.
    private mutating func checkReferers(_ arguments: [NginxWord], set: Int) throws(NginxComplaint) {
        for word in arguments {
            guard !word.text.isEmpty else { throw NginxComplaint("invalid referer \"\"", word) }
            if word.text.bytes.first == NginxByte.tilde {
                _ = try regexOnly(ByteString(word.text.bytes.dropFirst()), word)
            }
            let isName = word.text != "none" && word.text != "blocked"
            settings[set].words[isName ? "valid_referers name" : "valid_referers none"] = [word]
        }
    }
}
