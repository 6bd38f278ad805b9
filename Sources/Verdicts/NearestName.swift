/// The known name that differs least from a mistyped one; nil when none is near.
package func nearestName(to name: String, in known: [String]) -> String? {
    let near = known.map { (name: $0, distance: editDistance(name.lowercased(), $0.lowercased())) }
        .min { ($0.distance, $0.name) < ($1.distance, $1.name) }
    guard let near, near.distance <= max(1, near.name.count / 3) else { return nil }
    return near.name
}

/// Levenshtein's distance: insertions, deletions and replacements between two short names.
private func editDistance(_ left: String, _ right: String) -> Int {
    let right = Array(right.prefix(64))
    var row = Array(0...right.count)
    for (i, a) in left.prefix(64).enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, b) in right.enumerated() {
            let above = row[j + 1]
            row[j + 1] = a == b ? diagonal : 1 + min(diagonal, above, row[j])
            diagonal = above
        }
    }
    return row[right.count]
}
