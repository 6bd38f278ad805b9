public import WireBasics

/// A YAML document that cannot be used: a case, a policy.
public struct DocumentError: Error, Hashable, Sendable {
    /// What is wrong.
    public var message: String
    /// Where.
    public var location: ConfigLocation
    /// How to mend it.
    public var mend: String

    /// An error with all its parts.
    public init(message: String, location: ConfigLocation, mend: String) {
        self.message = message
        self.location = location
        self.mend = mend
    }
}
