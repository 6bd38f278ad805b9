import Foundation
import FoundationXML
import ReportWriters
import Testing
import Verdicts

@Suite struct JUnitReportTests {
    /// Counts elements and collects the names of test cases.
    private final class Reader: NSObject, XMLParserDelegate {
        var elements: [String: Int] = [:]
        var names: [String] = []

        func parser(
            _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements[element, default: 0] += 1
            if element == "testcase" { names.append(attributes["name"] ?? "") }
        }
    }

    private func read(_ document: ReportDocument) -> (parsed: Bool, Reader) {
        let parser = XMLParser(data: Data(document.text("junit").utf8))
        let reader = Reader()
        parser.delegate = reader
        return (parser.parse(), reader)
    }

    @Test("a replay is a suite a capture: broken fails, inconclusive is an error, the rest passes")
    func replay() {
        let (parsed, reader) = read(SampleDocuments[.replay])
        #expect(parsed)
        #expect(
            reader.elements == [
                "testsuites": 1, "testsuite": 1, "testcase": 9, "failure": 3, "error": 1, "skipped": 1, "system-out": 2,
            ])
        #expect(Set(reader.names).count == reader.names.count)
        #expect(
            SampleDocuments[.replay].text("junit").contains(
                #"<testsuite name="chat.pcap" tests="9" failures="3" errors="1" skipped="1">"#))
    }

    @Test("cases are suites by folder")
    func cases() {
        let (parsed, reader) = read(SampleDocuments[.test])
        #expect(parsed)
        #expect(reader.names == ["chat", "forgotten", "gap", "later"])
        #expect(reader.elements["failure"] == 1)
    }

    @Test("hostile names and texts leave well-formed XML with unique names", arguments: [0, 1, 3])
    func hostile(_ document: Int) {
        let (parsed, reader) = read(HostileRun.documents[document])
        #expect(parsed)
        #expect(Set(reader.names).count == reader.names.count)
    }
}
