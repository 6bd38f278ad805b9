import WireBasics

/// The variables that a configuration speaks of.
///
/// Source: nginx `ngx_http_get_variable_index`, `ngx_http_variables_init_vars`.
struct VariableTable: Sendable {
    /// A variable: its name and how its value comes about.
    struct Definition: Sendable {
        /// The name in lower case, without the `$`.
        var name: ByteString
        /// How its value comes about.
        var kind: VariableKind
        /// Whether a value once found is kept for the rest of the request.
        var isCacheable: Bool
    }

    /// The variables by number.
    private(set) var definitions: [Definition] = []

    private var numbers: [ByteString: VariableID] = [:]

    /// The number of that variable; a new one for a new name.
    mutating func id(of name: ByteString) -> VariableID {
        let name = name.lowercased
        if let id = numbers[name] { return id }
        let id = VariableID(index: definitions.count)
        let kind = VariableKind.builtIn(name)
        definitions.append(Definition(name: name, kind: kind, isCacheable: kind.isCacheable))
        numbers[name] = id
        return id
    }

    /// The number of a variable that is in the table.
    func existing(_ name: ByteString) -> VariableID? {
        numbers[name.lowercased]
    }

    /// Says how a variable of the configuration comes about: `map`, `geo`, `set`, a named group.
    ///
    /// A name that nginx itself defines keeps nginx's meaning, unless a `set` or a `map` takes it over. Of two tables
    /// for one name the last one holds, whatever their kinds.
    @discardableResult
    mutating func define(_ name: ByteString, as kind: VariableKind, isCacheable: Bool) -> VariableID {
        let id = id(of: name)
        switch definitions[id.index].kind {
        case .request:
            // `set $args …` and the like act on the request; the rest of nginx's own variables cannot be assigned.
            break
        case .assigned:
            if case .assigned = kind { break }
            definitions[id.index] = Definition(name: name.lowercased, kind: kind, isCacheable: isCacheable)
        case .map, .geo, .splitClients:
            if case .assigned = kind { break }
            definitions[id.index] = Definition(name: name.lowercased, kind: kind, isCacheable: isCacheable)
        case .prefixed, .unmodelled, .unknown:
            definitions[id.index] = Definition(name: name.lowercased, kind: kind, isCacheable: isCacheable)
        }
        return id
    }

    /// How that variable comes about.
    subscript(id: VariableID) -> Definition {
        definitions[id.index]
    }
}
