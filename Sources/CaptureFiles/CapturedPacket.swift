package import WireBasics

/// What a capture file says of a packet; its bytes come beside it, because they are valid for one call only.
package struct CapturedPacket: Hashable, Sendable {
    /// 1-based number in the file: Wireshark's `frame.number`.
    package var number: Int
    /// When it was captured.
    package var instant: CaptureInstant
    /// What it starts with.
    package var linkType: LinkType
    /// How many bytes it had on the wire; more than were captured when the capture cuts packets (`tcpdump -s`).
    package var originalLength: Int

    /// A packet with all its parts.
    package init(number: Int, instant: CaptureInstant, linkType: LinkType, originalLength: Int) {
        self.number = number
        self.instant = instant
        self.linkType = linkType
        self.originalLength = originalLength
    }
}
