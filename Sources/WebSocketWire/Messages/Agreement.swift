import WireBasics

/// What a finished opening handshake means for the frames.
struct Agreement {
    /// What both ends compress with; nil when permessage-deflate is not in use.
    let deflate: PerMessageDeflate?
    /// Whether an extension is in use that we do not know: it may set reserved bits and change payloads.
    let hasUnknownExtension: Bool

    init(_ handshake: OpeningHandshake) {
        deflate = handshake.deflate
        hasUnknownExtension = handshake.extensions.contains { $0.name != PerMessageDeflate.name }
    }

    /// What that end compresses with.
    subscript(party: Party) -> PerMessageDeflate.Direction {
        deflate?[party] ?? PerMessageDeflate.Direction(resetsForEachMessage: false, windowBits: 15)
    }
}
