import HTTPWire
import WireBasics

extension SessionTranscript {
    /// Products that name themselves in `Server` although another server answered.
    private static let proxies = [
        "nginx", "openresty", "tengine", "envoy", "istio-envoy", "haproxy", "caddy", "cloudflare", "awselb",
    ]

    /// Whether the response came through a proxy: it says so in `Server`, or in `Via` (RFC 9110 §7.6.3).
    ///
    /// What the server itself got and answered is not in such a capture.
    public var showsAProxy: Bool {
        guard let headers = response?.head.headers else { return false }
        let server = headers.first("Server")?.latin1.lowercased() ?? ""
        return headers.contains("Via") || Self.proxies.contains { server.hasPrefix($0) }
    }
}
