import HTTPWire
import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Why a header line of the client does not reach the upstream as it was; nil where it does after all.
    ///
    /// This is where the commonest faults of WebSocket configurations are named: nothing forwards `Upgrade`, a line of
    /// the location cancels those above it, the HTTP version is missing.
    func whyLost(_ field: HeaderField, _ sent: [OutgoingHeader]) -> Explanation? {
        let same = sent.filter { $0.field.name.equalsIgnoringCase(field.name) }
        if same.contains(where: { $0.field.value == field.value }) { return nil }
        let lines = settings.proxy.setHeaders
        if let line = lines.lines.last(where: { $0.name.equalsIgnoringCase(field.name) }) {
            return whyReplaced(field, by: line, same.first)
        }
        if let cancelled = lines.cancelled.first(where: { $0.name.equalsIgnoringCase(field.name) }) {
            return whyCancelled(field, cancelled, same.first)
        }
        if let misspelt = lines.lines.first(where: { $0.name.equalsIgnoringCase(field.name + ":") }) {
            return Explanation(
                because:
                    "proxy_set_header \(misspelt.name) sets a header of that name, colon included, and not \(field.name)",
                source: misspelt.source,
                mend: "take the colon out: `proxy_set_header \(field.name) \(written(misspelt.value));`")
        }
        if let own = same.first {
            return Explanation(
                because: "nginx sends its own \(field.name), \"\(own.field.value)\", unless proxy_set_header names it",
                source: settings.proxy.pass?.source, mend: mend(for: field.name))
        }
        return Explanation(
            because:
                "nginx does not pass \(field.name) on: it is a matter of one hop, and no proxy_set_header names it",
            source: settings.proxy.pass?.source, mend: mend(for: field.name))
    }

    /// A line in force names the header and gives it another value, or none.
    private func whyReplaced(_ field: HeaderField, by line: SetHeader, _ sent: OutgoingHeader?) -> Explanation {
        guard let sent else {
            return Explanation(
                because:
                    "the value of proxy_set_header \(line.name) \"\(line.value.written)\" comes out empty, so nothing is sent\(whyValue(of: line))",
                source: line.source, mend: mend(for: field.name, insteadOf: line))
        }
        // Another value is what such a line is for; it is to be mended only where it costs the handshake, or the port
        // that servers compare with the Origin's.
        let token: ByteString? =
            switch field.name.lowercased {
            case "upgrade": "websocket"
            case "connection": "upgrade"
            default: nil
            }
        let losesPort =
            field.name.equalsIgnoringCase("Host") && field.value.hasPrefix(sent.field.value + ":")
        let isFine = losesPort ? false : token.map { HeaderFields([sent.field]).hasToken($0, in: field.name) } ?? true
        return Explanation(
            because:
                "proxy_set_header \(line.name) puts \"\(sent.field.value)\" in the place of what the client sent\(isFine ? "" : whyValue(of: line))",
            source: line.source, mend: isFine ? "" : mend(for: field.name, insteadOf: line))
    }

    /// Continues a sentence where the value of a line comes from a `map`: the fault is there and not in the line.
    private func whyValue(of line: SetHeader) -> String {
        guard let map = map(behind: line.value) else { return "" }
        return "; `\(line.value.written)` comes from the map at \(map.source)"
    }

    /// The map that alone makes a value.
    private func map(behind value: ComplexValue) -> MapTable? {
        map(behind: value.written)
    }

    /// What to write where a line is there and has the wrong value: who has written the recipe's line already must mend
    /// what stands behind its variable.
    private func mend(for name: ByteString, insteadOf line: SetHeader) -> String {
        guard name.equalsIgnoringCase("Connection"),
            line.value.written.equalsIgnoringCase("$connection_upgrade")
                || line.value.written.equalsIgnoringCase("${connection_upgrade}")
        else { return mend(for: name) }
        let isMap = map(behind: "$connection_upgrade") != nil
        return isMap
            ? "write its map as `\(Self.recipeMap)`"
            : "take out the `set $connection_upgrade …` in force and write in http `\(Self.recipeMap)`"
    }

    private func map(behind variable: ByteString) -> MapTable? {
        guard let name = variable.dropping(prefix: "$"), let id = configuration.variables.existing(name),
            case .map(let index) = configuration.variables[id].kind
        else { return nil }
        let table = configuration.maps[index]
        // A `set` may have put another value into the same variable.
        var copy = self
        let subject = copy.evaluate(table.subject)
        let found = try? table.row(for: subject)
        let own = found.map { copy.evaluate($0.0.value) } ?? ""
        return own == copy.value(of: id) ?? "" ? table : nil
    }

    private static let recipeMap = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }"

    /// A line of this level, whatever it sets, keeps those of the level above from being inherited.
    private func whyCancelled(_ field: HeaderField, _ line: SetHeader, _ own: OutgoingHeader?) -> Explanation {
        let lines = settings.proxy.setHeaders
        let count = lines.cancelled.count
        let instead = own.map { ", and nginx sends its own \"\($0.field.value)\"" } ?? ""
        return Explanation(
            because:
                "proxy_set_header in \(lines.level) cancels the \(count) line\(count == 1 ? "" : "s") inherited from \(lines.cancelledLevel) (\(line.source.source)), \(field.name) among them\(instead)",
            source: lines.lines.first?.source, mend: "repeat \(repeated(lines.cancelled)) inside \(lines.level)")
    }

    /// The lines of an outer level as they are to be repeated, those of a handshake first.
    private func repeated(_ lines: [SetHeader]) -> String {
        enumerated(lines.map { "`proxy_set_header \($0.name) \(written($0.value));`" })
    }

    private func written(_ value: ComplexValue) -> String {
        value.written.isEmpty || value.written.bytes.contains(32) ? "\"\(value.written)\"" : "\(value.written)"
    }

    /// What to write so that a header arrives; of the lines of the recipe only those that are missing.
    private func mend(for name: ByteString) -> String {
        // Beside the lines that hold already: a line further in would cancel them.
        let lines = settings.proxy.setHeaders
        let place =
            !lines.lines.isEmpty
            ? lines.level : location.title.isEmpty ? "the server" : "location \(location.title)"
        switch name.lowercased {
        case "upgrade":
            var missing = ["`proxy_set_header Upgrade $http_upgrade;`"]
            if httpVersion.value == .http10 { missing.insert("`proxy_http_version 1.1;`", at: 0) }
            if !settings.proxy.setHeaders.lines.contains(where: { $0.name.equalsIgnoringCase("Connection") }) {
                missing.append(connectionLine)
            }
            return "write \(enumerated(missing)) inside \(place)\(mapToAdd(missing))"
        case "connection": return "write \(connectionLine) inside \(place)\(mapToAdd([connectionLine]))"
        case "host": return "write `proxy_set_header Host $http_host;` inside \(place)"
        default: return ""
        }
    }

    private var connectionLine: String { "`proxy_set_header Connection $connection_upgrade;`" }

    /// The map that the recipe's variable needs, where the configuration has none of that name.
    private func mapToAdd(_ lines: [String]) -> String {
        guard lines.contains(connectionLine) else { return "" }
        if let id = configuration.variables.existing("connection_upgrade"),
            case .map = configuration.variables[id].kind
        {
            return ""
        }
        return ", and in http `\(Self.recipeMap)`"
    }

    private func enumerated(_ texts: [String]) -> String {
        guard let last = texts.last, texts.count > 1 else { return texts.first ?? "" }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }
}
