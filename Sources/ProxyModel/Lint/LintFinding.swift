public import WireBasics

/// A mistake that a rule found.
public struct LintFinding: Hashable, Sendable {
    /// What, where, why, how to mend; the code is the rule's id.
    public var finding: Finding
    /// Where the mistake is; the same as in `finding`, and always there.
    public var location: ConfigLocation
    /// The mend as text to write; empty where it takes a decision that nobody but the author can make.
    public var edits: [TextEdit]

    /// A finding of a rule at a place.
    public init(
        rule: LintRule, severity: Finding.Severity? = nil, at location: ConfigLocation, message: String,
        why: String, mend: String, edits: [TextEdit] = []
    ) {
        finding = Finding(
            code: rule.id, severity: severity ?? rule.severity, blame: .proxyConfig, message: message, why: why,
            mend: mend, location: location)
        self.location = location
        self.edits = edits
    }
}

/// A finding that a comment in the configuration asks to leave out.
public struct IgnoredFinding: Hashable, Sendable {
    /// What was found.
    public var finding: LintFinding
    /// The reason that the comment gives.
    public var because: String
    /// The comment.
    public var location: ConfigLocation

    /// A finding and the comment about it.
    public init(_ finding: LintFinding, because: String, location: ConfigLocation) {
        self.finding = finding
        self.because = because
        self.location = location
    }
}

/// What the rules of a dialect say of one configuration.
public struct ConfigurationLint: Hashable, Sendable {
    /// The configuration as the user named it.
    public var name: String
    /// The product and version whose rules hold.
    public var product: String
    /// What was found, by place.
    public var findings: [LintFinding]
    /// What was found and is to be left out, by place.
    public var ignored: [IgnoredFinding]
    /// What else is worth knowing: how the file was read.
    public var notices: [Finding]

    /// A result with all its parts.
    public init(
        name: String, product: String, findings: [LintFinding], ignored: [IgnoredFinding], notices: [Finding]
    ) {
        self.name = name
        self.product = product
        self.findings = findings
        self.ignored = ignored
        self.notices = notices
    }
}
