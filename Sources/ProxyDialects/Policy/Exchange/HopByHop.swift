import HTTPWire
import ProxyModel
import WireBasics

/// Fields that concern one connection only (RFC 9110 §7.6.1).
///
/// `Transfer-Encoding` is not among them here: bodies are copied as they are framed.
enum HopByHop {
    private static let names: [ByteString] = ["Connection", "Proxy-Connection", "Keep-Alive", "TE", "Upgrade"]

    /// Whether a field of these concerns their connection only.
    static func concerns(_ name: ByteString, in fields: HeaderFields) -> Bool {
        names.contains { $0.equalsIgnoringCase(name) } || fields.hasToken(name, in: FieldName.connection)
    }
}

extension HeaderLines {
    /// Treats the fields of one connection as a route says.
    ///
    /// - Parameter switches: whether the message still asks for, or agrees to, a switch of the protocol.
    mutating func treatHopByHop(_ treatment: Treatment, switches: Bool, of route: String) {
        let fields = fields
        let asked = fields.contains(FieldName.upgrade)
        let upgradeBecause = Explanation(
            because: treatment.upgrade.value == .never
                ? "route \(route) never passes Upgrade on"
                : "route \(route) passes Upgrade on only where it asks for websocket, with upgrade in Connection",
            source: treatment.upgrade.source,
            mend: treatment.upgrade.value == .never ? "write `upgrade: websocket` in route \(route)" : "")
        if !switches { remove(upgradeBecause) { $0.name.equalsIgnoringCase(FieldName.upgrade) } }
        if treatment.hopByHop.value == .remove {
            let because = Explanation(
                because: "it concerns one connection only (RFC 9110 §7.6.1), and an intermediary removes it",
                source: treatment.hopByHop.source)
            remove(because) { field in
                let isKept = switches && asked && field.name.equalsIgnoringCase(FieldName.upgrade)
                return !isKept && !(switches && field.name.equalsIgnoringCase(FieldName.connection))
                    && HopByHop.concerns(field.name, in: fields)
            }
            if switches, asked {
                let because = Explanation(
                    because: "Upgrade is passed on, which takes a Connection that names it (RFC 9110 §7.8)",
                    source: treatment.upgrade.source)
                set(FieldName.connection, to: "Upgrade", origin: .default, because)
            }
        }
    }
}
