/// Guesses which known name a mistyped one was meant to be.
package enum NearestName {
    /// The known name with the fewest typing mistakes between it and `name`, whatever the case of its letters.
    ///
    /// Of equal ones the first; nil when none is near: more than one mistake in four letters is another word.
    package static func find(_ name: String, in known: [String]) -> String? {
        // Nothing that long is a mistyped keyword, and the work grows with the square.
        guard name.utf8.count <= 64 else { return nil }
        let wanted = Array(name.lowercased().utf8)
        var best: (mistakes: Int, name: String)?
        for candidate in known {
            let letters = Array(candidate.lowercased().utf8)
            let limit = max(1, letters.count / 4)
            // Names of other lengths cannot be near: most are told apart by that alone.
            guard abs(letters.count - wanted.count) <= limit else { continue }
            let mistakes = distance(wanted, letters)
            if mistakes <= limit, mistakes < best?.mistakes ?? .max { best = (mistakes, candidate) }
        }
        return best?.name
    }

    /// How many letters must be put in, taken out, replaced, or swapped with their neighbour (the restricted
    /// Damerau-Levenshtein distance).
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var row = [i + 1]
            for (j, b) in right.enumerated() {
                var best = min(last[j] + (a == b ? 0 : 1), row[j] + 1, last[j + 1] + 1)
                if i > 0, j > 0, a == right[j - 1], b == left[i - 1] { best = min(best, beforeLast[j - 1] + 1) }
                row.append(best)
            }
            (beforeLast, last) = (last, row)
        }
        return last[right.count]
    }
}
