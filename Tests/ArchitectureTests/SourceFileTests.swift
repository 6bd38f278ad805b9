import Testing

@Suite("Source files keep the house rules")
struct SourceFileTests {
    static let files = (try? Repository.swiftFiles(below: "Sources")) ?? []
    static let longest = 400

    /// Data tables, each with the reason why it is not cut up.
    ///
    /// Machines with state have no place here.
    static let longTables: [String: String] = [:]

    @Test("no file is longer than 400 lines, tables with a reason apart")
    func filesAreShort() throws {
        var long: Set<String> = []
        for path in Self.files + (try Repository.swiftFiles(below: "Tests")) {
            let lines = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count
            guard lines > Self.longest + 1 else { continue }
            long.insert(path)
            #expect(Self.longTables[path] != nil, "\(path) has \(lines - 1) lines")
        }
        #expect(Set(Self.longTables.keys).subtracting(long) == [], "no longer long: take the exception out")
    }

    @Test("nothing in Sources can trap on input: no try!, as!, fatalError, force unwrap")
    func nothingTraps() {
        #expect(!SwiftCode.bySource.isEmpty)
        for (path, code) in SwiftCode.bySource.sorted(by: { $0.key < $1.key }) {
            for line in code.lines(matching: Self.trap) {
                Issue.record("\(path):\(line) traps")
            }
        }
    }

    static var trap: some RegexComponent {
        /\btry!|\bas!|\bfatalError\(|\bpreconditionFailure\(|\bassertionFailure\(|[\w)\]}?"]!(?!=)/
    }

    @Test(
        "the search for traps finds one",
        arguments: [
            "let a = b!", "try! f()", "x as! Y", "fatalError()", "a[0]!.c", "f()!", "\"\\(a!)\"", "var a: String!",
        ])
    func trapsAreFound(_ line: String) {
        #expect(SwiftCode(line).lines(matching: Self.trap) == [1])
    }

    @Test(
        "the search for traps is not misled by text, comments and negations",
        arguments: [
            "a != b", "!a", "let a = \"b!\"", "// try! this", "/* a! /* b! */ c! */", "#\"a\" b!\"#", "if !(a) {}",
            "\"\"\"\nhello!\n\"\"\"", "\"\\\"a!\"", "\"\\(f(\"x!\"))\"",
        ])
    func otherTextIsNotFound(_ line: String) {
        #expect(SwiftCode(line).lines(matching: Self.trap) == [])
    }
}
