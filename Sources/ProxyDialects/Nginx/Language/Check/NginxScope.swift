import WireBasics

/// Where a directive stands: the kind of block, and the settings that it writes to.
///
/// nginx keeps three sets of settings (main_conf, srv_conf, loc_conf); each kind of block makes some of them new and
/// shares the others with the block around it. "is duplicate" means: twice in one set.
struct NginxScope: Hashable {
    /// The kind of block.
    var context: NginxContexts
    /// Indices into `NginxChecker.settings`.
    var main: Int
    var srv: Int
    var loc: Int
    /// The index of the location (or server, or `if`) in `NginxChecker.locations`.
    var location = 0
    /// The index into `NginxChecker.servers`.
    var server: Int?
    /// The index into `NginxChecker.upstreams`.
    var upstream: Int?

    /// The set that a directive with that row writes to.
    func settings(of row: NginxDirectiveRow) -> Int {
        let inLocations: NginxContexts = [.location, .serverIf, .locationIf, .limitExcept]
        if !row.contexts.isDisjoint(with: inLocations), row.contexts != .anywhere { return loc }
        let inServers: NginxContexts = [
            .server, .upstream, .streamServer, .streamUpstream, .mailServer,
        ]
        return row.contexts.isDisjoint(with: inServers) ? main : srv
    }
}

/// One set of settings: what was said in it, by directive.
struct NginxSettings {
    /// The first use of each directive: its words.
    var words: [String: [NginxWord]] = [:]
    /// All uses of the directives whose values nginx looks at when `http` ends.
    var headers: [(directive: String, words: [NginxWord], end: ConfigLocation)] = []
    /// What `types` and the `*_types` directives collect, by directive.
    var types: [String: [ByteString: ByteString]] = [:]
    /// The set of the block around; nil for the outermost.
    var parent: Int?
}

/// A `location`, or what nginx keeps like one: a server's root, an `if`, a `limit_except`.
struct NginxLocationNode: Hashable {
    /// How it matches.
    enum Kind: Hashable {
        case root, plain, exact, noRegex, regex, named
        /// `if` and `limit_except`.
        case noname
    }

    /// How it matches.
    var kind: Kind
    /// The name, without modifier.
    var name: ByteString
    /// The place of the `{`.
    var end: ConfigLocation
    /// Where it begins.
    var place: ConfigLocation
    /// Its settings.
    var loc: Int
    /// The locations inside, in order.
    var children: [Int] = []
}

/// A `server` block of `http`.
struct NginxServerEntry {
    /// Its settings.
    var srv: Int
    /// Its root in `NginxChecker.locations`.
    var location: Int
    /// Its names as nginx keeps them, with their words.
    var names: [(name: ByteString, isRegex: Bool)] = []
    /// Whether a regular expression among them has captures.
    var hasCaptures = false
    /// The line that nginx names for the block.
    var end: ConfigLocation
    /// Whether there is a `listen`.
    var hasListen = false
}
