import Testing

@Suite("What the documents say is there")
struct HouseTests {
    static let documents = ["README.md", "CONTRIBUTING.md", "Reports/README.md", ".ci/run"]

    @Test("a document names only targets that the Makefile has", arguments: documents)
    func makeTargetsExist(_ document: String) throws {
        let targets = Set(
            try Repository.text("Makefile").matches(of: #/(?m)^([a-z]+):.*## /#).map { String($0.1) })
        #expect(targets.isSuperset(of: ["demo", "test", "conformance", "oracle", "bench", "clean", "format"]))
        for match in try Repository.text(document).matches(of: /(?m)(?:^ *|`|\$ )make ([a-z]+)/) {
            #expect(targets.contains(String(match.1)), "\(document) names `make \(match.1)`")
        }
    }

    @Test("the README's two commands are make demo and make test, and continuous integration runs the second")
    func theTwoCommands() throws {
        let readme = try Repository.text("README.md")
        #expect(readme.contains("make demo"))
        #expect(readme.contains("make test"))
        #expect(try Repository.text(".ci/run").contains("make test"))
        #expect(Repository.isExecutable(".ci/run"))
    }

    @Test("every script that the Makefile calls is there and can be run")
    func scriptsExist() throws {
        let scripts = try Repository.text("Makefile").matches(of: /(?m)^\t@?(Scripts\/\S+)/).map { String($0.1) }
        #expect(scripts.count >= 5)
        for script in scripts { #expect(Repository.isExecutable(script), "\(script)") }
    }

    @Test("every case has case.yaml and README.md, and its captures and configurations are there")
    func casesAreWhole() throws {
        let cases = try Repository.folders(in: "Captures")
        #expect(cases.count >= 20)
        for name in cases {
            let folder = "Captures/\(name)"
            #expect(Repository.exists("\(folder)/README.md"), "\(folder) says nothing of its origin")
            let text = try Repository.text("\(folder)/case.yaml")
            for key in ["captures", "proxy"] {
                let list = try Regex("(?m)^\(key): \\[([^\\]]+)\\]", as: (Substring, Substring).self)
                let files =
                    text.firstMatch(of: list)?.output.1.split(separator: ",").map { $0.drop { $0 == " " } } ?? []
                #expect(!files.isEmpty, "\(folder)/case.yaml names no \(key)")
                for file in files { #expect(Repository.exists("\(folder)/\(file)"), "\(folder): there is no \(file)") }
            }
        }
    }

    @Test("every case stands in the overview of the captures")
    func casesAreListed() throws {
        let overview = try Repository.text("Captures/README.md")
        for name in try Repository.folders(in: "Captures") {
            #expect(overview.contains("[`\(name)`](\(name)/README.md)"), "\(name) is not in Captures/README.md")
        }
    }
}
