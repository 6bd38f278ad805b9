/// How many columns text takes where every character has the same width: terminals, labels of drawings.
enum ColumnText {
    /// Columns of a text without control characters.
    static func width(_ text: some StringProtocol) -> Int {
        var columns = 0
        for scalar in text.unicodeScalars { columns += width(scalar) }
        return columns
    }

    /// The text cut to that many columns, with `…` in place of what is cut.
    static func shortened(_ text: String, to columns: Int) -> String {
        // No character takes more columns than it has bytes.
        guard text.utf8.count > columns, width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        let scalars = text.unicodeScalars
        var end = scalars.startIndex
        var used = 1
        while end < scalars.endIndex {
            used += width(scalars[end])
            if used > columns { break }
            end = scalars.index(after: end)
        }
        return text[..<end] + "…"
    }

    /// The text cut to that many columns with `…` in its middle: of a path or a name both ends tell most.
    static func shortenedInMiddle(_ text: String, to columns: Int) -> String {
        guard width(text) > columns, columns > 8 else { return shortened(text, to: columns) }
        let room = (columns - 1) / 2
        let scalars = text.unicodeScalars
        var start = scalars.endIndex
        var used = 0
        while start > scalars.startIndex {
            let before = scalars.index(before: start)
            used += width(scalars[before])
            if used > room { break }
            start = before
        }
        return shortened(text, to: columns - room) + text[start...]
    }

    /// The text in lines of at most that many columns, broken at blanks, inside words only where one is too long.
    static func wrapped(_ text: String, to columns: Int) -> [String] {
        let columns = max(columns, 8)
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            var used = 0
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: true) {
                for piece in pieces(String(word), of: columns) {
                    let needed = width(piece)
                    if used > 0, used + 1 + needed > columns {
                        lines.append(line)
                        (line, used) = ("", 0)
                    }
                    line += used > 0 ? " " + piece : piece
                    used += used > 0 ? 1 + needed : needed
                }
            }
            lines.append(line)
        }
        return lines
    }

    private static func pieces(_ word: String, of columns: Int) -> [String] {
        guard width(word) > columns else { return [word] }
        var pieces: [String] = []
        var piece = ""
        var used = 0
        for scalar in word.unicodeScalars {
            let needed = width(scalar)
            if used + needed > columns {
                pieces.append(piece)
                (piece, used) = ("", 0)
            }
            piece.unicodeScalars.append(scalar)
            used += needed
        }
        return pieces + [piece]
    }

    /// 0 for marks that combine with the character before, 2 for wide East Asian characters and emoji, else 1.
    @inline(__always)
    private static func width(_ scalar: Unicode.Scalar) -> Int {
        scalar.value < 0x300 ? 1 : widthOfUnusual(scalar)
    }

    private static func widthOfUnusual(_ scalar: Unicode.Scalar) -> Int {
        // Punctuation and arrows, which our own text is full of.
        if (0x2010...0x20CF).contains(scalar.value) || (0x2190...0x21FF).contains(scalar.value) { return 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
            0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default:
            return 1
        }
    }
}
