/// A change of nginx that was looked at and is no switch of the model.
///
/// Source: nginx's change log from 1.19.0 on: everything about requests, proxying, upstreams, limits, maps and reloads that is not
/// in `NginxChange`. Changes of HTTP/2, HTTP/3, TLS, mail, stream, caches and of the log alone are left out.
struct PassedOverChange: Sendable {
    /// The first release that has it.
    let release: NginxVersion
    /// What changed.
    let what: String
    /// Why that makes no difference, or what is not told apart.
    let why: String

    /// All of them, oldest first.
    static let all: [PassedOverChange] = [
        Self(
            1, 19, 2, "Keep-alive connections are closed before connections run out", "so are they here, in any release"
        ),
        Self(1, 19, 2, "Reading of chunked request bodies", "the same bytes go on"),
        Self(
            1, 19, 7, "Connections in lingering close are reused as well", "a lingering connection has had its answer"),
        Self(1, 19, 7, "`return` to a HEAD request beside `image_filter` and `xslt_stylesheet`", "neither is modelled"),
        Self(1, 19, 9, "A client that left during a delay or an exchange is noticed", "nobody gets the answer"),
        Self(1, 21, 4, "`$content_length` of a chunked body that is not read yet is asked for again", "not told apart"),
        Self(
            1, 21, 4, "A connection to a backend that sent too much is not kept (unbuffered)",
            "not told apart: it is not kept in any release"),
        Self(1, 21, 5, "PCRE2 takes the place of PCRE", "expressions are read by PCRE2 for any release"),
        Self(
            1, 21, 6, "Uneven distribution among workers", "which worker gets a client is not modelled"),
        Self(
            1, 23, 3, "Port ranges in `listen` did not work in this release (mended in 1.23.4)",
            "a fault of one release"),
        Self(1, 23, 4, "Pipelined requests make nginx close with lingering", "the answer is the same"),
        Self(
            1, 23, 4, "A prefix location longer than 255 characters could be missed", "not told apart: it is found"),
        Self(1, 25, 4, "Connections with AIO during a graceful shutdown", "files are not modelled"),
        Self(1, 27, 3, "`server … resolve` in an `upstream` block", "names are not looked up; the outcome says so"),
        Self(1, 29, 4, "`proxy_http_version 2`", "not modelled: inconclusive where it holds"),
        Self(1, 29, 8, "Several 103 of a backend one after the other", "not told apart: each is read over"),
        Self(
            1, 31, 0, "Captures stay escaped in `set` behind a rewrite with arguments in its replacement",
            "not told apart: they are not escaped"),
        Self(1, 31, 2, "`$request_id` uses SipHash", "its value is random in any release"),
        Self(
            1, 31, 2, "`split_clients` whose shares add up to 100 % always gives a value",
            "before, one text in four thousand million gave none"),
        Self(1, 31, 3, "`Upgrade` of a backend is kept from HTTP/2 clients", "clients speak HTTP/1 here"),
        Self(
            1, 31, 3, "A text that grows between being measured and being written is answered 500",
            "inconclusive in any release: a map with a regular expression beside a capture"),
    ]

    private init(_ major: Int, _ minor: Int, _ patch: Int, _ what: String, _ why: String) {
        release = NginxVersion(major, minor, patch)
        (self.what, self.why) = (what, why)
    }
}
