/// A release of nginx: `1.22.1`.
struct NginxVersion: Hashable, Comparable, Sendable {
    /// The first number.
    var major: Int
    /// The second number: even for the stable branches, odd for mainline.
    var minor: Int
    /// The third number.
    var patch: Int

    /// The release of these numbers.
    init(_ major: Int, _ minor: Int, _ patch: Int) {
        (self.major, self.minor, self.patch) = (major, minor, patch)
    }

    /// The oldest release that is modelled.
    static let oldest = NginxVersion(1, 18, 0)
    /// The newest release that is modelled.
    static let newest = NginxVersion(1, 31, 4)

    /// The newest release of a stable branch that is modelled and was measured against a real one: what a configuration
    /// is read as where nothing tells its version.
    static let newestStable = NginxVersion(1, 28, 0)

    /// Older releases come first.
    static func < (left: Self, right: Self) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }
}

extension NginxVersion: CustomStringConvertible, LosslessStringConvertible {
    /// `1.22.1`.
    var description: String { "\(major).\(minor).\(patch)" }

    /// Reads `1.22.1`, or `1.22` for `1.22.0`.
    init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count),
            parts.allSatisfy({ (1...4).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } })
        else { return nil }
        let numbers = parts.compactMap { Int($0) }
        self.init(numbers[0], numbers[1], numbers.count > 2 ? numbers[2] : 0)
    }
}
