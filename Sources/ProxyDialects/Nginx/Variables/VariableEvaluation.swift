import HTTPWire
import ProxyModel
import WireBasics

extension RequestProcessing {
    /// The text that a value with variables comes to now.
    mutating func evaluate(_ value: ComplexValue) -> ByteString {
        if let constant = value.constant { return constant }
        guard readsCaptures(value) else { return write(value) }
        let length = write(value).count
        let text = write(value)
        if text.count > length {
            unmodelled(
                "\"\(value.written)\" holds a group of a regular expression and a map that matches another one: nginx writes more than it has made room for, and answers 500 since 1.31.3 (and where the mend was carried back)",
                nil, mend: "put the group into a variable with `set` first")
        }
        return text
    }

    private mutating func write(_ value: ComplexValue) -> ByteString {
        var out: [UInt8] = []
        for part in value.parts {
            switch part {
            case .text(let text): out += text.bytes
            case .variable(let id): out += (self.value(of: id) ?? "").bytes
            case .capture(let group): out += (request.captures?[group] ?? "").bytes
            case .startOfArguments: out.append(UInt8(ascii: "?"))
            }
        }
        return ByteString(out)
    }

    /// Asks for the variables of a text, as nginx does to learn its length before it writes it.
    ///
    /// A map among them may match a regular expression, and what was captured before is then gone when the text is
    /// written.
    /// Source: nginx `ngx_http_complex_value`, the `lengths` of `ngx_http_script`.
    mutating func askForVariables(of value: ComplexValue) {
        for id in value.variables { _ = self.value(of: id) }
    }

    /// Whether a text depends on which regular expression matched last.
    func readsCaptures(_ value: ComplexValue) -> Bool {
        value.parts.contains { part in
            switch part {
            case .capture: true
            case .variable(let id): if case .assigned = configuration.variables[id].kind { true } else { false }
            case .text, .startOfArguments: false
            }
        }
    }

    /// The value of a variable; nil when there is none.
    ///
    /// Source: nginx `ngx_http_get_flushed_variable`: what is cacheable is asked for once a request.
    mutating func value(of id: VariableID) -> ByteString? {
        if case .known(let value) = connection.variables[id.index] { return value }
        let definition = configuration.variables[id]
        let value = compute(definition, id)
        if definition.isCacheable, !isBeingComputed(id) { connection.variables[id.index] = .known(value) }
        return value
    }

    /// The value of a variable of that name, for uses that no configuration names.
    mutating func value(named name: ByteString) -> ByteString? {
        if let id = configuration.variables.existing(name) { return value(of: id) }
        return compute(.init(name: name, kind: .builtIn(name), isCacheable: false), nil)
    }

    /// Gives a variable a value: `set`, a named group.
    mutating func assign(_ value: ByteString?, to id: VariableID) {
        switch configuration.variables[id].kind {
        case .request(.arguments): request.arguments = value ?? ""
        case .request: break
        default: connection.variables[id.index] = .known(value)
        }
    }

    /// Notes the groups of a regular expression that matched.
    mutating func take(_ captures: (RegexWithNames, PCRE2Match)?) {
        guard let (regex, match) = captures else { return }
        request.captures = match
        for (group, variable) in regex.variables { assign(match[group] ?? "", to: variable) }
    }

    private func isBeingComputed(_ id: VariableID) -> Bool {
        variableDepth.contains(id)
    }

    private mutating func compute(_ definition: VariableTable.Definition, _ id: VariableID?) -> ByteString? {
        switch definition.kind {
        case .request(let variable): return builtIn(variable)
        case .prefixed(let prefix, let rest): return prefixed(prefix, rest)
        case .map(let index): return mapped(configuration.maps[index], id)
        case .geo(let index):
            let table = configuration.geos[index]
            if table.isIncomplete {
                unmodelled("the geo block has lines that are not modelled", table.source)
            }
            let address = table.subject.map { evaluate($0) }.map { IPAddress($0.latin1) } ?? request.remoteAddress
            return table.value(for: address)
        case .splitClients(let index):
            let table = configuration.splits[index]
            let text = evaluate(table.subject)
            return table.value(for: text)
        case .assigned: return ""
        case .unmodelled:
            unmodelled("the variable $\(definition.name) is not modelled and taken for empty", nil)
            return nil
        case .unknown: return nil
        }
    }

    private mutating func mapped(_ table: MapTable, _ id: VariableID?) -> ByteString? {
        if let id {
            // A map that leads back to itself: nginx stops with an empty value.
            guard variableDepth.count < 100, !variableDepth.contains(id) else { return nil }
            variableDepth.append(id)
        }
        defer { if id != nil { variableDepth.removeLast() } }
        let subject = evaluate(table.subject)
        do {
            guard let (row, captures) = try table.row(for: subject) else { return "" }
            take(captures)
            let value = evaluate(row.value)
            trace(
                "rewrite",
                "map $\(configuration.variables[table.variable].name): \"\(subject)\" takes the row \"\(row.key)\", value \"\(value)\"",
                row.source)
            return value
        } catch {
            unmodelled("a regular expression of the map ran into a limit: \(error.message)", table.source)
            return nil
        }
    }

    private mutating func prefixed(_ prefix: VariablePrefix, _ rest: ByteString) -> ByteString? {
        switch prefix {
        case .header: return joined(request.headers.filter { Self.isVariableName(rest, $0.name) }.map(\.value), rest)
        case .sentHeader:
            return joined(request.answer.sent.filter { Self.isVariableName(rest, $0.name) }.map(\.value), rest)
        case .upstreamHeader:
            guard let head = request.exchange?.head else { return nil }
            return joined(head.headers.filter { Self.isVariableName(rest, $0.name) }.map(\.value), rest)
        case .cookie: return cookie(rest)
        case .argument: return argument(rest)
        case .upstreamCookie:
            guard let head = request.exchange?.head else { return nil }
            return head.headers.lazy.filter { $0.name.equalsIgnoringCase("Set-Cookie") }
                .compactMap { Self.setCookie($0.value, named: rest) }.first
        case .sentTrailer, .upstreamTrailer:
            unmodelled("trailers in variables are not modelled and taken for empty", nil)
            return nil
        }
    }

    /// One value of several lines: the first before 1.23.0, all of them since.
    private func joined(_ values: [ByteString], _ name: ByteString) -> ByteString? {
        guard let first = values.first else { return nil }
        guard configuration.behaviour.joinsRepeatedHeaders else { return first }
        return values.dropFirst().reduce(first) { $0 + ", " + $1 }
    }

    /// Whether `$http_x_y` means the header `X-Y`: dashes stand as underscores.
    private static func isVariableName(_ variable: ByteString, _ header: ByteString) -> Bool {
        guard variable.count == header.count else { return false }
        return zip(variable.bytes, header.bytes).allSatisfy { own, other in
            own == (other == UInt8(ascii: "-") ? UInt8(ascii: "_") : other.asciiLowercased)
        }
    }

    /// Source: nginx `ngx_http_arg`.
    private func argument(_ name: ByteString) -> ByteString? {
        for pair in request.arguments.bytes.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false) {
            let (key, value) = ByteString(pair).splitOnce(at: UInt8(ascii: "="))
            if let value, key.equalsIgnoringCase(name) { return value }
        }
        return nil
    }

    /// Source: nginx `ngx_http_parse_multi_header_lines`.
    private func cookie(_ name: ByteString) -> ByteString? {
        for field in request.headers where field.name.equalsIgnoringCase("Cookie") {
            let commaSplits = !configuration.behaviour.splitsCookiesAtSemicolonOnly
            let parts = field.value.bytes.split(omittingEmptySubsequences: false) {
                $0 == UInt8(ascii: ";") || (commaSplits && $0 == UInt8(ascii: ","))
            }
            for part in parts {
                let text = ByteString(part.drop { $0 == 32 })
                guard text.hasPrefixIgnoringCase(name) else { continue }
                var rest = text.bytes.dropFirst(name.count).drop { $0 == 32 }
                guard rest.first == UInt8(ascii: "=") else { continue }
                rest = rest.dropFirst().drop { $0 == 32 }
                return ByteString(rest)
            }
        }
        return nil
    }

    private static func setCookie(_ value: ByteString, named name: ByteString) -> ByteString? {
        guard value.hasPrefixIgnoringCase(name) else { return nil }
        let rest = value.bytes.dropFirst(name.count).drop { $0 == 32 }
        guard rest.first == UInt8(ascii: "=") else { return nil }
        return ByteString(rest.dropFirst().drop { $0 == 32 }.prefix { $0 != UInt8(ascii: ";") })
    }
}
