/// What a replay says about a session.
public enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
    /// Both ends see what they saw in the capture.
    case same
    /// It works, and something that an end can see is different.
    case changed
    /// It worked in the capture and does not now.
    case broken
    /// It did not work in the capture and does now.
    case fixed
    /// The capture does not hold what is needed, or the configuration uses what is not modelled; nothing is guessed.
    case inconclusive
}
