import ProxyModel
import WireBasics

/// Walks a configuration in nginx's order and complains where nginx would.
///
/// A directive's own checks fire when it is read, a block's when it closes, the rest when `http` closes and when the
/// whole file is read. Behind nginx's first complaint the walk goes on, for the reader's sake.
/// Source: `ngx_conf_handler` in `src/core/ngx_conf_file.c`, `ngx_http_block` in `src/http/ngx_http.c`.
struct NginxChecker {
    let version: NginxVersion
    var complaints: NginxComplaints
    /// Directives that the model knows of and does not model.
    var unmodelled: [NginxDirective] = []

    var settings: [NginxSettings] = []
    var locations: [NginxLocationNode] = []
    var servers: [NginxServerEntry] = []
    var upstreams: [NginxUpstreamEntry] = []
    var listeners = NginxListenerTable()
    var variables: NginxVariableTable
    var zones: [NginxZone] = []
    var logFormats: Set<ByteString> = ["combined"]
    /// What `load_module` loads, and whether an `include` that found nothing may have loaded more.
    var loadedModules: [String] = []
    var assumesModules = false
    /// Whether something is missing that may hold what is not found: a file, the rest of a statement.
    var isIncomplete = false
    /// Whether a proxy_pass names its upstream by a variable.
    var hasVariablePass = false
    /// What `worker_connections` says.
    var workerConnections: (number: Int, place: ConfigLocation)?

    /// A checker for a configuration that begins in that file.
    init(file: String, version: NginxVersion) {
        self.version = version
        complaints = NginxComplaints(file: file)
        variables = NginxVariableTable(version: version)
        settings = [NginxSettings()]
    }

    /// Checks what stands in a block and gives its directives, includes carried out.
    mutating func check(_ items: [NginxSource.Item], in scope: NginxScope) -> [NginxDirective] {
        var out: [NginxDirective] = []
        for item in items {
            switch item {
            case .directive(let statement): out += check(statement, in: scope)
            case .include(let statement, let files):
                if files.isEmpty, statement.words[1].text.latin1.contains("modules") { assumesModules = true }
                for file in files { out += check(file.items, in: scope) }
            case .failure(let failure): out += check(failure, in: scope)
            }
        }
        return out
    }

    /// Checks one statement.
    ///
    /// It is several directives where a `;` is missing.
    mutating func check(_ statement: NginxSource.Statement, in scope: NginxScope) -> [NginxDirective] {
        let pieces = MissingSemicolon.pieces(of: statement, in: scope.context, version)
        guard pieces.count > 1 else { return checkWhole(statement, in: scope) }
        let before = self
        let directives = checkWhole(statement, in: scope)
        let text = MissingSemicolon.text(pieces)
        guard complaints.problems.count > before.complaints.problems.count else {
            complaints.findings.append(text.finding)
            return directives
        }
        // The first complaint is nginx's; what else it found in the swallowed words is no news.
        let first = complaints.problems[before.complaints.problems.count]
        self = before
        var complaint = NginxComplaint(first.message, why: text.why, mend: text.mend)
        complaint.place = text.place
        complaints.stop(complaint, at: statement.end)
        return pieces.flatMap { checkWhole($0, in: scope) }
    }

    private mutating func checkWhole(_ statement: NginxSource.Statement, in scope: NginxScope) -> [NginxDirective] {
        guard let name = statement.words.first else { return [] }
        do throws(NginxComplaint) {
            let row = try row(for: statement, name, in: scope)
            return try check(statement, row, in: scope).map { [$0] } ?? []
        } catch {
            complaints.stop(error, at: statement.end)
            defineAnyway(statement)
            return []
        }
    }

    /// A variable whose directive is wrong is not unknown as well.
    private mutating func defineAnyway(_ statement: NginxSource.Statement) {
        let places: [ByteString: Int] = [
            "map": 2, "split_clients": 2, "geo": statement.words.count - 1, "set": 1, "auth_request_set": 1,
        ]
        guard let name = statement.words.first, let place = places[name.text],
            statement.words.indices.contains(place), let variable = statement.words[place].text.removing(prefix: "$")
        else { return }
        // What nginx would say against the name is no news behind the first complaint.
        try? variables.define(variable, in: statement.words[place])
    }

    /// The row that nginx would take, after its own checks of place, braces and number of arguments.
    private func row(
        for statement: NginxSource.Statement, _ name: NginxWord, in scope: NginxScope
    )
        throws(NginxComplaint) -> NginxDirectiveRow
    {
        let rows = NginxDirectiveTable.rows(name.text, in: version)
        if let module = NginxDirectiveTable.separateModule(of: name.text), !assumesModules,
            !loadedModules.contains(where: { $0.contains(module) })
        {
            throw NginxComplaint(
                "unknown directive \"\(name.text)\"", name, why: "it belongs to \(module), which must be loaded",
                mend: "put at the top of the file: load_module modules/\(module).so;")
        }
        guard let row = rows.first(where: { !$0.contexts.isDisjoint(with: scope.context) }) else {
            if rows.isEmpty { throw NginxMends.unknownDirective(statement, in: scope.context, version) }
            throw NginxMends.notAllowedHere(name, rows, in: scope.context)
        }
        if !row.isBlock, statement.body != nil {
            throw NginxComplaint(
                "directive \"\(name.text)\" is not terminated by \";\"", name,
                why: "\(name.text) has no block", mend: "end it with a \";\" before the \"{\"")
        }
        if row.isBlock, statement.body == nil {
            throw NginxComplaint(
                "directive \"\(name.text)\" has no opening \"{\"", name,
                why: "\(name.text) is a block", mend: "write \(name.text) … { … }")
        }
        let count = statement.words.count - 1
        guard row.arguments.allows(count) else {
            throw NginxMends.numberOfArguments(statement, row)
        }
        return row
    }

    /// Carries out one directive: its arguments, then its block.
    private mutating func check(
        _ statement: NginxSource.Statement, _ row: NginxDirectiveRow, in scope: NginxScope
    )
        throws(NginxComplaint) -> NginxDirective?
    {
        guard let name = statement.words.first else { return nil }
        var directive = NginxDirective(
            name: name, arguments: Array(statement.words.dropFirst()), children: nil, end: statement.end,
            close: statement.close)
        if row.isBlock {
            directive.children = try checkBlock(statement, row, in: scope)
        } else {
            if row.value == .include { return nil }
            try checkValue(statement, row, in: scope)
        }
        let isOff = directive.arguments.count == 1 && directive.arguments[0].text == "off"
        if row.treatment == .notModelled, !isOff { unmodelled.append(directive) }
        return directive
    }

    /// What to do where nginx would stop reading.
    private mutating func check(_ failure: NginxSource.Failure, in scope: NginxScope) -> [NginxDirective] {
        let complaint = NginxMends.failure(failure)
        if failure.message.hasPrefix("open()") || !failure.words.isEmpty { isIncomplete = true }
        let end = failure.location ?? ConfigLocation(file: complaints.file, line: 0)
        complaints.stop(complaint, at: end)
        guard failure.message == "unexpected \"}\"" || failure.message.hasPrefix("unexpected end of file"),
            !failure.words.isEmpty
        else { return [] }
        // The statement lacks nothing but its `;`: what it says still counts.
        isIncomplete = false
        let statement = NginxSource.Statement(words: failure.words, end: end, body: nil, close: nil)
        return check(statement, in: scope)
    }
}
