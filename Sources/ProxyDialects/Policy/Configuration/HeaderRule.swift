import WireBasics

/// One step of what is done to header lines.
struct HeaderRule: Sendable {
    /// What it does.
    enum Action: Sendable {
        /// One line of that name, in the place of all others.
        case set(ByteString, PolicyTemplate)
        /// One more line.
        case add(ByteString, PolicyTemplate)
        /// One more member of the list in the last line of that name; a line where there is none.
        case append(ByteString, PolicyTemplate)
        /// A line where there is none of that name.
        case `default`(ByteString, PolicyTemplate)
        /// The lines of that name get another one.
        case rename(ByteString, to: ByteString)
        /// No line of these names.
        case remove([Glob])
        /// No line of any other name.
        case keep([Glob])
        /// No line of that name whose value is not so.
        case passIf(ByteString, ValueCondition)
    }

    var action: Action
    var source: ConfigLocation
}
