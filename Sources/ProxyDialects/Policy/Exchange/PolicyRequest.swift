import HTTPWire
import ProxyModel
import WireBasics

extension PolicyRoute {
    /// Whether a request to switch the protocol gets through to the upstream.
    func passesUpgrade(of facts: RequestFacts) -> Bool {
        switch treatment.upgrade.value {
        case .websocket: facts.asksForWebSocket
        case .forward: facts.asksForUpgrade
        case .never: false
        case .always: true
        }
    }

    /// What the upstream gets.
    func upstreamRequest(for facts: RequestFacts) -> OutgoingRequest {
        var lines = HeaderLines(facts.head.headers, from: .client)
        filterOffers(&lines)
        lines.treatHopByHop(treatment, switches: passesUpgrade(of: facts), of: name)
        if treatment.upgrade.value == .always, !facts.asksForWebSocket {
            let because = Explanation(
                because: "route \(name) asks for WebSocket whatever the client asks for",
                source: treatment.upgrade.source)
            lines.set(FieldName.upgrade, to: "websocket", origin: .directive, because)
            lines.set(FieldName.connection, to: "Upgrade", origin: .directive, because)
        }
        lines.apply(treatment.request, of: name, for: facts)
        if treatment.nameCase.value == .lower { lines.lowerNames() }
        let version = treatment.version
        let head = RequestHead(
            method: facts.head.method, target: target(for: facts), version: ByteString(version.value.rawValue),
            headers: lines.fields)
        return OutgoingRequest(
            head: head, headers: lines.lines, lost: lines.lost,
            version: Explanation(
                because: "route \(name) speaks \(version.value.rawValue) to its upstream", source: version.source),
            target: Explanation(
                because: treatment.rewrite == nil ? "the target is passed on" : "route \(name) rewrites the path",
                source: treatment.rewrite?.source))
    }

    /// Leaves only those subprotocols and extensions in a handshake that the route allows.
    private func filterOffers(_ lines: inout HeaderLines) {
        for (name, setting) in [
            (FieldName.secWebSocketProtocol, treatment.subprotocols),
            (FieldName.secWebSocketExtensions, treatment.extensions),
        ] {
            guard let setting, lines.fields.contains(name) else { continue }
            let offers = lines.fields.listMembers(name)
            let allowed = offers.filter { offer in
                let token = (HeaderFields.split(offer, at: UInt8(ascii: ";")).first ?? offer).trimmingWhitespace
                return setting.value.contains { $0.equalsIgnoringCase(token) }
            }
            guard allowed.count < offers.count else { continue }
            let because = Explanation(
                because:
                    "route \(self.name) allows \(setting.value.isEmpty ? "none" : "only \(Self.list(setting.value))")",
                source: setting.source, mend: "add what is needed to its `allow`")
            if allowed.isEmpty {
                lines.remove(because) { $0.name.equalsIgnoringCase(name) }
            } else {
                lines.set(
                    name, to: ByteString(allowed.map(\.bytes).joined(separator: [44, 32])), origin: .directive, because)
            }
        }
    }

    private static func list(_ names: [ByteString]) -> String {
        names.map { VisibleText.escape($0.latin1) }.joined(separator: ", ")
    }

    private func target(for facts: RequestFacts) -> ByteString {
        let path: ByteString =
            switch treatment.rewrite?.value {
            case nil: facts.path
            case .prefix(let from, let to): Self.replacing(from, with: to, in: facts.path)
            case .set(let template): template.value(for: facts)
            }
        return facts.query.map { path + "?" + $0 } ?? path
    }

    /// Whole segments only: `/ws` is a prefix of `/ws/room`, not of `/wsdl`.
    private static func replacing(_ prefix: ByteString, with other: ByteString, in path: ByteString) -> ByteString {
        guard path.hasPrefix(prefix) else { return path }
        let rest = ByteString(path.bytes.dropFirst(prefix.count))
        guard rest.isEmpty || rest.hasPrefix("/") || prefix.hasSuffix("/") || prefix.isEmpty else { return path }
        let seam = other.hasSuffix("/") && rest.hasPrefix("/") ? ByteString(rest.bytes.dropFirst()) : rest
        let joined = other + seam
        return joined.hasPrefix("/") ? joined : "/" + joined
    }
}
