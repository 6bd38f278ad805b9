/// A place in a configuration, case or policy file.
public struct ConfigLocation: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The file, named as the user named it (or as the `include` did).
    public var file: String
    /// 1-based line.
    public var line: Int
    /// 1-based column in bytes; 0 when only the line is known.
    public var column: Int

    /// The place at that line and column.
    public init(file: String, line: Int, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    /// `nginx.conf:14`, what reports call the source.
    public var source: String {
        "\(file):\(line)"
    }

    /// `nginx.conf:14:9`, as compilers write it.
    public var description: String {
        column > 0 ? "\(file):\(line):\(column)" : source
    }

    /// By file, then line, then column.
    public static func < (left: Self, right: Self) -> Bool {
        (left.file, left.line, left.column) < (right.file, right.line, right.column)
    }
}
