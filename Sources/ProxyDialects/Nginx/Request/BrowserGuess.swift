import WireBasics

/// Which browser a `User-Agent` names, as far as nginx treats one in a way of its own.
///
/// Source: nginx `ngx_http_process_user_agent`.
struct BrowserGuess: Hashable, Sendable {
    /// Whether error pages of 400 and above are padded for it: Internet Explorer and Chrome.
    var isPadded: Bool
    /// Internet Explorer 4 to 6, without the second service pack of Windows XP.
    var isOldExplorer: Bool
    /// Safari on macOS.
    var isSafari: Bool

    /// The guess; nil stands for a request without such a line.
    init(userAgent: ByteString?) {
        let text = userAgent ?? ByteString()
        let isOpera = text.contains("Opera")
        // Two bytes of a version must follow, and one more.
        let explorer = isOpera ? nil : text.firstIndex(of: "MSIE ").flatMap { $0 + 7 < text.count ? $0 : nil }
        let isOther = isOpera || explorer != nil
        let isChrome = !isOther && !text.contains("Gecko/") && text.contains("Chrome/")
        isPadded = explorer != nil || isChrome
        isSafari =
            !isOther && !isChrome && !text.contains("Gecko/") && text.contains("Safari/") && text.contains("Mac OS X")
        isOldExplorer = explorer.map { Self.isOld(ByteString(text.bytes[($0 + 5)...])) } ?? false
    }

    private static func isOld(_ version: ByteString) -> Bool {
        switch version.bytes.prefix(2) {
        case [UInt8(ascii: "4"), UInt8(ascii: ".")], [UInt8(ascii: "5"), UInt8(ascii: ".")]: true
        case [UInt8(ascii: "6"), UInt8(ascii: ".")]: !ByteString(version.bytes.dropFirst(3)).contains("SV1")
        default: false
        }
    }
}

/// `keepalive_disable`: browsers whose connections serve one request only.
///
/// Source: nginx `ngx_http_update_location_config`.
struct KeepaliveDisable: Hashable, Sendable {
    /// Internet Explorer up to 6, after a POST; nginx's default.
    var oldExplorer = true
    /// Safari on macOS.
    var safari = false

    /// The default.
    init() {}

    /// What a line says.
    init(words: [ByteString]) {
        oldExplorer = words.contains("msie6")
        safari = words.contains("safari")
    }

    /// Whether it holds for a request of that browser and method.
    func matches(_ request: Request) -> Bool {
        guard safari || (oldExplorer && request.method == "POST") else { return false }
        let browser = BrowserGuess(userAgent: request.header("User-Agent"))
        return (safari && browser.isSafari) || (oldExplorer && request.method == "POST" && browser.isOldExplorer)
    }
}
