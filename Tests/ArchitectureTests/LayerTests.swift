import Testing

@Suite("The layers are what Package.swift says")
struct LayerTests {
    @Test("every folder in Sources is a target, and every target of ours has a level")
    func everyTargetIsOnTheMap() throws {
        let targets = try PackageMap.read().targets
        let libraries = ["CLibcrypto", "CLibpcap", "CPCRE2", "CPrefetch", "CZlib"]
        #expect(try Repository.folders(in: "Sources") == (targets.map(\.name) + libraries).sorted())
        #expect(targets.filter { $0.level == nil }.map(\.name) == [])
        #expect(Set(targets.compactMap(\.level)) == Set(0...7))
    }

    @Test("a target depends on lower levels only", arguments: try PackageMap.read().targets)
    func dependenciesPointDown(_ target: PackageMap.Target) throws {
        let map = try PackageMap.read()
        let level = try #require(target.level)
        for dependency in target.dependencies {
            guard let below = map.level(of: dependency) else { continue }
            #expect(below < level, "\(target.name) (level \(level)) depends on \(dependency) (level \(below))")
        }
    }

    /// Modules that come with Swift and may be imported where the level allows it.
    static let toolchain: Set<String> = ["Foundation", "FoundationEssentials", "Glibc", "Synchronization"]

    @Test("a file imports only what its target declares", arguments: try PackageMap.read().targets)
    func importsAreDeclared(_ target: PackageMap.Target) throws {
        let allowed = Set(target.dependencies).union(Self.toolchain)
        for (path, code) in SwiftCode.files(of: target.name) {
            for (line, module) in code.imports {
                #expect(allowed.contains(module), "\(path):\(line) imports \(module)")
            }
        }
    }
}
