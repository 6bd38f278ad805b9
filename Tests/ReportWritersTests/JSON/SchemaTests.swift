import Foundation
import ReportWriters
import Testing

/// Real output against the schemas in `Schemas/`, by a validator that is not ours.
@Suite struct SchemaTests {
    @Test(
        "every document is valid against its JSON Schema",
        .enabled(if: Validator.isThere, "python3 with the jsonschema package is not installed"),
        arguments: Rendering.all(SampleDocuments.all + HostileRun.documents).filter { $0.writer.name == "json" })
    func validity(_ rendering: Rendering) throws {
        for frames in rendering.document.kind == .inspect ? [false, true] : [true] {
            let text = String(decoding: rendering.bytes { $0.listsFrames = frames }, as: UTF8.self)
            let complaint = try Validator.complaint(of: rendering.document.kind.rawValue, text)
            #expect(complaint == "")
        }
    }

    @Test("the validator notices a document that is not valid", .enabled(if: Validator.isThere))
    func control() throws {
        #expect(try Validator.complaint(of: "replay", #"{"schema": "wsreplay.replay/1"}"#) != "")
    }
}

/// Python's jsonschema.
private enum Validator {
    static let isThere = (try? run(["-c", "import jsonschema, referencing"], input: "").status) == 0

    private static let program = """
        import json, sys, glob
        from jsonschema import Draft202012Validator
        from referencing import Registry, Resource
        documents = [json.load(open(f)) for f in sorted(glob.glob(sys.argv[1] + "/*.schema.json"))]
        for d in documents: Draft202012Validator.check_schema(d)
        registry = Registry().with_resources((d["$id"], Resource.from_contents(d)) for d in documents)
        schema = [d for d in documents if d["$id"] == sys.argv[2] + ".schema.json"][0]
        for e in list(Draft202012Validator(schema, registry=registry).iter_errors(json.load(sys.stdin)))[:5]:
            print(e.json_path, e.message[:300])
        """

    static func complaint(of kind: String, _ text: String) throws -> String {
        // Sources are compiled where they lie: Tests/ReportWritersTests/JSON.
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let result = try run(["-c", program, root.appendingPathComponent("Schemas").path, kind], input: text)
        return result.status == 0 ? result.output : "exit status \(result.status)\n\(result.output)"
    }

    private static func run(_ arguments: [String], input: String) throws -> (status: Int32, output: String) {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("wsreplay-\(UUID().uuidString).json")
        try Data(input.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: file)
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
