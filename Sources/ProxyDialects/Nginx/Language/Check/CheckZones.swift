import WireBasics

/// A zone of shared memory, declared or only named.
struct NginxZone: Hashable {
    /// Its name.
    var name: ByteString
    /// What it is for: the module that names it.
    var purpose: String
    /// Its size; 0 while it is only named.
    var size: Int
    /// The key of a limit zone, as written; nil while it is only named.
    var key: ByteString?
    /// The word that names it first.
    var word: NginxWord
}

extension NginxChecker {
    /// Declares or names a zone.
    ///
    /// Source: `ngx_shared_memory_add`.
    @discardableResult
    mutating func addZone(
        _ name: ByteString, size: Int, purpose: String, _ word: NginxWord
    ) throws(NginxComplaint)
        -> Int
    {
        guard let index = zones.firstIndex(where: { $0.name == name }) else {
            zones.append(NginxZone(name: name, purpose: purpose, size: size, word: word))
            return zones.count - 1
        }
        guard zones[index].purpose == purpose else {
            throw NginxComplaint(
                "the shared memory zone \"\(name)\" is already declared for a different use", word,
                mend: "give it another name")
        }
        if zones[index].size == 0 { zones[index].size = size }
        guard size == 0 || size == zones[index].size else {
            throw NginxComplaint(
                "the size \(size) of shared memory zone \"\(name)\" conflicts with already declared size"
                    + " \(zones[index].size)", word)
        }
        return index
    }

    /// `limit_conn_zone KEY zone=NAME:SIZE` and `limit_req_zone KEY zone=NAME:SIZE rate=RATE`.
    mutating func checkLimitZone(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, isRate: Bool
    )
        throws(NginxComplaint)
    {
        let arguments = Array(statement.words.dropFirst())
        try compile(arguments[0])
        var zone: (name: ByteString, size: Int, word: NginxWord)?
        for word in arguments.dropFirst() {
            if let text = word.text.removing(prefix: "zone=") {
                zone = try zoneNameAndSize(text, word)
            } else if isRate, let text = word.text.removing(prefix: "rate=") {
                var digits = text
                if text.hasSuffix("r/s") || text.hasSuffix("r/m") { digits = ByteString(text.bytes.dropLast(3)) }
                guard let rate = NginxNumbers.number(digits), rate > 0 else {
                    throw NginxComplaint(
                        "invalid rate \"\(word.text)\"", word, why: "a rate is a whole number with r/s or r/m")
                }
            } else {
                throw NginxMends.invalidParameter(word)
            }
        }
        guard let zone, !zone.name.isEmpty else {
            throw NginxComplaint(
                "\"\(row.name)\" must have \"zone\" parameter", mend: "add zone=NAME:10m")
        }
        let index = try addZone(zone.name, size: zone.size, purpose: isRate ? "limit_req" : "limit_conn", zone.word)
        if let key = zones[index].key {
            throw NginxComplaint("\(row.name) \"\(zone.name)\" is already bound to key \"\(key)\"", zone.word)
        }
        zones[index].key = arguments[0].text
    }

    private func zoneNameAndSize(
        _ text: ByteString, _ word: NginxWord
    ) throws(NginxComplaint)
        -> (ByteString, Int, NginxWord)
    {
        guard let colon = text.bytes.firstIndex(of: NginxByte.colon),
            let size = NginxNumbers.size(ByteString(text.bytes[(colon + 1)...]))
        else {
            throw NginxComplaint(
                "invalid zone size \"\(word.text)\"", word, mend: "write zone=NAME:SIZE, for example zone=ws:10m")
        }
        // Eight pages of 4096 bytes.
        guard size >= 32_768 else { throw NginxComplaint("zone \"\(word.text)\" is too small", word) }
        return (ByteString(text.bytes[..<colon]), size, word)
    }

    /// `limit_conn ZONE NUMBER`.
    mutating func checkLimitConn(_ statement: NginxSource.Statement, set: Int) throws(NginxComplaint) {
        let arguments = Array(statement.words.dropFirst())
        let zone = try addZone(arguments[0].text, size: 0, purpose: "limit_conn", arguments[0])
        try onceInSet("limit_conn zone \(zone)", set, statement)
        guard let number = NginxNumbers.number(arguments[1].text), number > 0 else {
            throw NginxComplaint("invalid number of connections \"\(arguments[1].text)\"", arguments[1])
        }
        guard number <= 65535 else {
            throw NginxComplaint("connection limit must be less 65536", arguments[1])
        }
    }

    /// `limit_req zone=ZONE [burst=NUMBER] [nodelay | delay=NUMBER]`.
    mutating func checkLimitReq(_ statement: NginxSource.Statement, set: Int) throws(NginxComplaint) {
        var zone: Int?
        for word in statement.words.dropFirst() {
            if let name = word.text.removing(prefix: "zone=") {
                zone = try addZone(name, size: 0, purpose: "limit_req", word)
            } else if let number = word.text.removing(prefix: "burst=") {
                guard let burst = NginxNumbers.number(number), burst > 0 else {
                    throw NginxComplaint("invalid burst value \"\(word.text)\"", word)
                }
            } else if let number = word.text.removing(prefix: "delay=") {
                guard let delay = NginxNumbers.number(number), delay > 0 else {
                    throw NginxComplaint("invalid delay value \"\(word.text)\"", word)
                }
            } else if word.text != "nodelay" {
                throw NginxMends.invalidParameter(word)
            }
        }
        guard let zone else {
            throw NginxComplaint("\"limit_req\" must have \"zone\" parameter", mend: "add zone=NAME")
        }
        try onceInSet("limit_req zone \(zone)", set, statement)
    }

    private mutating func onceInSet(
        _ key: String, _ set: Int, _ statement: NginxSource.Statement
    )
        throws(NginxComplaint)
    {
        guard settings[set].words[key] == nil else { throw directive(statement, "is duplicate") }
        settings[set].words[key] = statement.words
    }

    /// `proxy_cache_path PATH … keys_zone=NAME:SIZE …`.
    ///
    /// Source: `ngx_http_file_cache_set_slot`.
    mutating func checkCachePath(_ arguments: [NginxWord], _ row: NginxDirectiveRow) throws(NginxComplaint) {
        var zone: (name: ByteString, size: Int, word: NginxWord)?
        for word in arguments.dropFirst() {
            let parts = word.text.bytes.split(
                separator: NginxByte.equals, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw NginxMends.invalidParameter(word) }
            let (name, value) = (ByteString(parts[0]).latin1, ByteString(parts[1]))
            let isRight: Bool
            switch name {
            case "keys_zone":
                guard let colon = value.bytes.firstIndex(of: NginxByte.colon),
                    let size = NginxNumbers.size(ByteString(value.bytes[(colon + 1)...]))
                else { throw NginxComplaint("invalid keys zone size \"\(word.text)\"", word) }
                guard size >= 8192 else { throw NginxComplaint("keys zone \"\(word.text)\" is too small", word) }
                zone = (ByteString(value.bytes[..<colon]), size, word)
                continue
            case "levels":
                let levels = value.latin1.split(separator: ":", omittingEmptySubsequences: false)
                guard levels.count <= 3, levels.allSatisfy({ $0 == "1" || $0 == "2" }) else {
                    throw NginxComplaint("invalid \"levels\" \"\(word.text)\"", word)
                }
                continue
            case "use_temp_path":
                guard value == "on" || value == "off" else {
                    throw NginxComplaint(
                        "invalid use_temp_path value \"\(word.text)\", it must be \"on\" or \"off\"", word)
                }
                continue
            case "inactive": isRight = NginxNumbers.seconds(value) != nil
            case "max_size", "min_free": isRight = NginxNumbers.offset(value) != nil
            case "loader_files", "manager_files": isRight = NginxNumbers.number(value) != nil
            case "loader_sleep", "loader_threshold", "manager_sleep", "manager_threshold":
                isRight = NginxNumbers.milliseconds(value) != nil
            default: throw NginxMends.invalidParameter(word)
            }
            guard isRight else { throw NginxComplaint("invalid \(name) value \"\(word.text)\"", word) }
        }
        guard let zone, !zone.name.isEmpty, zone.size > 0 else {
            throw NginxComplaint("\"\(row.name)\" must have \"keys_zone\" parameter", mend: "add keys_zone=NAME:10m")
        }
        let module = row.name.replacingSuffix("_cache_path", with: "_cache")
        let index = try addZone(zone.name, size: zone.size, purpose: module, zone.word)
        guard zones[index].key == nil else { throw NginxComplaint("duplicate zone \"\(zone.name)\"", zone.word) }
        zones[index].key = arguments[0].text
    }
}

extension ByteString {
    /// The bytes behind a prefix; nil when they do not start with it.
    func removing(prefix: ByteString) -> ByteString? {
        hasPrefix(prefix) ? ByteString(bytes.dropFirst(prefix.count)) : nil
    }
}

extension String {
    /// The text with another ending; unchanged when it does not end so.
    func replacingSuffix(_ suffix: String, with other: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) + other : self
    }
}
