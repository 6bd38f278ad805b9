import ProxyModel
import Testing
import WireBasics

@testable import ProxyDialects

@Suite("RedirectRule, CookieRules, ExpiresRule")
struct RewriteRulesTests {
    @Test(
        "the default rule maps proxy_pass's URL to the location, compared as text",
        arguments: [
            ("http://b:1/app/", true, "/ws/", "http://b:1/app/x", "/ws/x"),
            ("http://b:1", false, "/ws/", "http://b:1/x", "/x"),
            ("http://b:1", false, "/ws/", "http://b:1", nil), ("http://b:1", false, "/", "HTTP://b:1/", nil),
            ("http://b:1/app", true, "", "http://b:1/app/x", "/x"),
        ] as [(ByteString, Bool, ByteString, ByteString, ByteString?)])
    func standard(url: ByteString, hasURI: Bool, location: ByteString, value: ByteString, expected: ByteString?) {
        let rule = RedirectRule.standard(url: url, hasURI: hasURI, location: location, source: nil)
        #expect(rule.rewrite(value) == expected)
    }

    @Test("a regular expression replaces the whole value, with captures")
    func regex() throws {
        let pattern = try PCRE2Pattern("^https?://[^/]+(/.*)$", ignoresCase: true)
        let rule = RedirectRule(pattern: .regex(pattern) { "/new" + ($0[1] ?? "") }, source: nil)
        #expect(rule.rewrite("HTTP://x/y") == "/new/y")
        #expect(rule.rewrite("ftp://x/y") == nil)
        #expect(rule.rewrite("0; url=http://x/y", from: 7) == "0; url=/new/y")
    }

    @Test("the first rule that matches counts")
    func first() {
        let rules = [
            RedirectRule(pattern: .prefix("/a", replacement: "1"), source: nil),
            RedirectRule(pattern: .prefix("/", replacement: "2"), source: nil),
        ]
        #expect(rules.rewrite("/ab")?.value == "1b")
        #expect(rules.rewrite("/b")?.value == "2b")
        #expect(rules.rewrite("b") == nil)
    }

    @Test(
        "the port of an absolute redirect is left out where it is the usual one, or port_in_redirect is off",
        arguments: [
            (false, 80, true, "http://h/x"), (false, 8080, true, "http://h:8080/x"), (false, 8080, false, "http://h/x"),
            (true, 443, true, "https://h/x"), (true, 80, true, "https://h:80/x"), (false, 443, true, "http://h:443/x"),
        ] as [(Bool, UInt16, Bool, ByteString)])
    func base(usesTLS: Bool, port: UInt16, showsPort: Bool, expected: ByteString) {
        #expect(RedirectBase(usesTLS: usesTLS, host: "h", port: port, showsPort: showsPort).absolute("/x") == expected)
    }

    @Test("a cookie that no rule touches goes out as it came, one that is touched is written anew")
    func cookies() {
        var rules = CookieRules()
        #expect(rules.rewrite("a=1;Path=/x") == nil)
        rules.paths = [RedirectRule(pattern: .prefix("/x", replacement: "/y"), source: nil)]
        #expect(rules.rewrite("a = 1 ;Path=/x/z;;Secure")?.value == "a=1; Path=/y/z; ; Secure")
        #expect(rules.rewrite("novalue; Path=/x") == nil)
        #expect(rules.rewrite("a=1; Path") == nil)
    }

    @Test(
        "flags are added once, changed in place, or taken away",
        arguments: [
            ([.secure], "s=1", "s=1; Secure"), ([.secure], "s=1; secure; Path=/", "s=1; secure; Path=/"),
            ([.nosecure], "s=1; Secure; Path=/", "s=1; Path=/"),
            ([.httponly, .sameSiteLax], "s=1", "s=1; HttpOnly; SameSite=Lax"),
            ([.sameSiteStrict], "s=1; samesite=none; x", "s=1; SameSite=Strict; x"),
            ([.sameSiteNone], "s=1; samesite=NONE", "s=1; samesite=NONE"), ([.noSameSite], "s=1; SameSite=Lax", "s=1"),
            ([.nohttponly, .secure], "s=1; HttpOnly", "s=1; Secure"),
        ] as [(Set<CookieFlagsRule.Flag>, ByteString, ByteString)])
    func flags(flags: Set<CookieFlagsRule.Flag>, cookie: ByteString, expected: ByteString) {
        let rules = CookieRules(flags: [CookieFlagsRule(cookie: .named("S"), flags: flags, source: nil)])
        #expect(rules.rewrite(cookie)?.value == expected)
        #expect(rules.rewrite("other=1") == nil)
    }

    @Test(
        "expires in all its forms, at 2023-11-14 22:13:20",
        arguments: [
            (.epoch, "Thu, 01 Jan 1970 00:00:01 GMT", "no-cache"),
            (.max, "Thu, 31 Dec 2037 23:55:55 GMT", "max-age=315360000"),
            (.access(0), "Tue, 14 Nov 2023 22:13:20 GMT", "max-age=0"),
            (.access(60), "Tue, 14 Nov 2023 22:14:20 GMT", "max-age=60"),
            (.access(-60), "Tue, 14 Nov 2023 22:12:20 GMT", "no-cache"),
            (.modified(60), "Tue, 14 Nov 2023 22:14:10 GMT", "max-age=50"),
            (.modified(5), "Tue, 14 Nov 2023 22:13:15 GMT", "no-cache"),
            (.daily(3600), "Wed, 15 Nov 2023 01:00:00 GMT", "max-age=10000"),
        ] as [(ExpiresRule.Form, ByteString, ByteString)])
    func expires(form: ExpiresRule.Form, expires: ByteString, cacheControl: ByteString) {
        let now = CaptureInstant(nanoseconds: 1_700_000_000_000_000_000)
        let values = ExpiresRule(form: form, source: nil).values(at: now, lastModified: 1_699_999_990)
        #expect(values.expires == expires)
        #expect(values.cacheControl == cacheControl)
    }
}
