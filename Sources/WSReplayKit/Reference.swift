import ProxyDialects
public import ProxyModel

/// What the model knows, written out for people.
public enum Reference {
    /// The pages, by name.
    public static let pages: [ReferencePage] =
        (DialectRegistry.dialects.flatMap(\.pages) + [KnownServer.page, ViolationsPage.page]).sorted { $0.name < $1.name }

    /// The page of that name.
    public static func page(named name: String) -> ReferencePage? {
        pages.first { $0.name == name }
    }
}
