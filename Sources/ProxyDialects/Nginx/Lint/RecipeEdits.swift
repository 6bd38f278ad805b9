import HTTPWire
import ProxyModel
import WireBasics

extension LintSubject {
    /// The edits that complete the recipe of nginx's documentation at a place: what is missing of version, `Upgrade`,
    /// `Connection` and map.
    ///
    /// Lines go where those stand that hold there already: a line in an inner level would cancel them.
    func recipe(for place: LintedPlace) -> [TextEdit] {
        version(for: place) + upgrade(for: place) + connection(for: place)
    }

    /// `proxy_http_version 1.1`, where the release speaks 1.0 unless told otherwise.
    func version(for place: LintedPlace) -> [TextEdit] {
        let setting = settings(of: place).proxy.httpVersion
        let isOld = setting.map { $0.value == .http10 } ?? !configuration.behaviour.proxiesHTTP11ByDefault
        guard isOld else { return [] }
        let line = "proxy_http_version 1.1;"
        if let source = setting?.source { return edits.replace(source, with: line) }
        return edits.insert([line], behind: settings(of: place).proxy.pass?.source)
    }

    /// `Upgrade $http_upgrade`.
    func upgrade(for place: LintedPlace) -> [TextEdit] {
        set("Upgrade", to: "$http_upgrade", at: place)
    }

    /// `Connection $connection_upgrade` and the map behind it, where the request still lacks what it is for.
    func connection(for place: LintedPlace) -> [TextEdit] {
        guard let forwarded = place.forwarded, !forwarded.head.headers.hasToken("upgrade", in: "Connection") else {
            return []
        }
        let own = setHeader("Connection", at: place)
        let isRecipes = own?.value.written.equalsIgnoringCase("$connection_upgrade") ?? false
        if let map = recipeMap {
            // The line may be right and the map behind it wrong, or the other way round.
            let isMapRight = map.yieldsUpgrade
            return (isRecipes ? [] : set("Connection", to: "$connection_upgrade", at: place))
                + (isMapRight ? [] : edits.replace(map.source, with: Self.mapText))
        }
        return set("Connection", to: "$connection_upgrade", at: place)
            + edits.insertIntoHTTP(Self.mapText)
    }

    /// Writes a `proxy_set_header`: in the place of the line of that name, else behind the lines that hold, else behind
    /// `proxy_pass`.
    func set(_ name: ByteString, to value: String, at place: LintedPlace) -> [TextEdit] {
        let line = "proxy_set_header \(name) \(value);"
        if let own = setHeader(name, at: place) ?? setHeader(name + ":", at: place) {
            return edits.replace(own.source, with: line)
        }
        let proxy = settings(of: place).proxy
        return edits.insert([line], behind: proxy.setHeaders.lines.last?.source ?? proxy.pass?.source)
    }

    /// The line in force for a header.
    func setHeader(_ name: ByteString, at place: LintedPlace) -> SetHeader? {
        settings(of: place).proxy.setHeaders.lines.last { $0.name.equalsIgnoringCase(name) }
    }

    /// The map of the recipe, where there is one of its name.
    private var recipeMap: MapTable? {
        guard let id = configuration.variables.existing("connection_upgrade"),
            case .map(let index) = configuration.variables[id].kind
        else { return nil }
        return configuration.maps[index]
    }

    /// The map of nginx's documentation.
    static let mapText = "map $http_upgrade $connection_upgrade { default upgrade; '' close; }"
}

extension MapTable {
    /// Whether a handshake gets `upgrade` from it.
    var yieldsUpgrade: Bool {
        guard let found = try? row(for: "websocket") else { return false }
        return found.0.value.constant?.equalsIgnoringCase("upgrade") ?? false
    }
}
