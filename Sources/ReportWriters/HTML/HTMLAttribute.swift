/// An attribute that cannot do harm, whatever its value: no event handler, no style, no address outside the page.
struct HTMLAttribute {
    let name: StaticString
    /// What follows the name and a hyphen; one of our own words.
    let suffix: String
    let value: String

    private init(_ name: StaticString, _ value: String, suffix: String = "") {
        self.name = name
        self.value = value
        self.suffix = suffix
    }

    /// Names of the style sheet.
    static func `class`(_ names: StaticString) -> HTMLAttribute { HTMLAttribute("class", "\(names)") }

    /// Names of the style sheet, one of them after a verdict: `v-broken`.
    static func `class`(_ names: StaticString, _ verdict: StyleName) -> HTMLAttribute {
        HTMLAttribute("class", "\(names) v-\(verdict.rawValue)")
    }

    /// The element's name on the page.
    static func id(_ anchor: String) -> HTMLAttribute { HTMLAttribute("id", anchor) }

    /// A link to an element of the page.
    static func to(_ anchor: String) -> HTMLAttribute { HTMLAttribute("href", "#" + anchor) }

    /// The text that a button copies.
    static func copies(_ text: String) -> HTMLAttribute { HTMLAttribute("data-copy", text) }

    /// What the filter looks at.
    static func filterKey(_ text: String) -> HTMLAttribute { HTMLAttribute("data-key", text) }

    /// The filter that a button sets; words of ours.
    static func filters(_ verdict: StyleName) -> HTMLAttribute { HTMLAttribute("data-filter", "v:" + verdict.rawValue) }

    /// What sorting goes by.
    static func sortKey(_ number: Int) -> HTMLAttribute { HTMLAttribute("data-sort", String(number)) }

    /// What assistive technology says.
    static func label(_ text: String) -> HTMLAttribute { HTMLAttribute("aria-label", text) }

    /// A tool tip.
    static func title(_ text: String) -> HTMLAttribute { HTMLAttribute("title", text) }

    /// A number: a coordinate, a span of columns.
    static func number(_ name: StaticString, _ value: Int) -> HTMLAttribute { HTMLAttribute(name, String(value)) }

    /// Both the name and the value are our own.
    static func fixed(_ name: StaticString, _ value: StaticString) -> HTMLAttribute { HTMLAttribute(name, "\(value)") }

    /// Coordinates of a drawing: numbers only.
    static func box(_ numbers: [Int]) -> HTMLAttribute {
        HTMLAttribute("viewBox", numbers.map(String.init).joined(separator: " "))
    }

    /// Corners of a drawing: numbers only.
    static func points(_ corners: [(x: Int, y: Int)]) -> HTMLAttribute {
        HTMLAttribute("points", corners.map { "\($0.x),\($0.y)" }.joined(separator: " "))
    }
}

/// The words that the style sheet knows for what is good and bad.
enum StyleName: String {
    case broken, inconclusive, changed, fixed, same
    case error, warning, hint
    case passed, failed, skipped
}
