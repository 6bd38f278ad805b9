import WireBasics

/// What was probably meant: the reasons and remedies that go with nginx's messages.
enum NginxMends {
    /// `unknown directive "…"`.
    static func unknownDirective(
        _ statement: NginxSource.Statement, in context: NginxContexts, _ version: NginxVersion
    ) -> NginxComplaint {
        let word = statement.words.first ?? statement.words[0]
        var complaint = NginxComplaint("unknown directive \"\(word.text)\"", word)
        let text = word.text.latin1
        let all = statement.words.map(\.text.description).joined(separator: " ")
        if context == .upstream, let url = try? NginxURL(word.text, defaultPort: 80), url.host.count > 0,
            url.family != .name || !url.hasNoPort
        {
            complaint.why = "a line of an upstream block begins with the word server"
            complaint.mend = "write server \(all);"
        } else if let row = NginxDirectiveTable.rows(word.text).first, !row.exists(in: version) {
            complaint.why =
                row.since.map { "it came with nginx \($0); this is \(version)" }
                ?? "it went with nginx \(row.before.map(\.description) ?? "a later release"); this is \(version)"
            complaint.mend = "remove it, or name another release with --proxy-version"
        } else if let quote = smartQuote(in: text, word) {
            complaint.why = quote
            complaint.mend = "write plain quotes: \" or '"
        } else if word.text.bytes.contains(NginxByte.closeBrace) {
            complaint.why = "a \"{\" in a regular expression begins a block unless the expression is quoted"
            complaint.mend = "quote the whole regular expression: location ~ \"^/\\d{2}$\" { … }"
        } else if let module = thirdParty(text) {
            complaint.why = "it belongs to \(module), which is no part of nginx: without the module nginx says the same"
            complaint.mend = "remove it to test the rest; what it would do is not modelled"
        } else if let near = nearestDirective(text, in: context, version) {
            complaint.why = "there is no such directive; the nearest is \(near)"
            complaint.mend = "write \(near)"
        }
        return complaint
    }

    /// `"…" directive is not allowed here`.
    static func notAllowedHere(
        _ name: NginxWord, _ rows: [NginxDirectiveRow], in context: NginxContexts
    )
        -> NginxComplaint
    {
        let allowed = rows.reduce(into: NginxContexts()) { $0.formUnion($1.contexts) }.names
        let here = context.names.first ?? "here"
        return NginxComplaint(
            "\"\(name.text)\" directive is not allowed here", name,
            why: "this is \(here); it may stand in \(list(allowed))",
            mend:
                "move it to \(allowed.first == "main" ? "the top level of the file" : allowed.first.map { "\($0) { … }" } ?? "its own block")"
        )
    }

    /// `invalid number of arguments in "…" directive`.
    static func numberOfArguments(_ statement: NginxSource.Statement, _ row: NginxDirectiveRow) -> NginxComplaint {
        let count = statement.words.count - 1
        var mend = ""
        if row.name == "proxy_set_header" || row.name == "add_header", count > 2 {
            let value = statement.words.dropFirst(2).map(\.text.description).joined(separator: " ")
            mend = "quote a value with spaces: \(row.name) \(statement.words[1].text) \"\(value)\";"
        }
        return NginxComplaint(
            "invalid number of arguments in \"\(row.name)\" directive", statement.words.first,
            why: "it takes \(row.arguments.words) argument\(row.arguments == .take1 ? "" : "s"), here are \(count)",
            mend: mend)
    }

    /// `invalid parameter "…"`.
    static func invalidParameter(_ word: NginxWord) -> NginxComplaint {
        NginxComplaint("invalid parameter \"\(word.text)\"", word)
    }

    /// A place where nginx stops reading.
    static func failure(_ failure: NginxSource.Failure) -> NginxComplaint {
        var complaint = NginxComplaint(failure.message)
        complaint.line = failure.location.map { .at($0) } ?? .none
        if let opener = failure.opener {
            complaint.word = nil
            complaint.why = "the block \"\(opener.text)\" of line \(opener.location.line) is never closed"
            complaint.mend = "add the \"}\" that is missing"
        } else if failure.message == "unexpected \"}\"", let last = failure.words.last {
            complaint.place = last.end
            complaint.why = "line \(last.location.line) has no \";\" in front of the \"}\""
            complaint.mend = "end line \(last.location.line) with a \";\""
        } else if failure.message == "unexpected \"}\"" {
            complaint.why = "there is one \"}\" more than \"{\""
            complaint.mend = "remove it"
        } else if failure.message.hasPrefix("unexpected end of file"), let last = failure.words.last {
            complaint.place = last.end
            complaint.why = "the last statement has no \";\""
            complaint.mend = "end line \(last.location.line) with a \";\""
        } else if failure.message.hasPrefix("unexpected \""), let last = failure.words.last, last.isQuoted {
            complaint.why = "a space or \";\" must follow the closing quote of \"\(last.text)\""
            complaint.mend = "put the whole word in quotes, or a space behind the quote"
        } else if failure.message.hasPrefix("too long parameter, probably") {
            complaint.why = "a quote that is opened here is never closed"
            complaint.mend = "close it"
        } else if failure.message.contains("Too many open files") {
            complaint.why = "the files include each other without end"
            complaint.mend = "remove one of the includes"
        } else if failure.message.hasPrefix("open()"), failure.location != nil {
            complaint.why = "nginx reads it here, and what it says may decide"
            complaint.mend = "copy the file to that place, or run wsreplay where the whole configuration is"
        }
        return complaint
    }

    /// What to use instead of an obsolete directive of HTTP/2.
    static func replacement(of name: String) -> String {
        let instead = [
            "http2_max_requests": "keepalive_requests", "http2_max_field_size": "large_client_header_buffers",
            "http2_max_header_size": "large_client_header_buffers", "http2_recv_timeout": "client_header_timeout",
            "http2_idle_timeout": "keepalive_timeout",
        ]
        return instead[name].map { ", use the \"\($0)\" directive instead" } ?? ", ignored"
    }

    /// `a, b or c`.
    static func list(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    private static func nearestDirective(_ text: String, in context: NginxContexts, _ version: NginxVersion) -> String?
    {
        guard let near = NearestName.find(text, in: names) else { return nil }
        let here = names.filter { name in
            NginxDirectiveTable.rows(ByteString(name), in: version).contains { !$0.contexts.isDisjoint(with: context) }
        }
        return NearestName.find(text, in: here) ?? near
    }

    private static let names = Set(NginxDirectiveTable.all.map(\.name)).sorted()

    private static func smartQuote(in text: String, _ word: NginxWord) -> String? {
        let quotes: Set<Character> = ["\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}"]
        let decoded = String(decoding: word.text.bytes, as: UTF8.self)
        return decoded.contains(where: quotes.contains)
            ? "it holds typographic quotes, which mean nothing to nginx" : nil
    }

    /// The third-party module that a directive belongs to.
    private static func thirdParty(_ name: String) -> String? {
        let prefixes = [
            ("more_", "headers-more-nginx-module"), ("brotli", "ngx_brotli"), ("zstd", "zstd-nginx-module"),
            ("lua_", "lua-nginx-module"), ("echo", "echo-nginx-module"), ("geoip2", "ngx_http_geoip2_module"),
            ("auth_ldap", "nginx-auth-ldap"), ("auth_pam", "ngx_http_auth_pam_module"), ("pagespeed", "ngx_pagespeed"),
            ("modsecurity", "ModSecurity-nginx"), ("subs_filter", "ngx_http_substitutions_filter_module"),
            ("js_", "njs"), ("nchan_", "nchan"), ("vhost_traffic_status", "nginx-module-vts"),
            ("push_stream", "nginx-push-stream-module"), ("headers_", "a third-party module"),
            ("auth_jwt", "NGINX Plus"), ("health_check", "NGINX Plus"), ("passenger_", "Phusion Passenger"),
            ("otel_", "ngx_otel_module"), ("opentracing", "nginx-opentracing"), ("rtmp", "nginx-rtmp-module"),
            ("fancyindex", "ngx-fancyindex"), ("upload_", "nginx-upload-module"),
            ("check", "nginx_upstream_check_module"),
            ("acme_", "nginx-acme"), ("proxy_connect", "ngx_http_proxy_connect_module"),
        ]
        if name.hasSuffix("_by_lua_block") || name.hasSuffix("_by_lua_file") || name.hasSuffix("_by_lua") {
            return "lua-nginx-module"
        }
        return prefixes.first { name.hasPrefix($0.0) }?.1
    }
}
