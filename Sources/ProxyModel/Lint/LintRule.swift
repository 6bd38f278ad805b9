public import WireBasics

/// A mistake that a configuration shows without traffic, and that its product accepts all the same.
///
/// The documentation, the terminal and SARIF print rules from here: a rule that is not explained cannot be registered.
public struct LintRule: Hashable, Sendable {
    /// The stable name, kebab-case: `ws-upgrade-not-forwarded`.
    ///
    /// It never changes its meaning: comments in configurations name it.
    public var id: String
    /// How much it matters at most; a finding that is less certain is milder.
    public var severity: Finding.Severity
    /// What is wrong, in a few words.
    public var title: String
    /// What comes of it, and why.
    public var why: String
    /// The page, directive or section that says so.
    public var reference: String
    /// Where to read it.
    public var url: String
    /// A configuration with the mistake, as short as can be.
    public var mistake: String
    /// The same without it.
    public var mended: String

    /// A rule with all its parts.
    public init(
        id: String, severity: Finding.Severity, title: String, why: String, reference: String, url: String,
        mistake: String, mended: String
    ) {
        self.id = id
        self.severity = severity
        self.title = title
        self.why = why
        self.reference = reference
        self.url = url
        self.mistake = mistake
        self.mended = mended
    }
}
