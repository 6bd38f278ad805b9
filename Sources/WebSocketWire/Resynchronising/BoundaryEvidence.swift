import WireBasics

/// What it takes to believe that a frame begins at some place in a stream of which an earlier part is missing.
///
/// A frame that never was is worse than one that is not found, so the bar is high, and where it is not reached the
/// direction stays unread. Only the start of a captured segment comes into question. From there on frame headers must
/// follow each other in a chain that obeys RFC 6455 §5 (`FrameChain`), and the chain must weigh at least `bits` against
/// chance over at least `frames` frames. What a chain weighs depends on what the bytes could be instead:
///
/// - **A client's** payload is masked with keys that nobody can foresee (RFC 6455 §5.3), so that what lies inside a frame
///   looks like noise, whatever it is. In noise a header that is allowed comes about once in 2^5 places, and a text that
///   is UTF-8 once in 2^(3/4) for each byte. The keys must be seen to vary: a client that masks with zero, or always
///   alike, shows its payloads as they are. Where no frame was seen before, the chain might lie inside a payload of such
///   a client and be that of another one; then the segments must speak for it too, `cutBits` in all: a chain that runs
///   through a payload begins a segment by chance only, once in as many bytes as its frames are long (and of s segments
///   some may be chosen in 2^s ways).
/// - **A server's** payload is there for all to see and may hold anything, a chain of frames included: the payload of a
///   nested WebSocket connection, a capture sent as a file. Nothing in such bytes can tell. What an application wrote
///   as one frame goes out without a rest, though: so a chain counts only from one rest of its sender to the next, each
///   of them at a boundary, and a rest inside a frame breaks it. A chain that runs through a payload meets a rest of its
///   sender by chance only, as above; what the rests weigh must come to `cutBits`.
///   And since the frame around it may have ended at any of those rests, only what follows the last of them is read.
///
/// A rest is a pause of `rest` behind a segment that was not filled: neither a delayed acknowledgement (RFC 1122
/// §4.2.3.2: below 0.5 s) nor the segment size made the sender wait.
///
/// Two boundaries that both reach the weight are the same one: there is one chain at a time, a new one begins only where
/// the old one broke, and 2^48 is far more than the segments of any capture.
enum BoundaryEvidence {
    /// What a chain must weigh against chance, in bits.
    static let bits = 48
    /// How many frames it must have.
    static let frames = 3
    /// What boundaries must weigh that meet a rest, or the start of a segment.
    static let cutBits = 24
    /// How long a rest is.
    static let rest = TimeSpan.milliseconds(500)
    /// A segment below this, the smallest that IPv4 lets every host receive less its headers (RFC 9293 §3.7.1), was not
    /// cut by the path.
    static let segment = 536

    /// What a header weighs that is allowed: 13 of 256 first bytes with permessage-deflate, half of the second ones.
    static let headerBits = 5

    /// What a text weighs that unmasks to UTF-8: 85 % of a bit for each byte.
    static func bits(ofText length: UInt64) -> Int {
        Int(min(length, 64)) * 3 / 4
    }

    /// What a boundary weighs that meets a cut of the sender, when that many frames fill that many bytes.
    static func bits(ofCutBehind bytes: Int, frames: Int) -> Int {
        let mean = bytes / max(1, frames)
        return mean > 0 ? min(12, Int.bitWidth - 1 - mean.leadingZeroBitCount) : 0
    }
}

/// Why the reading goes on behind missing bytes.
struct BoundaryFound: Hashable {
    /// The frames that were looked at.
    var frames: Int
    /// How many of them were whole texts that unmask to UTF-8.
    var texts: Int
    /// The rests of the sender that the chain met; 0 for masked frames, which need none.
    var rests: Int
    /// What all of it weighs.
    var bits: Int

    /// The evidence, as the end of a sentence.
    var sentence: String {
        let chance = "by chance that happens less than once in 2^\(bits) times"
        guard rests == 0 else {
            return "\(frames) frames follow each other, and the sender rested \(rests) times, each time at the end of "
                + "one; \(chance)"
        }
        let ofText = texts > 0 ? ", \(texts) of them text" : ""
        return "\(frames) masked frames\(ofText) follow each other, with keys that vary as random ones do; \(chance)"
    }
}
