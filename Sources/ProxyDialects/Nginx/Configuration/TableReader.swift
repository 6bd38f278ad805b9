import ProxyModel
import WireBasics

extension ConfigurationBuilder {
    /// Reads what stands beside servers in `http`: groups, tables, zones.
    mutating func readTable(_ directive: NginxDirective) {
        switch directive.name.text {
        case "upstream": readUpstream(directive)
        case "map": readMap(directive)
        case "geo": readGeo(directive)
        case "split_clients": readSplitClients(directive)
        case "limit_conn_zone": readZone(directive, isRate: false)
        case "limit_req_zone": readZone(directive, isRate: true)
        default: break
        }
    }

    private mutating func readUpstream(_ block: NginxDirective) {
        guard let name = block.arguments.first?.text else { return }
        let hash = block.child("hash")?.arguments.first.map { complex($0.text) }
        parts.groups.append(
            UpstreamGroupConfiguration(
                name: name, block: block, source: block.location, hashKey: hash,
                unmodelled: (block.children ?? []).filter { notModelled.contains($0.location) }
                    .map { UnmodelledLine(name: $0.name.text, source: $0.location) }))
    }

    private func variableName(_ word: NginxWord?) -> ByteString? {
        word?.text.dropping(prefix: "$")
    }

    private mutating func readMap(_ block: NginxDirective) {
        guard let subject = block.arguments.first?.text, let name = variableName(block.arguments.dropFirst().first)
        else { return }
        let rows = block.children ?? []
        let index = parts.maps.count
        let isVolatile = rows.contains { $0.name.text == "volatile" && $0.arguments.isEmpty && !$0.name.isQuoted }
        let variable = parts.variables.define(name, as: .map(index), isCacheable: !isVolatile)
        var table = MapTable(subject: complex(subject), variable: variable, source: block.location)
        table.isVolatile = isVolatile
        table.areHostnames = rows.contains { $0.name.text == "hostnames" && $0.arguments.isEmpty }
        parts.maps.append(table)
        for row in rows {
            guard let value = row.arguments.first?.text else { continue }
            readMapRow(row, value, &table)
        }
        parts.maps[index] = table
    }

    private mutating func readMapRow(_ directive: NginxDirective, _ value: ByteString, _ table: inout MapTable) {
        let key = directive.name.text
        let row = MapTable.Row(key: key, value: complex(value), source: directive.location)
        if key == "default" {
            table.defaultRow = row
            return
        }
        if let expression = key.dropping(prefix: "~") {
            let ignoresCase = expression.hasPrefix("*")
            let text = ignoresCase ? ByteString(expression.bytes.dropFirst()) : expression
            if let regex = regex(text, ignoresCase: ignoresCase, directive) {
                table.regexes.append(.init(regex: regex, row: row))
            }
            return
        }
        // A backslash lets a key start with `~` or be one of the words.
        let plain = key.dropping(prefix: "\\") ?? key
        if table.areHostnames {
            let name = ServerName(plain)
            if case .exact = name {
            } else {
                table.wildcards.append((name, row))
                return
            }
        }
        if table.exact[plain.lowercased] == nil { table.exact[plain.lowercased] = row }
    }

    private mutating func readGeo(_ block: NginxDirective) {
        let words = block.arguments
        guard let name = variableName(words.last) else { return }
        let index = parts.geos.count
        parts.variables.define(name, as: .geo(index), isCacheable: true)
        var table = GeoTable(
            subject: words.count > 1 ? words.first.map { complex($0.text) } : nil, source: block.location)
        let rows = block.children ?? []
        let areSpans = rows.contains { $0.name.text == "ranges" && $0.arguments.isEmpty }
        for row in rows {
            guard let value = row.arguments.first?.text else { continue }
            switch row.name.text {
            case "default": table.defaultValue = value
            case "proxy", "proxy_recursive", "delete", "include": table.isIncomplete = true
            default:
                if areSpans {
                    let (first, last) = row.name.text.splitOnce(at: UInt8(ascii: "-"))
                    guard let low = IPAddress(first.latin1), let high = IPAddress((last ?? first).latin1) else {
                        continue
                    }
                    table.spans.append(.init(first: low.low, last: high.low, value: value))
                } else if let range = AddressRange(row.name.text) {
                    table.rows.append(.init(range: range, value: value))
                }
            }
        }
        parts.geos.append(table)
    }

    private mutating func readSplitClients(_ block: NginxDirective) {
        guard let subject = block.arguments.first?.text, let name = variableName(block.arguments.dropFirst().first)
        else { return }
        let index = parts.splits.count
        parts.variables.define(name, as: .splitClients(index), isCacheable: true)
        var table = SplitClientsTable(subject: complex(subject), source: block.location)
        var sum: UInt64 = 0
        for row in block.children ?? [] {
            guard let value = row.arguments.first?.text else { continue }
            guard let percent = row.name.text.latin1.split(separator: "%").first, row.name.text.hasSuffix("%") else {
                table.shares.append((nil, value))
                continue
            }
            let parts = percent.split(separator: ".", omittingEmptySubsequences: false)
            let fraction = parts.count > 1 ? String(parts[1].prefix(2)) : ""
            let hundredths = min(UInt64(parts[0]) ?? 0, 100) * 100 + (UInt64((fraction + "00").prefix(2)) ?? 0)
            sum += min(hundredths, 10_000)
            let end = sum * 0xFFFF_FFFF / 10_000
            table.shares.append((UInt32(truncatingIfNeeded: end), value))
        }
        parts.splits.append(table)
    }

    private mutating func readZone(_ directive: NginxDirective, isRate: Bool) {
        var zone = LimitZone(
            name: "", key: complex(directive.arguments.first?.text ?? ""), rate: 1000, source: directive.location)
        for word in directive.arguments.dropFirst() {
            if let rest = word.text.dropping(prefix: "zone=") {
                zone.name = rest.splitOnce(at: UInt8(ascii: ":")).0
            } else if let rest = word.text.dropping(prefix: "rate=") {
                let isPerMinute = rest.hasSuffix("r/m")
                let number = rest.latin1.split(separator: "r").first.flatMap { Int64($0) } ?? 1
                zone.rate = min(number, 1_000_000_000) * 1000 / (isPerMinute ? 60 : 1)
            }
        }
        if isRate { parts.requestZones.append(zone) } else { parts.connectionZones.append(zone) }
    }
}
