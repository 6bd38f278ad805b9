import WireBasics

extension KnownServer {
    /// What each known server looks for.
    public static let page = ReferencePage(name: "servers", text: pageText)

    private static var pageText: String {
        var text = """
            # Servers that can be the judge

            `--backend NAME`, and `answer: NAME` under a case's `backends`, take one of these as the server behind the proxy: what the proxy has
            made of a handshake is then judged as that server does. It makes its checks in this order, and the first that fails answers. Where all
            hold, it answers as in the capture. *Observed* servers were asked over a socket; of the others the source was read.

            This page is what `wsreplay describe servers` prints.


            """
        for server in all {
            var table = MarkdownTable("it asks that", "else it answers", "with the words")
            for check in server.checks {
                table.add(
                    check.rule.words, check.status.map(String.init) ?? "nothing, and closes",
                    check.words.isEmpty ? "" : "`\(check.words)`")
            }
            text +=
                "## `\(server.name)`\n\n\(server.title), \(server.evidence.rawValue == "source" ? "from its source" : "observed").\n\n"
            text += table.text + "\n"
        }
        return text.trimmingSuffix("\n") + "\n"
    }
}

extension HandshakeRule {
    /// The rule in words.
    fileprivate var words: String {
        switch self {
        case .methodIsGET: "the method is `GET`"
        case .isHTTP11: "the request is HTTP/1.1"
        case .asksForUpgrade: "there are `Upgrade` and `Connection: upgrade`"
        case .upgradeHoldsWebSocket: "a line of `Upgrade` holds `websocket`"
        case .upgradeBeginsWithWebSocket: "the first line of `Upgrade` is `websocket`"
        case .upgradeIsWebSocket: "`Upgrade` is one line, `websocket`"
        case .connectionHoldsUpgrade: "`Connection` holds `upgrade`"
        case .hasKey: "there is a `Sec-WebSocket-Key`"
        case .versionIsOneOf(let versions):
            "`Sec-WebSocket-Version` is \(versions.map(\.description).joined(separator: " or "))"
        case .originIsHost: "`Origin`, where there is one, names the host in `Host`"
        case .originIsOwn: "`Origin` is the scheme in `X-Forwarded-Proto` with the host in `Host`"
        }
    }
}

extension String {
    fileprivate func trimmingSuffix(_ suffix: Character) -> String {
        var text = self
        while text.last == suffix { text.removeLast() }
        return text
    }
}
