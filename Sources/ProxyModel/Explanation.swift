public import WireBasics

/// Why something is as it is, and what to write instead.
///
/// Made by the dialect at the place where the decision falls, from the configuration that made it fall so; reports and
/// differences only pass it on. Texts are ours and safe to show; captured bytes in them are escaped by `VisibleText`.
public struct Explanation: Hashable, Sendable, Codable {
    /// The reason, in one sentence: "proxy_set_header in this location cancels the 3 lines inherited from line 6".
    public var because: String
    /// The line behind it; nil for a built-in default.
    public var source: ConfigLocation?
    /// What to write instead, and where; empty where nothing is to be mended.
    public var mend: String

    /// An explanation with all its parts.
    public init(because: String, source: ConfigLocation? = nil, mend: String = "") {
        self.because = because
        self.source = source
        self.mend = mend
    }
}

/// One step of the way a request took through a proxy.
public struct TraceStep: Hashable, Sendable, Codable {
    /// The phase, in the product's own words; for nginx the names of `ngx_http_core_module.h`: `find_config`,
    /// `rewrite`, `access`, `content`, `upstream`, `header_filter`, `tunnel`, `log`.
    public var phase: String
    /// What happened, in one sentence; safe to show.
    public var what: String
    /// The line behind it; nil for a built-in default.
    public var source: ConfigLocation?

    /// A step with all its parts.
    public init(phase: String, what: String, source: ConfigLocation? = nil) {
        self.phase = phase
        self.what = what
        self.source = source
    }
}
