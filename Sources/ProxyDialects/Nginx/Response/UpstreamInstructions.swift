import HTTPWire
import WireBasics

/// What a backend tells nginx in `X-Accel-…` lines, where `proxy_ignore_headers` does not forbid it.
///
/// Source: nginx `ngx_http_upstream_process_headers`, `…_process_buffering`, `…_process_limit_rate`,
/// `…_process_charset`.
struct UpstreamInstructions: Hashable, Sendable {
    /// `X-Accel-Redirect`: serve this URI or `@name` instead; obeyed whatever the status, even 101.
    var redirect: ByteString?
    /// `X-Accel-Buffering: yes` or `no`; nil when it says neither.
    var buffering: Bool?
    /// `X-Accel-Limit-Rate`, in bytes a second.
    var limitRate: Int?
    /// `X-Accel-Charset`.
    var charset: ByteString?

    /// What the head of a response says.
    init(_ head: UpstreamHead, settings: ResponseSettings) {
        for (index, field) in head.headers.enumerated() where !head.ignored.contains(index) {
            let name = field.name.lowercased
            guard !settings.ignored.contains(name) else { continue }
            switch name {
            case "x-accel-redirect":
                redirect = redirect ?? field.value
            case "x-accel-buffering":
                switch field.value.lowercased {
                case "no": buffering = false
                case "yes": buffering = true
                default: break
                }
            case "x-accel-limit-rate":
                if !field.value.isEmpty, field.value.bytes.allSatisfy({ (0x30...0x39).contains($0) }) {
                    limitRate = Int(field.value.latin1) ?? limitRate
                }
            case "x-accel-charset":
                charset = field.value
            default: break
            }
        }
    }
}
