/// The parts that the connections of a capture are divided into, whatever the number of tables that share them.
///
/// A part is in one table always, so that what a part is limited to does not depend on how many there are.
package enum ConnectionPart {
    /// How many parts there are: no more tables can share the connections.
    package static let count = 16

    /// The part of a connection: by the bits of its hash that an index looks at last.
    @inline(__always)
    static func of(_ hash: UInt32) -> Int {
        Int(hash >> 28)
    }
}

extension ReassemblyLimits {
    /// Whether each part can be limited by itself; a limit that is too small for that needs one table for all.
    package var dividesConnections: Bool { connections >= 1024 * ConnectionPart.count }
}
