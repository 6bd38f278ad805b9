import WireBasics

/// One directive of a configuration file: `name argument…;` or `name argument… { … }`.
///
/// `include` is already carried out: the directives of the included file stand in its place, with their own locations.
/// For `map`, `geo`, `split_clients`, `types` and `charset_map` the children are the rows, the first word as the name.
struct NginxDirective: Hashable, Sendable {
    /// The first word, with its own place: where the directive begins.
    var name: NginxWord
    /// The words after it.
    var arguments: [NginxWord]
    /// The directives inside the braces; nil for a simple directive.
    var children: [NginxDirective]?
    /// The place of the `;` or `{`: where nginx notices a directive, and the line that its messages name.
    var end: ConfigLocation
    /// The place of the closing `}`; nil for a simple directive.
    var close: ConfigLocation?

    /// Where the directive begins: the place that our own reports name.
    var location: ConfigLocation { name.location }

    /// The first child of that name.
    func child(_ name: ByteString) -> NginxDirective? {
        children?.first { $0.name.text == name }
    }

    /// All children of that name, in order.
    func children(_ name: ByteString) -> [NginxDirective] {
        children?.filter { $0.name.text == name } ?? []
    }
}

/// One word: quotes taken off, backslash escapes resolved as nginx resolves them.
struct NginxWord: Hashable, Sendable {
    /// The word's bytes.
    var text: ByteString
    /// Whether it stood in quotes: a quoted `"{"` is no block.
    var isQuoted: Bool
    /// Where it begins.
    var location: ConfigLocation
}

/// A whole configuration that `nginx -t` would accept.
struct NginxSyntaxTree: Hashable, Sendable {
    /// The main file, as the user named it.
    var file: String
    /// The directives of the main context, includes carried out.
    var directives: [NginxDirective]
    /// Directives that the model knows of and does not model, and that could matter to an exchange.
    var unmodelled: [NginxDirective]
    /// What `nginx -t` would warn of, in its own words: `conflicting server name "a.test" on …, ignored`.
    var warnings: [String]
    /// What nginx accepts and a reader should know: a port that looks cut, a name that only DNS can resolve.
    var findings: [Finding]
    /// What `nginx -t` prints, line by line.
    var output: [String] = []
}
