import ProxyModel

/// Every directive with what the model does with it, printed from the table that the model itself reads.
enum DirectivePage {
    static let page = ReferencePage(name: "directives", text: text)

    private static var text: String {
        var text = """
            # nginx's directives, and what the model does with them

            Every directive of nginx \(NginxVersion.oldest) to \(NginxVersion.newest) as its packages build it is read and checked as `nginx -t` checks it:
            contexts, number and form of arguments, messages. What it does to an exchange is

            - **modelled**: as nginx does it;
            - **harmless**: it cannot change what reaches the upstream, what the client gets, or when a tunnel ends, as far as wsreplay says anything
              about that;
            - **not modelled**: it could. A verdict that could depend on the line is `inconclusive` and names it. Switched `off`, it counts for nothing.

            Directives of NGINX Plus, of njs and of other modules that are no part of nginx are refused, as nginx refuses them.

            This page is what `wsreplay describe directives` prints.


            """
        for family in NginxDirectiveTable.families {
            var table = MarkdownTable("directive", "stands in", "releases", "the model", "why")
            for row in family.rows.sorted(by: order) {
                table.add(
                    "`\(row.name)`", row.contexts.names.joined(separator: ", "), row.releases,
                    row.treatment == .notModelled ? "**not modelled**" : row.treatment.rawValue, row.reason)
            }
            text += "## \(family.title)\n\n" + (family.remark.isEmpty ? "" : family.remark + "\n\n") + table.text + "\n"
        }
        text.removeLast()
        return text
    }

    /// By name, and rows of one name as the table has them: older releases first.
    private static func order(_ left: NginxDirectiveRow, _ right: NginxDirectiveRow) -> Bool {
        (left.name, left.since ?? .oldest) < (right.name, right.since ?? .oldest)
    }
}

extension NginxDirectiveRow {
    /// Which of the modelled releases have it; empty for all.
    fileprivate var releases: String {
        switch (since, before) {
        case (nil, nil): ""
        case (let since?, nil): "since \(since)"
        case (nil, let before?): "before \(before)"
        case (let since?, let before?): "\(since) until \(before)"
        }
    }
}
