import Testing

@testable import TCPReassembly

@Suite("The index of flows")
struct FlowIndexTests {
    @Test(
        "Slots are found after any order of insertions and removals, equal hashes too",
        arguments: 1...8 as ClosedRange<UInt64>)
    func matchesDictionary(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var index = FlowIndex()
        var kept: [Int: UInt32] = [:]
        var removed: [Int: UInt32] = [:]
        for slot in 0..<2500 {
            // Few different hashes, and some at the end of the table, so that runs are long and wrap.
            let hash = UInt32.random(in: 0..<1500, using: &random) &- 700
            index.insert(hash, slot: slot)
            kept[slot] = hash
            let victim = Int.random(in: 0...slot * 2, using: &random)
            if let hash = kept.removeValue(forKey: victim) {
                index.remove(hash, slot: victim)
                removed[victim] = hash
            }
        }
        #expect(index.count == kept.count)
        #expect(kept.count > 1000 && removed.count > 500)
        #expect(kept.allSatisfy { slot, hash in index.find(hash) { $0 == slot } == slot })
        #expect(removed.allSatisfy { slot, hash in index.find(hash) { $0 == slot } == nil })
    }
}
