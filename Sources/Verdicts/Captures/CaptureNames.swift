/// Short names for the captures of a run, each a different one: what stands before the `#` of a session's id.
///
/// A file's name without its folder where no other capture has the same; else with as many folders as it takes to tell
/// them apart (`monday/chat.pcap`). What even the whole path does not tell apart is counted: `chat.pcap`, `chat.pcap~2`.
public struct CaptureNames: Sendable {
    /// The names, in the order of the captures.
    public let names: [String]

    /// The names of captures at these paths.
    public init(_ paths: [String]) {
        let parts = paths.map { $0.split(separator: "/") }
        var depths = Array(repeating: 1, count: paths.count)
        var names = parts.map { Self.suffix($0, 1) }
        while true {
            let twins = Dictionary(grouping: names.indices) { names[$0] }.values.filter { $0.count > 1 }.joined()
            let longer = twins.filter { depths[$0] < parts[$0].count }
            guard !longer.isEmpty else { break }
            for index in longer {
                depths[index] += 1
                names[index] = Self.suffix(parts[index], depths[index])
            }
        }
        self.names = Self.counted(names)
    }

    private static func suffix(_ parts: [Substring], _ count: Int) -> String {
        parts.suffix(count).joined(separator: "/")
    }

    private static func counted(_ names: [String]) -> [String] {
        var taken: Set<String> = []
        return names.map { name in
            var (unique, number) = (name, 1)
            while !taken.insert(unique).inserted {
                number += 1
                unique = "\(name)~\(number)"
            }
            return unique
        }
    }
}
