import WireBasics

/// A configuration as it is written: statements in the order in which nginx meets them, included files in place.
///
/// Unlike `NginxSyntaxTree` it also holds what is broken, so that checks can go on behind nginx's first complaint.
struct NginxSource: Hashable {
    /// The main file, as the user named it.
    var file: String
    /// What stands at the top level of the main file.
    var items: [Item]

    /// One thing in a file.
    enum Item: Hashable {
        /// A directive, perhaps with a block.
        case directive(Statement)
        /// An `include` that was carried out, and what it brought.
        case include(Statement, [IncludedFile])
        /// A place where nginx would stop reading.
        case failure(Failure)
    }

    /// `name argument…;` or `name argument… { … }`.
    struct Statement: Hashable {
        /// The words, at least one.
        var words: [NginxWord]
        /// The place of the `;` or `{`.
        var end: ConfigLocation
        /// What stands in the braces; nil where there are none.
        var body: [Item]?
        /// The place of the `}`; nil without a body, or when it never comes.
        var close: ConfigLocation?
    }

    /// One file that an `include` names, perhaps by a pattern.
    struct IncludedFile: Hashable {
        /// Its path, as nginx would name it in messages.
        var path: String
        /// Its content.
        var items: [Item]
    }

    /// A place where nginx would stop reading.
    struct Failure: Hashable {
        /// What nginx says.
        var message: String
        /// The line nginx names, and our column; nil where nginx names none.
        var location: ConfigLocation?
        /// The words of the statement that is broken, as far as they were read.
        var words: [NginxWord] = []
        /// The directive whose block is still open, where that is the trouble.
        var opener: NginxWord?
    }
}
