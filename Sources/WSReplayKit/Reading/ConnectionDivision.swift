import Foundation
import TCPReassembly

/// How the connections of a capture are divided among threads; what is read does not depend on it.
struct ConnectionDivision: Hashable, Sendable {
    /// How many shares there are, with a thread each, beside the thread that reads the file.
    var shares: Int
    /// From so many batches on, threads are worth starting: some milliseconds of work.
    var batchesAlone: Int

    /// A share for each core, or so many.
    init(jobs: Int? = nil, batchesAlone: Int = 2000) {
        let asked = jobs ?? ProcessInfo.processInfo.activeProcessorCount
        shares = max(1, min(asked, ConnectionPart.count))
        self.batchesAlone = batchesAlone
    }
}
