import HTTPWire
import WireBasics

/// What a 101 means for the frames that follow it.
struct Agreement {
    /// What both ends compress with; nil when permessage-deflate is not in use.
    let deflate: PerMessageDeflate?
    /// Whether an extension is in use that we do not know: it may set reserved bits and change payloads.
    let hasUnknownExtension: Bool
    /// Whether the handshake is not in the capture: frames may be compressed, and nothing says how.
    let isPresumed: Bool

    /// What may have been agreed before the capture began.
    static let presumed = Agreement(deflate: nil, hasUnknownExtension: true, isPresumed: true)

    private init(deflate: PerMessageDeflate?, hasUnknownExtension: Bool, isPresumed: Bool) {
        (self.deflate, self.hasUnknownExtension, self.isPresumed) = (deflate, hasUnknownExtension, isPresumed)
    }

    init(_ response: ResponseHead) {
        let extensions = ExtensionOffer.all(in: response.headers).compactMap(\.offer)
        deflate = extensions.lazy.compactMap { PerMessageDeflate(response: $0) }.first
        hasUnknownExtension = extensions.contains { $0.name != PerMessageDeflate.name }
        isPresumed = false
    }

    /// What frames of that end obey; nil where an extension is in use that may do anything with them.
    func rules(for party: Party) -> FrameChain.Rules? {
        guard !hasUnknownExtension || isPresumed else { return nil }
        return FrameChain.Rules(isMasked: party == .client, allowsRSV1: deflate != nil || isPresumed)
    }
}
