public import ProxyModel

/// The dialects that this build knows.
///
/// A further one is a folder beside `Nginx/` and a line here.
public enum DialectRegistry {
    /// All dialects; the first that recognises a file reads it.
    public static let dialects: [any ProxyDialect] = [
        NginxDialect(), PolicyDialect(),
    ]

    /// The dialect of that name.
    public static func named(_ name: String) -> (any ProxyDialect)? {
        dialects.first { $0.name == name }
    }
}
