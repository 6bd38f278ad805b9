import WireBasics

/// Says which series of files a capture continues, from when packets were captured.
///
/// A file continues another when its first packet is no older than the newest one of all files before it: files as
/// `tcpdump -C` and `-G`, `dumpcap -b` and people with Ctrl-C write them. Files whose times overlap were captured at two
/// places, or twice, and are streams of their own.
///
/// | the first packet comes | it is |
/// |---|---|
/// | after the newest packet of one series, by less than `pause` | its continuation |
/// | before it by up to `seam`, and by no more than half the length of the series | its continuation |
/// | earlier | a stream of its own |
/// | so that several series could go on with it | that whose file names differ in digits alone; else a stream of its own |
struct SeriesChoice {
    /// How far the files of one capture may overlap where they meet: packets of several interfaces, and of several queues
    /// of one, are written out of order by as much as they wait to be collected; dumpcap lets them wait 250 ms.
    static let seam = TimeSpan.milliseconds(500)
    /// How long nothing may have been captured between two files of one capture: a whole day without a packet is between
    /// two captures.
    static let pause = TimeSpan.seconds(24 * 3600)

    /// A series as far as it was read.
    struct Candidate {
        var first: CaptureInstant
        var last: CaptureInstant
        /// The file that it ends with.
        var path: String

        /// Whether a file that starts then may be its continuation.
        fileprivate func mayGoOn(at start: CaptureInstant) -> Bool {
            let overlap = last - start
            // Two captures of the same short moment are not in order because the moment is short.
            let half = TimeSpan(nanoseconds: (last - first).nanoseconds / 2)
            return overlap <= min(SeriesChoice.seam, half) && start - last < SeriesChoice.pause
        }
    }

    /// The index of the series that the file continues; nil when it is a stream of its own.
    let index: Int?
    /// The series that it could have continued as well as each other.
    let undecided: [Int]

    init(start: CaptureInstant?, path: String, among candidates: [Candidate?]) {
        let possible = candidates.indices.filter { index in
            start.map { candidates[index]?.mayGoOn(at: $0) ?? false } ?? false
        }
        let akin = possible.filter { candidates[$0].map { Self.stem($0.path) } == Self.stem(path) }
        index = possible.count == 1 ? possible.first : akin.count == 1 ? akin.first : nil
        undecided = index == nil ? possible : []
    }

    /// What the names of one capture's files have in common: `chat.pcap`, `chat.pcap1`, `chat.pcap2.gz`.
    private static func stem(_ path: String) -> String {
        let name = path.hasSuffix(".gz") ? path.dropLast(3) : path[...]
        return String(name.filter { !("0"..."9").contains($0) })
    }
}
