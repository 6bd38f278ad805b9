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
        let inForce = lines.lines.filter { $0.name.equalsIgnoringCase(field.name) }
        if let line = inForce.last {
            guard same.isEmpty else {
                return Explanation(
                    because:
                        "proxy_set_header \(line.name) puts \"\(same[0].field.value)\" in the place of what the client sent",
                    source: line.source)
            }
            return Explanation(
                because: "the value of proxy_set_header \(line.name) \"\(line.value.written)\" comes out empty, so nothing is sent",
                source: line.source, mend: mendFor(field.name))
        }
        if !same.isEmpty {
            return Explanation(
                because: "nginx sends its own \(field.name), \"\(same[0].field.value)\", unless proxy_set_header names it",
                source: settings.proxy.pass?.source, mend: mendFor(field.name))
        }
        if let lostLine = lines.cancelled.first(where: { $0.name.equalsIgnoringCase(field.name) }) {
            let own = lines.lines.first
            let count = lines.cancelled.count
            return Explanation(
                because:
                    "proxy_set_header in \(lines.level) cancels the \(count) line\(count == 1 ? "" : "s") inherited from \(lines.cancelledLevel) (\(lostLine.source.source)), \(field.name) among them",
                source: own?.source, mend: "repeat \(repeated(lines.cancelled)) inside \(lines.level)")
        }
        return Explanation(
            because:
                "nginx does not pass \(field.name) on: it is a matter of one hop, and no proxy_set_header names it",
            source: settings.proxy.pass?.source, mend: mendFor(field.name))
    }

    /// The lines of an outer level as they are to be repeated, those of a handshake first.
    private func repeated(_ lines: [SetHeader]) -> String {
        let texts = lines.map { "`proxy_set_header \($0.name) \(written($0.value));`" }
        guard let last = texts.last, texts.count > 1 else { return texts.first ?? "them" }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }

    private func written(_ value: ComplexValue) -> String {
        value.written.isEmpty || value.written.bytes.contains(32) ? "\"\(value.written)\"" : "\(value.written)"
    }

    private func mendFor(_ name: ByteString) -> String {
        let place = location.title.isEmpty ? "the server" : "location \(location.title)"
        switch name.lowercased {
        case "upgrade":
            return
                "write `proxy_http_version 1.1;`, `proxy_set_header Upgrade $http_upgrade;` and `proxy_set_header Connection $connection_upgrade;` inside \(place)"
        case "connection":
            return
                "write `proxy_set_header Connection $connection_upgrade;` inside \(place), with the map of $http_upgrade in http"
        case "host": return "write `proxy_set_header Host $http_host;` inside \(place)"
        default: return ""
        }
    }
}
