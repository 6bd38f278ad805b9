import HTTPWire
import WireBasics

extension RequestProcessing {
    /// Takes the client's address from a header line of a trusted hop.
    ///
    /// Source: nginx `ngx_http_realip_handler`, `ngx_http_get_forwarded_addr`. It runs in the post-read phase with the
    /// server's settings; those of a location come too late for everything but the access phase.
    mutating func replaceRemoteAddress() -> PhaseResult {
        let access = settings.access
        guard !request.done.contains(.realIP), !access.trustedAddresses.lines.isEmpty else { return .proceed }
        let name = access.realIPHeader.value
        // The word names the header of the PROXY protocol, whatever the case of its letters.
        let isProxyProtocol = name.equalsIgnoringCase("proxy_protocol")
        let source = isProxyProtocol ? connection.proxyProtocol?.source : nil
        let values =
            isProxyProtocol
            ? [source.map { ByteString($0.address.description) }].compactMap(\.self)
            : request.headers.filter { $0.name.equalsIgnoringCase(name) }.map(\.value)
        let usesAllLines = name.equalsIgnoringCase("X-Forwarded-For") || behaviour.joinsRepeatedHeaders
        guard !values.isEmpty else { return .proceed }
        let list = (usesAllLines ? values : [values[0]]).flatMap { $0.bytes.split(separator: UInt8(ascii: ",")) }
            .map { ByteString($0).trimmingWhitespace }
        let trusted = access.trustedAddresses.lines
        var current = request.remoteAddress
        var port: UInt16 = request.remotePort
        var isReplaced = false
        for text in list.reversed() {
            guard trusted.contains(where: { $0.contains(current) }), let (address, newPort) = Self.address(text) else {
                break
            }
            (current, port, isReplaced) = (address, newPort, true)
            if !access.realIPIsRecursive.value { break }
        }
        guard isReplaced else { return .proceed }
        request.done.insert(.realIP)
        request.remoteAddress = current
        request.remotePort = source?.port ?? port
        trace(
            "post_read", "the client's address is \(remoteAddressText), from \(name)", access.realIPHeader.source)
        return .proceed
    }

    private static func address(_ text: ByteString) -> (IPAddress, UInt16)? {
        if let endpoint = Endpoint(text.latin1) { return (endpoint.address, endpoint.port) }
        return IPAddress(text.latin1).map { ($0, 0) }
    }
}
