import ProxyModel
import WireBasics

/// An upstream: a block, or what `proxy_pass` names.
///
/// Source: `ngx_http_upstream_add`.
struct NginxUpstreamEntry {
    /// The name: of the block, or the host.
    var host: ByteString
    /// The port; 0 for a block.
    var port: Int
    var hasNoPort: Bool
    /// Whether an `upstream` block makes it.
    var isBlock: Bool
    /// Whether its address is known without DNS.
    var hasAddress: Bool
    /// The line that nginx names.
    var end: ConfigLocation
    /// The word that names it first.
    var word: NginxWord
    /// Whether a directive refers to it.
    var isUsed = false
    var servers = 0
    var backups = 0
    /// Whether the method of balancing was chosen, and whether it takes `backup`.
    var hasBalancer = false
    var takesBackup = true
    /// The ports of its servers, with the word of each.
    var ports: [(port: Int, word: NginxWord)] = []
}

extension NginxChecker {
    /// Makes an upstream, or finds the one that is meant.
    mutating func addUpstream(
        host: ByteString, port: Int, hasNoPort: Bool, isBlock: Bool, hasAddress: Bool, word: NginxWord,
        at end: ConfigLocation
    ) throws(NginxComplaint) -> Int {
        for index in upstreams.indices where upstreams[index].host.equalsIgnoringCase(host) {
            let other = upstreams[index]
            if isBlock, other.isBlock {
                throw NginxComplaint(
                    "duplicate upstream \"\(host)\"", word, why: "the first one is in line \(other.end.line)",
                    mend: "give one of them another name, or put all servers into one block")
            }
            if other.isBlock, !hasNoPort {
                throw NginxComplaint(
                    "upstream \"\(host)\" may not have port \(port)", word,
                    why: "\(host) is an upstream block; the ports stand in its server lines",
                    mend: "write http://\(host) without a port")
            }
            if isBlock, !other.hasNoPort {
                throw NginxComplaint(
                    "upstream \"\(host)\" may not have port \(other.port)", other.word, line: .at(other.end),
                    why: "\(host) is an upstream block; the ports stand in its server lines",
                    mend: "write http://\(host) without a port")
            }
            if other.port != 0, port != 0, other.port != port { continue }
            if isBlock { (upstreams[index].isBlock, upstreams[index].port) = (true, 0) }
            upstreams[index].isUsed = upstreams[index].isUsed || !isBlock
            return index
        }
        upstreams.append(
            NginxUpstreamEntry(
                host: host, port: port, hasNoPort: hasNoPort, isBlock: isBlock, hasAddress: hasAddress, end: end,
                word: word, isUsed: !isBlock))
        return upstreams.count - 1
    }

    /// A line `server ADDRESS [parameters]` of an upstream block.
    ///
    /// Source: `ngx_http_upstream_server`.
    mutating func checkUpstreamServer(
        _ statement: NginxSource.Statement, _ arguments: [NginxWord], in scope: NginxScope
    ) throws(NginxComplaint) {
        guard let upstream = scope.upstream else { return }
        upstreams[upstream].servers += 1
        var isResolved = false
        var service = false
        for word in arguments.dropFirst() {
            let text = word.text
            if text == "backup" {
                guard upstreams[upstream].takesBackup else {
                    throw NginxComplaint(
                        "balancing method does not support parameter \"backup\"", word,
                        why: "hash, ip_hash and random have no backup servers")
                }
                upstreams[upstream].backups += 1
            } else if text == "resolve", version >= NginxVersion(1, 27, 3) {
                isResolved = true
            } else if text.hasPrefix("service="), version >= NginxVersion(1, 27, 3) {
                guard text.count > 8 else { throw NginxComplaint("service is empty", word) }
                service = true
            } else if text == "drain" || text.hasPrefix("route="), version >= NginxVersion(1, 29, 6) {
                guard text != "route=" else { throw NginxComplaint("route is empty", word) }
                guard text.count <= 6 + 32 else { throw NginxComplaint("route is longer than 32", word) }
            } else if !isServerParameter(text) {
                throw NginxMends.invalidParameter(word)
            }
        }
        let word = arguments[0]
        if service, !isResolved {
            throw NginxComplaint("service upstream \"\(word.text)\" requires \"resolve\" parameter", word)
        }
        do throws(NginxURL.Fault) {
            let url = try NginxURL(word.text, defaultPort: 80)
            if !url.hasNoPort, url.family != .unix { upstreams[upstream].ports.append((url.port, word)) }
            guard url.family == .name, !isResolved else { return }
            if isCertainlyUnknown(url.host) { throw NginxURL.Fault(text: "host not found") }
            noteUnresolved(url.host, word)
        } catch {
            throw NginxComplaint(
                "\(error.text) in upstream \"\(word.text)\"", word,
                why: upstreamReason(error.text), mend: upstreamMend(error.text, word.text))
        }
    }

    private func isServerParameter(_ text: ByteString) -> Bool {
        if text == "down" { return true }
        if let weight = text.removing(prefix: "weight=") { return NginxNumbers.number(weight) ?? 0 > 0 }
        if let number = text.removing(prefix: "max_conns=") ?? text.removing(prefix: "max_fails=") {
            return NginxNumbers.number(number) != nil
        }
        return text.removing(prefix: "fail_timeout=").map { NginxNumbers.seconds($0) != nil } ?? false
    }

    private func upstreamReason(_ fault: String) -> String {
        switch fault {
        case "invalid host": "server takes an address and a port, no scheme and no path"
        case "invalid port": "a port is a number from 1 to 65535"
        default: ""
        }
    }

    private func upstreamMend(_ fault: String, _ text: ByteString) -> String {
        guard fault == "invalid host" else { return "" }
        var rest = text.removing(prefix: "http://") ?? text.removing(prefix: "https://") ?? text
        if let slash = rest.bytes.firstIndex(of: NginxByte.slash) { rest = ByteString(rest.bytes[..<slash]) }
        return rest.isEmpty ? "" : "write server \(rest);"
    }

    /// `hash`, `ip_hash`, `least_conn`, `random`, `keepalive`, `zone`.
    mutating func checkBalancer(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, _ arguments: [NginxWord], in scope: NginxScope,
        isFirst: Bool
    ) throws(NginxComplaint) {
        guard let upstream = scope.upstream else { return }
        switch row.value {
        case .upstreamZone:
            guard !arguments[0].text.isEmpty else {
                throw NginxComplaint("invalid zone name \"\"", arguments[0])
            }
            var size = 0
            if arguments.count > 1 {
                guard let bytes = NginxNumbers.size(arguments[1].text) else {
                    throw NginxComplaint("invalid zone size \"\(arguments[1].text)\"", arguments[1])
                }
                guard bytes >= 32_768 else {
                    throw NginxComplaint("zone \"\(arguments[0].text)\" is too small", arguments[0])
                }
                size = bytes
            }
            try addZone(arguments[0].text, size: size, purpose: "upstream", arguments[0])
        case .keepalive:
            try once(isFirst, statement)
            let mayBeZero = version >= NginxVersion(1, 29, 7)
            guard let number = NginxNumbers.number(arguments[0].text), mayBeZero || number > 0 else {
                throw NginxComplaint("invalid value \"\(arguments[0].text)\" in \"keepalive\" directive", arguments[0])
            }
            if arguments.count > 1, arguments[1].text != "local" { throw NginxMends.invalidParameter(arguments[1]) }
            if !mayBeZero { upstreams[upstream].hasBalancer = true }
        default:
            if row.value == .hash { try compile(arguments[0]) }
            if upstreams[upstream].hasBalancer {
                complaints.warn("load balancing method redefined", at: statement.end)
            }
            upstreams[upstream].hasBalancer = true
            upstreams[upstream].takesBackup = row.name == "least_conn" || row.name == "least_time"
            if row.value == .hash, arguments.count > 1, arguments[1].text != "consistent" {
                throw NginxMends.invalidParameter(arguments[1])
            }
            if row.value == .random {
                let allowed = ["two", "least_conn"]
                for (word, right) in zip(arguments, allowed) where word.text != ByteString(right) {
                    if right == "least_conn", word.text.hasPrefix("least_time"), version >= NginxVersion(1, 31, 0) {
                        continue
                    }
                    throw NginxMends.invalidParameter(word)
                }
            }
        }
    }

    /// Whether no DNS can know that name: RFC 6761 §6.4 reserves `.invalid`.
    func isCertainlyUnknown(_ name: ByteString) -> Bool {
        let name = name.lowercased
        let labels = name.bytes.split(separator: NginxByte.dot, omittingEmptySubsequences: false).map { ByteString($0) }
        let numbers = labels.map { NginxNumbers.number($0) }
        // A last label of digits alone is no top level domain; four numbers or fewer are an address if they fit.
        if let last = numbers.last, last != nil, labels.count > 1 {
            guard numbers.allSatisfy({ $0 != nil }), labels.count <= 4 else { return true }
            if labels.count == 4 { return numbers.contains { $0 ?? 256 > 255 } }
        }
        return name == "invalid" || name.hasSuffix(".invalid")
            || name.bytes.contains { $0 < 0x80 && !($0.isNginxNameByte || $0 == NginxByte.dot || $0 == NginxByte.dash) }
    }

    /// Says that nginx will need DNS when it starts.
    mutating func noteUnresolved(_ name: ByteString, _ word: NginxWord) {
        guard name != "localhost" else { return }
        let code = "nginx.upstream.unresolved-name"
        let message = "\"\(name)\" must be known to DNS when nginx starts"
        guard !complaints.findings.contains(where: { $0.code == code && $0.message == message }) else { return }
        complaints.findings.append(
            Finding(
                code: code, severity: .hint, blame: .proxyConfig, message: message,
                why: "nginx looks names up while it reads its configuration, and stops with \"host not found\" if it"
                    + " cannot",
                mend: "nothing, if the name is known where nginx runs (a container's name, an entry in /etc/hosts)",
                location: word.location))
    }
}
