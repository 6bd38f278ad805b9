import Testing

@testable import ReportWriters

@Suite struct HTMLBuilderTests {
    private final class Box {
        var bytes: [UInt8] = []
    }

    private func text(_ build: (inout HTMLBuilder) -> Void) -> String {
        let box = Box()
        var html = HTMLBuilder { box.bytes += $0 }
        build(&html)
        html.finish()
        return String(decoding: box.bytes, as: UTF8.self)
    }

    @Test("text and attribute values cannot become markup")
    func escaping() {
        let hostile = "<b a=\"1\" c='2'>&\u{1B}\u{202E}"
        let safe = #"&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;\x1B\u{202E}"#
        #expect(text { $0.text(hostile) } == safe)
        #expect(
            text { $0.element("a", .to(hostile), .title(hostile), text: hostile) }
                == "<a href=\"#\(safe)\" title=\"\(safe)\">\(safe)</a>")
    }

    @Test("links lead to the page itself, whatever the anchor")
    func links() {
        #expect(text { $0.element("a", .to("javascript:alert(1)"), text: "x") }.contains("href=\"#javascript:"))
    }

    @Test("what is open is closed at the end")
    func closing() {
        #expect(
            text {
                $0.open("ul"); $0.open("li"); $0.text("x")
            } == "<ul><li>x</li></ul>")
    }
}
