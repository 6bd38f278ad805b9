import HTTPWire
import WireBasics

/// What a 101 means for the frames that follow it.
struct Agreement {
    /// What both ends compress with; nil when permessage-deflate is not in use.
    let deflate: PerMessageDeflate?
    /// Whether an extension is in use that we do not know: it may set reserved bits and change payloads.
    let hasUnknownExtension: Bool

    init(_ response: ResponseHead) {
        let extensions = ExtensionOffer.all(in: response.headers).compactMap(\.offer)
        deflate = extensions.lazy.compactMap { PerMessageDeflate(response: $0) }.first
        hasUnknownExtension = extensions.contains { $0.name != PerMessageDeflate.name }
    }
}
