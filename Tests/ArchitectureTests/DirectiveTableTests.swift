import Testing

@Suite("The table of nginx's directives")
struct DirectiveTableTests {
    @Test("what is called modelled is read by the model, outside of the language and of lint")
    func modelledIsRead() throws {
        let files = try Repository.swiftFiles(below: "Sources/ProxyDialects/Nginx")
        let tables = try files.filter { $0.contains("/Language/Table/") }.map(Repository.text)
        let model = try files.filter { path in
            !["/Language/", "/Lint/", "/Reference/"].contains { path.contains($0) }
        }.map(Repository.text).joined()
        // `.init("name", …, .modelled`, as a row is written.
        let row = #/\.init\(\s*"([a-z0-9_]+)"(?s:.*?)\.(modelled|harmless|notModelled)\b/#
        let names = tables.flatMap { $0.matches(of: row) }.filter { $0.2 == "modelled" }.map { String($0.1) }
        #expect(names.count > 100)
        for name in Set(names).sorted() where !model.contains("\"\(name)\"") {
            Issue.record("\(name) is called modelled, and nothing reads it: harmless, or not modelled?")
        }
    }
}
