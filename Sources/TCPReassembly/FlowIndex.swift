/// Finds slots by hash: open addressing over words, linear probing, no tombstones.
///
/// Shape: a word is 0 when empty, else the hash in the upper half and the slot plus one in the lower half.
struct FlowIndex {
    private var words = [UInt64](repeating: 0, count: 1024)
    private(set) var count = 0

    private var mask: Int { words.count - 1 }

    /// The slot with that hash for which `matches` is true.
    @inline(__always)
    func find(_ hash: UInt32, where matches: (Int) -> Bool) -> Int? {
        var position = Int(hash) & mask
        while words[position] != 0 {
            let word = words[position]
            if word >> 32 == UInt64(hash) {
                let slot = Int(truncatingIfNeeded: word & 0xFFFF_FFFF) - 1
                if matches(slot) { return slot }
            }
            position = (position + 1) & mask
        }
        return nil
    }

    /// Asks for the word that `find` will look at first; see `Prefetch`.
    @inline(__always)
    func anticipate(_ hash: UInt32) {
        Prefetch.request(Int(hash) & mask, of: words)
    }

    /// The slot that `find` will probably give.
    @inline(__always)
    func candidate(_ hash: UInt32) -> Int? {
        let word = words[Int(hash) & mask]
        return word == 0 ? nil : Int(truncatingIfNeeded: word & 0xFFFF_FFFF) - 1
    }

    /// Adds a slot that is not there yet.
    mutating func insert(_ hash: UInt32, slot: Int) {
        if count * 2 >= words.count { grow() }
        place(UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: slot + 1)))
        count += 1
    }

    /// Removes a slot.
    mutating func remove(_ hash: UInt32, slot: Int) {
        let word = UInt64(hash) << 32 | UInt64(UInt32(truncatingIfNeeded: slot + 1))
        var hole = Int(hash) & mask
        while words[hole] != word {
            guard words[hole] != 0 else { return }
            hole = (hole + 1) & mask
        }
        // What follows moves up as long as that brings it no further than its home.
        var position = hole
        while true {
            position = (position + 1) & mask
            guard words[position] != 0 else { break }
            let home = Int(truncatingIfNeeded: words[position] >> 32) & mask
            if (position &- home) & mask >= (position &- hole) & mask {
                words[hole] = words[position]
                hole = position
            }
        }
        words[hole] = 0
        count -= 1
    }

    private mutating func place(_ word: UInt64) {
        var position = Int(truncatingIfNeeded: word >> 32) & mask
        while words[position] != 0 { position = (position + 1) & mask }
        words[position] = word
    }

    private mutating func grow() {
        let old = words
        words = [UInt64](repeating: 0, count: old.count * 2)
        for word in old where word != 0 { place(word) }
    }
}
