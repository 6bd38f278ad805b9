/// Which end of a connection: the one that opened it or the one that was listening.
public enum Party: String, Codable, CaseIterable, Hashable, Sendable {
    /// The end that opened the connection.
    case client
    /// The end that was listening.
    case server

    /// The end at the other side.
    public var other: Party {
        self == .client ? .server : .client
    }
}
