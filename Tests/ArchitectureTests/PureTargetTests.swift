import Testing

/// The same bytes in must give the same result on any machine, at any time: levels 0 to 5 get files, time and
/// addresses handed to them.
@Suite("Levels 0 to 5 are pure")
struct PureTargetTests {
    static let pure = (try? PackageMap.read().targets.filter(\.isPure)) ?? []

    @Test("the pure targets are found, CaptureFiles is not among them")
    func theyAreFound() {
        #expect(Self.pure.count >= 8)
        #expect(Self.pure.map(\.name).contains("WireBasics"))
        #expect(!Self.pure.map(\.name).contains("CaptureFiles"))
    }

    @Test("a pure target imports neither Foundation nor the C library", arguments: pure)
    func importsNothingOfTheMachine(_ target: PackageMap.Target) throws {
        let forbidden: Set = ["Foundation", "FoundationNetworking", "Glibc", "Musl", "Dispatch", "Synchronization"]
        for (path, code) in SwiftCode.files(of: target.name) {
            for (line, module) in code.imports {
                #expect(!forbidden.contains(module), "\(path):\(line) imports \(module)")
            }
        }
    }

    @Test("a pure target asks no clock, file, environment, locale or random source", arguments: pure)
    func asksNothingOfTheMachine(_ target: PackageMap.Target) throws {
        let forbidden =
            #/
            \b(?:
                (?: Date | UUID ) \( | Date\.now | Task\.sleep | print\( |
                (?: ContinuousClock | SuspendingClock | FileManager | FileHandle | URLSession | ProcessInfo |
                    CommandLine | Locale | Calendar | TimeZone | SystemRandomNumberGenerator ) \b |
                randomElement\( | shuffled?\( | \w+\.random\(
            )
            /#
        for (path, code) in SwiftCode.files(of: target.name) {
            for line in code.lines(matching: forbidden) {
                Issue.record("\(path):\(line) asks the machine")
            }
        }
    }
}
