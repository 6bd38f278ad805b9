import ProxyModel
import WireBasics

extension ConfigurationBuilder {
    /// Reads a line that belongs to a server as a whole.
    mutating func readServerSetting(_ directive: NginxDirective, _ server: inout ServerConfiguration) {
        let first = directive.arguments.first?.text ?? ""
        switch directive.name.text {
        case "server_name":
            for word in directive.arguments { readServerName(word.text, directive, &server) }
        case "merge_slashes": server.mergeSlashes = DirectiveValue.flag(first) ?? true
        case "underscores_in_headers": server.underscoresInHeaders = DirectiveValue.flag(first) ?? false
        case "ignore_invalid_headers": server.ignoreInvalidHeaders = DirectiveValue.flag(first) ?? true
        case "client_header_buffer_size":
            server.clientHeaderBufferSize = Setting(DirectiveValue.size(first) ?? 1024, source: directive.location)
        case "large_client_header_buffers":
            server.largeBufferCount = Setting(
                DirectiveValue.int(first).flatMap(Int.init(exactly:)) ?? 4, source: directive.location)
            server.largeBufferSize = Setting(
                directive.arguments.dropFirst().first.flatMap { DirectiveValue.size($0.text) } ?? 8192,
                source: directive.location)
        case "client_header_timeout":
            server.clientHeaderTimeout = Setting(
                DirectiveValue.time(first) ?? .seconds(60), source: directive.location)
        case "max_headers":
            server.maxHeaders = Setting(
                DirectiveValue.int(first).flatMap(Int.init(exactly:)) ?? 1000, source: directive.location)
        case "ssl": server.usesTLS = DirectiveValue.flag(first) ?? false
        default: break
        }
    }

    private mutating func readServerName(
        _ text: ByteString, _ directive: NginxDirective, _ server: inout ServerConfiguration
    ) {
        let isFirst = server.names.isEmpty
        if let expression = text.dropping(prefix: "~") {
            guard let regex = regex(expression, ignoresCase: true, directive)
            else { return }
            server.names.append(.regex(regex))
            if isFirst { server.primaryName = text }
            return
        }
        server.names.append(ServerName(text))
        // `$server_name` shows `.example.com` as `example.com`.
        if isFirst { server.primaryName = text.dropping(prefix: ".") ?? text }
    }

    /// Enters the addresses of a server.
    mutating func readListens(_ directives: [NginxDirective], server: Int, _ block: NginxDirective, usesTLS: Bool) {
        let lines = directives.filter { $0.name.text == "listen" }
        for line in lines {
            guard let first = line.arguments.first, let address = ListenAddress.parse(first.text) else { continue }
            let options = line.arguments.dropFirst().map(\.text)
            var listen = ListenAddress(
                address: address, servers: [server], defaultServer: server,
                usesTLS: usesTLS || options.contains("ssl"),
                usesProxyProtocol: options.contains("proxy_protocol"), usesHTTP2: options.contains("http2"),
                source: line.location,
                hasExplicitDefault: options.contains("default_server") || options.contains("default"))
            if options.contains("quic") { continue }
            enter(&listen, server: server)
            if options.contains("ipv6only=off"), case .tcp(let endpoint) = address, endpoint.address.isWildcard {
                listen.address = .tcp(Endpoint(address: IPAddress(v4: 0), port: endpoint.port))
                enter(&listen, server: server)
            }
        }
        if lines.isEmpty {
            var listen = ListenAddress(
                address: .tcp(Endpoint(address: IPAddress(v4: 0), port: 80)), servers: [server],
                defaultServer: server, usesTLS: usesTLS, usesProxyProtocol: false, usesHTTP2: false,
                source: nil,
                hasExplicitDefault: false)
            enter(&listen, server: server)
        }
    }

    private mutating func enter(_ listen: inout ListenAddress, server: Int) {
        guard let index = parts.listens.firstIndex(where: { $0.address == listen.address }) else {
            parts.listens.append(listen)
            return
        }
        if !parts.listens[index].servers.contains(server) { parts.listens[index].servers.append(server) }
        if listen.hasExplicitDefault {
            parts.listens[index].defaultServer = server
            parts.listens[index].hasExplicitDefault = true
        }
        parts.listens[index].usesTLS = parts.listens[index].usesTLS || listen.usesTLS
        parts.listens[index].usesHTTP2 = parts.listens[index].usesHTTP2 || listen.usesHTTP2
        parts.listens[index].usesProxyProtocol = parts.listens[index].usesProxyProtocol || listen.usesProxyProtocol
    }
}
