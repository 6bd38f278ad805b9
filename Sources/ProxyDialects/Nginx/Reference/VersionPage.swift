import ProxyModel

/// What differs between releases, printed from the table of switches.
enum VersionPage {
    static let page = ReferencePage(name: "versions", text: text)

    private static var text: String {
        var switches = MarkdownTable("since", "what is different")
        for change in NginxChange.allCases { switches.add(change.release.description, change.what) }
        var passedOver = MarkdownTable("release", "what changed", "why it makes no difference here")
        for change in PassedOverChange.all { passedOver.add(change.release.description, change.what, change.why) }
        return """
            # nginx's releases, and what differs between them

            \(NginxVersion.oldest) to \(NginxVersion.newest) are modelled. The release is the one that `--proxy-version` names, else the one that a captured
            `Server: nginx/…` names, else \(NginxVersion.newestStable), the newest stable one that was measured against a real one. Distributions carry mends
            back: their \(NginxVersion(1, 22, 1)) is not nginx's in every byte.

            ## Switches

            Each is a named switch of the model, from nginx's change log and the commits behind it.
            Directives that a release brought or took are in [directives.md](directives.md).

            \(switches.text)
            ## Looked at, and passed over

            Changes that touch the same places and make no difference to what wsreplay says, and the few that are not told apart.

            \(passedOver.text)
            This page is what `wsreplay describe versions` prints.

            """
    }
}
