public import WireBasics

/// Text to write in the place of other text of a file.
///
/// Units: columns are 1-based and count bytes, as in every `ConfigLocation`; the end is the place of the first byte
/// that stays. Where both places are one, the text is put in.
public struct TextEdit: Hashable, Sendable, Codable {
    /// Where the text begins that goes.
    public var start: ConfigLocation
    /// Where the text begins that stays.
    public var end: ConfigLocation
    /// What to write.
    public var text: String

    /// Text in the place of what stands between two places of one file.
    public init(from start: ConfigLocation, to end: ConfigLocation, write text: String) {
        self.start = start
        self.end = end
        self.text = text
    }

    /// The file's bytes after some edits of it.
    ///
    /// Edits that lie outside of the file change nothing; of two that overlap the one that begins first is made.
    public static func applied(_ edits: [TextEdit], to contents: [UInt8]) -> [UInt8] {
        let starts = [0] + contents.indices.filter { contents[$0] == UInt8(ascii: "\n") }.map { $0 + 1 }
        func offset(_ place: ConfigLocation) -> Int? {
            guard place.line >= 1, place.line <= starts.count, place.column >= 1 else { return nil }
            let offset = starts[place.line - 1].addingReportingOverflow(place.column - 1)
            return !offset.overflow && offset.partialValue <= contents.count ? offset.partialValue : nil
        }
        let ranges = edits.compactMap { edit -> (range: Range<Int>, text: String)? in
            guard let start = offset(edit.start), let end = offset(edit.end), start <= end else { return nil }
            return (start..<end, edit.text)
        }
        // A stable order: text that is put in at one place stays in the order given.
        let ordered = ranges.enumerated().sorted {
            ($0.element.range.lowerBound, $0.offset) < ($1.element.range.lowerBound, $1.offset)
        }
        var result: [UInt8] = []
        var position = 0
        for (range, text) in ordered.map(\.element) where range.lowerBound >= position {
            result += contents[position..<range.lowerBound]
            result += text.utf8
            position = range.upperBound
        }
        return result + contents[position...]
    }
}
