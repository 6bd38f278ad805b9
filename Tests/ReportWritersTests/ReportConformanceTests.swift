import Foundation
import ReportWriters
import Testing

/// What every format keeps to, registered now or later.
@Suite struct ReportConformanceTests {
    @Test("names in the registry are unique and found")
    func names() {
        let names = ReportRegistry.writers.map(\.name)
        #expect(Set(names).count == names.count)
        for name in names { #expect(ReportRegistry.writer(named: name)?.name == name) }
        #expect(ReportRegistry.writer(named: "pdf") == nil)
    }

    @Test("the same document gives the same bytes", arguments: Rendering.all(SampleDocuments.all))
    func determinism(_ rendering: Rendering) {
        let bytes = rendering.bytes()
        #expect(!bytes.isEmpty)
        #expect(bytes == rendering.bytes())
    }

    @Test("a document without a form in a format gives no bytes")
    func formless() {
        for writer in ReportRegistry.writers {
            for document in SampleDocuments.all where !writer.writes(document.kind) {
                #expect(writer.render(document).isEmpty)
            }
        }
    }

    @Test("hostile bytes come out as harmless UTF-8", arguments: Rendering.all(HostileRun.documents))
    func hostile(_ rendering: Rendering) throws {
        let bytes = rendering.bytes()
        let text = try #require(String(validating: bytes, as: UTF8.self))
        let unusual = text.unicodeScalars.filter { $0.value < 0x20 || $0.value >= 0x7F }
        let controls = unusual.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control: scalar != "\n"
            case .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
            default: false
            }
        }
        #expect(controls.isEmpty, "\(Set(controls.map(\.value)))")
        switch rendering.writer.name {
        case "json":
            #expect(!bytes.contains(UInt8(ascii: "<")))
            #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(bytes)) }
        case "html":
            #expect(text.components(separatedBy: "<script").count == 2)
            #expect(text.components(separatedBy: "<style").count == 2)
            #expect(!text.contains("<img"))
            #expect(!text.contains("onerror=\""))
        case "junit":
            #expect(!text.contains("<img") && !text.contains("<script") && !text.contains("]]>"))
        default: break
        }
    }

    @Test("a megabyte in one field does not make a page of megabytes", arguments: Rendering.all(HostileRun.documents))
    func megabyte(_ rendering: Rendering) {
        guard rendering.writer.name != "json" else { return }
        #expect(rendering.bytes().count < 1_500_000)
    }

    /// What the sample run holds of secrets; JSON is exact by design.
    static let secrets = [
        "eyJhbGciOiJIUzI1NiJ9", "0123456789abcdef0123456789abcdef", "s3cr3t-of-the-proxy-0001",
    ]

    @Test(
        "credentials are hidden in every format for people",
        arguments: Rendering.all(SampleDocuments.all).filter { $0.writer.name != "json" })
    func redaction(_ rendering: Rendering) {
        let text = String(decoding: rendering.bytes(), as: UTF8.self)
        for secret in Self.secrets { #expect(!text.contains(secret)) }
    }

    @Test("--show-secrets shows credentials as captured", arguments: ["text", "html", "junit"])
    func showing(_ format: String) {
        let text = SampleDocuments.all[0].text(format) {
            $0.showsSecrets = true
            $0.columns = 240
        }
        #expect(text.contains("eyJhbGciOiJIUzI1NiJ9"))
        #expect(!text.contains("‹redacted"))
    }
}
