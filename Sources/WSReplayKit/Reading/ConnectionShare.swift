import Foundation
import ReportWriters
import Synchronization
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

/// A share of the connections of a series, read by one thread at a time: segments in, sessions out.
///
/// Until `runByItself` it works on the thread that calls it: a small capture is read before another thread has started.
final class ConnectionShare: Sendable {
    /// What the readers of the connections hand over.
    ///
    /// A class, because each connection has a reader of its own.
    final class Collected {
        var sessions: [InspectedSession] = []
        var tunnels: [MidstreamTranscript] = []
        var uses = ByteLedger()
        var findings = FindingLog()
    }

    /// What belongs to the thread of who calls: only a share that is alone has it, and that works on this thread.
    private struct OfCaller<Value>: @unchecked Sendable {
        let value: Value
    }

    private struct Work: ~Copyable {
        var flows: FlowTable
        let collected: Collected
    }

    /// Batches on their way to the thread, and back to be filled again.
    private struct Batches {
        var waiting: [SegmentBatch] = []
        var empty: [SegmentBatch] = []
    }

    private let work: Mutex<Work>
    private let batches = Mutex(Batches())
    private let runsByItself = Atomic(false)
    private let queue = DispatchQueue(label: "wsreplay.connections")
    /// Keeps who reads the file from running far ahead: what is waiting lies in memory.
    private let room = DispatchSemaphore(value: 4)

    /// - Parameter budget: what the frames that are listed count against; with one there must be no other share.
    init(detail: ReaderDetail, limits: CaptureLimits, budget: RecordBudget?) {
        let collected = Collected()
        let budget = OfCaller(value: budget)
        // Its name is known when all sessions are.
        let id = SessionID(file: "", number: 0)
        let flows = FlowTable(limits: limits.reassembly) { start in
            SessionReader(
                start, limits: limits.reader, detail: detail, budget: budget.value,
                report: { collected.findings.add($0) }, account: { collected.uses += $0 },
                emitMidstream: { collected.tunnels.append($0) },
                emit: { collected.sessions.append(InspectedSession(id: id, transcript: $0)) })
        }
        work = Mutex(Work(flows: flows, collected: collected))
    }

    /// From here on a thread of its own does the work.
    func runByItself() {
        runsByItself.store(true, ordering: .relaxed)
    }

    /// Takes a full batch, and gives an empty one for it.
    func exchange(_ batch: inout SegmentBatch) {
        guard runsByItself.load(ordering: .relaxed) else {
            work.withLock { $0.flows.receive(batch) }
            batch.removeAll()
            return
        }
        room.wait()
        batches.withLock { batches in
            batches.waiting.append(batch)
            batch = batches.empty.popLast() ?? SegmentBatch(.otherThread)
        }
        queue.async { self.takeOne() }
    }

    private func takeOne() {
        let batch = batches.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
        guard var batch else { return }
        work.withLock { $0.flows.receive(batch) }
        batch.removeAll()
        batches.withLock { $0.empty.append(batch) }
        room.signal()
    }

    /// What was counted, all packets up to that one being taken.
    func account(upTo packet: Int) -> SeriesAccount {
        queue.sync {
            work.withLock { work in
                work.flows.settle(behind: packet)
                return SeriesAccount(
                    stream: work.flows.ledger, uses: work.collected.uses, connections: work.flows.connectionCount)
            }
        }
    }

    /// What is worth saying of bytes that are in no session, so far.
    var findings: FindingLog {
        queue.sync { work.withLock { $0.collected.findings } }
    }

    /// The next packets are those of another file.
    func goOnInNextFile() {
        queue.sync { work.withLock { $0.flows.goOnInNextFile() } }
    }

    /// There are no more packets: what is open is finished, by its own thread where it has one.
    func finish() {
        guard runsByItself.load(ordering: .relaxed) else {
            work.withLock { $0.flows.finish() }
            return
        }
        queue.async { self.work.withLock { $0.flows.finish() } }
    }

    /// What was found, and the first packet of each connection.
    ///
    /// Connections are numbered within the share.
    func take() -> (sessions: [InspectedSession], tunnels: [MidstreamTranscript], openings: [Int]) {
        queue.sync {
            work.withLock { work in
                defer { (work.collected.sessions, work.collected.tunnels) = ([], []) }
                return (work.collected.sessions, work.collected.tunnels, work.flows.openings)
            }
        }
    }
}
