import ProxyModel
import WireBasics

extension ConfigurationBuilder {
    /// Reads a line of the access, auth, limit and realip modules; false for a line of another module.
    mutating func readAccess(
        _ directive: NginxDirective, _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) -> Bool {
        let line = directive.location
        let first = directive.arguments.first?.text ?? ""
        switch directive.name.text {
        case "allow", "deny":
            guard let range = AddressRange(first) else { return false }
            settings.access.rules.add(
                AccessRule(allows: directive.name.text == "allow", range: range, source: line), at: level.title)
        case "auth_basic": settings.access.basicRealm = Setting(complex(first), source: line)
        case "auth_basic_user_file":
            settings.access.basicUserFile = Setting(complex(first), source: line)
            readUserFile(first)
        case "auth_delay": time(directive, &settings.access.delay)
        case "auth_request":
            settings.access.subrequest = first == "off" ? nil : Setting(first, source: line)
        case "auth_request_set":
            guard let name = first.dropping(prefix: "$"), let value = directive.arguments.dropFirst().first else {
                return true
            }
            let variable = parts.variables.define(name, as: .assigned, isCacheable: true)
            settings.access.subrequestVariables.add(
                AssignedVariable(variable: variable, value: complex(value.text)), at: level.title)
        case "limit_conn": readConnectionLimit(directive, &settings, level)
        case "limit_conn_status": count(directive, &settings.access.connectionLimitStatus)
        case "limit_conn_dry_run":
            settings.access.connectionLimitIsDry = flag(directive, settings.access.connectionLimitIsDry)
        case "limit_req": readRequestLimit(directive, &settings, level)
        case "limit_req_status": count(directive, &settings.access.requestLimitStatus)
        case "limit_req_dry_run":
            settings.access.requestLimitIsDry = flag(directive, settings.access.requestLimitIsDry)
        case "set_real_ip_from":
            guard let range = AddressRange(first) else { return false }
            settings.access.trustedAddresses.add(range, at: level.title)
        case "real_ip_header": settings.access.realIPHeader = Setting(first, source: line)
        case "real_ip_recursive": settings.access.realIPIsRecursive = flag(directive, settings.access.realIPIsRecursive)
        default: return false
        }
        return true
    }

    /// Reads a line of the headers module; false for a line of another module.
    mutating func readHeaders(
        _ directive: NginxDirective, _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) -> Bool {
        let words = directive.arguments.map(\.text)
        switch directive.name.text {
        case "add_header", "add_trailer":
            guard words.count >= 2 else { return true }
            let header = AddHeader(
                name: words[0], value: complex(words[1]),
                isForEveryStatus: words.count > 2 && words[2] == "always", source: directive.location)
            if directive.name.text == "add_header" {
                settings.headers.addHeaders.add(header, at: level.title)
            } else {
                settings.headers.addTrailers.add(header, at: level.title)
            }
        case "add_header_inherit":
            switch words.first {
            case "off": settings.headers.inheritance = .off
            case "merge": settings.headers.inheritance = .merge
            default: settings.headers.inheritance = .standard
            }
        case "expires":
            settings.headers.expires = Setting(words.map { complex($0) }, source: directive.location)
        default: return false
        }
        return true
    }

    private mutating func readConnectionLimit(
        _ directive: NginxDirective, _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) {
        let words = directive.arguments.map(\.text)
        guard words.count == 2, let zone = parts.connectionZones.firstIndex(where: { $0.name == words[0] }),
            let limit = DirectiveValue.int(words[1]).flatMap(Int.init(exactly:))
        else { return }
        settings.access.connectionLimits.add(
            ConnectionLimit(zone: zone, limit: limit, source: directive.location), at: level.title)
    }

    private mutating func readRequestLimit(
        _ directive: NginxDirective, _ settings: inout LocationSettings, _ level: ConfigurationLevel
    ) {
        var limit = RequestLimit(zone: -1, burst: 0, delay: 0, source: directive.location)
        for word in directive.arguments.map(\.text) {
            if let name = word.dropping(prefix: "zone=") {
                limit.zone = parts.requestZones.firstIndex { $0.name == name } ?? -1
            } else if let text = word.dropping(prefix: "burst=") {
                limit.burst = min(DirectiveValue.int(text) ?? 0, 1 << 40) * 1000
            } else if let text = word.dropping(prefix: "delay=") {
                limit.delay = min(DirectiveValue.int(text) ?? 0, 1 << 40) * 1000
            } else if word == "nodelay" {
                limit.delay = .max
            }
        }
        guard limit.zone >= 0 else { return }
        settings.access.requestLimits.add(limit, at: level.title)
    }

    private mutating func readUserFile(_ path: ByteString) {
        guard !path.bytes.contains(UInt8(ascii: "$")), parts.userFiles[path] == nil else { return }
        let full = fullName(path)
        guard let bytes = try? source.contents(of: full) else {
            parts.userFiles[path] = .some(nil)
            return
        }
        parts.userFiles[path] = UserFile(bytes)
    }

    /// A path of the configuration as nginx completes it: relative ones start at the main file's folder.
    func fullName(_ path: ByteString) -> String {
        let text = path.latin1
        guard !text.hasPrefix("/"), let slash = parts.file.lastIndex(of: "/") else { return text }
        return parts.file[...slash] + text
    }
}
