import WireBasics

/// A setting in force, and the line that put it there.
struct Setting<Value: Sendable>: Sendable {
    /// What is set.
    var value: Value
    /// The line that says so; nil for a default of the dialect.
    var source: ConfigLocation?

    /// A setting with its line.
    init(_ value: Value, source: ConfigLocation? = nil) {
        self.value = value
        self.source = source
    }
}

extension Setting: Equatable where Value: Equatable {}
