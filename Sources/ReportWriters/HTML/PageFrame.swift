/// What every page begins and ends with.
struct PageFrame {
    /// The title: what a browser's tab and the first line say.
    let title: String
    /// Anchors and names of the sections.
    let sections: [(anchor: String, name: String)]

    /// Everything before the content of `main`.
    func begin(_ html: inout HTMLBuilder) {
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        html.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"")
        html.text(ContentSecurityPolicy.value(style: Stylesheet.source, script: PageScript.source))
        html.raw("\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n")
        html.raw("<meta name=\"referrer\" content=\"no-referrer\">\n")
        html.element("title", text: title)
        html.raw("\n<style>")
        html.raw(Stylesheet.source)
        html.raw("</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n")
        html.raw("<header class=\"bar\"><div><strong>wsreplay</strong>")
        html.open("nav", .label("Sections"))
        for section in sections { html.element("a", .to(section.anchor), text: section.name) }
        html.close()
        html.raw("<button id=\"theme\" class=\"needs-script\" type=\"button\">light / dark</button></div></header>\n")
        html.open("main", .id("main"))
    }

    /// Everything after the content of `main`; the script comes last, when all it works on is there.
    func end(_ html: inout HTMLBuilder, footer: (inout HTMLBuilder) -> Void) {
        html.close()
        html.open("footer", .id("about"))
        footer(&html)
        html.close()
        html.raw("\n<script>")
        html.raw(PageScript.source)
        html.raw("</script>\n</body>\n</html>\n")
        html.finish()
    }
}

extension HTMLBuilder {
    /// A button that copies a text; it shows only where the script runs.
    mutating func copyButton(_ label: String, copies text: String) {
        element("button", .class("needs-script"), .fixed("type", "button"), .copies(text), text: label)
    }

    /// A row of a list of facts.
    mutating func fact(_ name: String, _ content: (inout HTMLBuilder) -> Void) {
        element("dt", text: name)
        open("dd")
        content(&self)
        close()
    }

    /// A row of column headings.
    mutating func columns(_ names: [String], numeric: Set<Int> = []) {
        raw("<thead><tr>")
        for (index, name) in names.enumerated() {
            element("th", .fixed("scope", "col"), numeric.contains(index) ? .class("n") : nil, text: name)
        }
        raw("</tr></thead>")
    }
}
