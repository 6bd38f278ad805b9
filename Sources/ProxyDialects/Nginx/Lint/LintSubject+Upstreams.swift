import ProxyModel
import WireBasics

extension LintSubject {
    /// The names, not addresses, that a place's handshakes are passed to, each with its line.
    func names(behind place: LintedPlace) -> [(name: String, source: ConfigLocation)] {
        guard let written = group(of: place), let pass = settings(of: place).proxy.pass else { return [] }
        guard let block = written.block else {
            return Self.name(written.name).map { [($0, pass.source)] } ?? []
        }
        // A server that is looked up again and again says so.
        return block.children("server").filter { line in !line.arguments.contains { $0.text == "resolve" } }
            .compactMap { line in
                guard let word = line.arguments.first?.text, !word.hasPrefix("unix:") else { return nil }
                return Self.name(word.splitOnce(at: UInt8(ascii: ":")).0).map { ($0, line.location) }
            }
    }

    private static func name(_ host: ByteString) -> String? {
        let text = host.latin1
        guard !text.hasPrefix("["), !text.hasPrefix("unix:"), IPAddress(text) == nil else { return nil }
        return VisibleText.escape(text.lowercased())
    }
}
