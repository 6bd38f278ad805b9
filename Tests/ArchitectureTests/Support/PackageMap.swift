import Testing

/// What `Package.swift` says: the targets, what each may import, and its level.
struct PackageMap {
    struct Target: CustomTestStringConvertible {
        let name: String
        /// The number in the comment above its group; nil for C libraries and tests.
        let level: Int?
        /// Targets and modules of other packages.
        let dependencies: [String]

        var testDescription: String { name }
        /// Levels 0 to 5; reading captures is the one thing down there that needs the machine.
        var isPure: Bool { (level ?? Int.max) <= 5 && name != "CaptureFiles" }
    }

    /// The targets that have a folder in `Sources`.
    let targets: [Target]

    init(manifest: String) {
        var targets: [Target] = []
        var level: Int?
        var statement = ""
        for line in manifest.split(separator: "\n") {
            let text = line.drop { $0 == " " }
            if let comment = text.prefixMatch(of: /\/\/ (\d) {2}/) {
                level = Int(comment.1)
            } else if text.hasPrefix("//") || text.hasPrefix(".systemLibrary") {
                level = nil
            }
            if text.hasPrefix(".target(") || text.hasPrefix(".executableTarget(") { statement = "" }
            statement += text
            let isWhole = statement.count(where: { $0 == "(" }) == statement.count(where: { $0 == ")" })
            guard isWhole, statement.hasPrefix(".target(") || statement.hasPrefix(".executableTarget(") else {
                continue
            }
            if let target = Self.target(statement, level), !statement.contains("path:") { targets.append(target) }
            statement = ""
        }
        self.targets = targets
    }

    private static func target(_ statement: String, _ level: Int?) -> Target? {
        guard let name = statement.firstMatch(of: /name: "(\w+)"/)?.1 else { return nil }
        let list = statement.firstMatch(of: /dependencies: \[(.*)\]/)?.1 ?? ""
        // `.product(name: "Yams", package: …)` is imported by its product's name.
        let products = list.matches(of: /\.product\(name: "(\w+)"/).map { String($0.1) }
        let others = list.replacing(/\.product\([^)]*\)/, with: "").matches(of: /"(\w+)"/).map { String($0.1) }
        return Target(name: String(name), level: level, dependencies: others + products)
    }

    static func read() throws -> PackageMap {
        PackageMap(manifest: try Repository.text("Package.swift"))
    }

    func level(of name: String) -> Int? {
        targets.first { $0.name == name }?.level
    }
}
