import WireBasics

// What each module that talks to upstreams checks when the settings of `http` are handed down.
extension NginxChecker {
    /// Source: `ngx_http_proxy_merge_loc_conf` and its like.
    mutating func mergeModule(_ module: String, _ http: Int, _ close: ConfigLocation) {
        let directives =
            module == "proxy" || module == "grpc"
            ? ["\(module)_set_body", "\(module)_set_header"] : ["\(module)_param"]
        // Settings of http count where a server has none of its own, and once.
        var done: Set<Int> = []
        var order: [Int] = []
        for server in servers { order += tree(server.location) }
        for node in order {
            let loc = locations[node].loc
            attempt(at: close) { checker throws(NginxComplaint) in
                if module != "grpc" { try checker.checkBuffers(module, loc) }
                try checker.checkCacheZone(module, loc)
                checker.checkCacheKey(module, loc, at: close)
                for name in directives {
                    var source = loc
                    while !checker.settings[source].headers.contains(where: { $0.directive == name }),
                        let parent = checker.settings[source].parent
                    { source = parent }
                    guard done.insert(source * 2 + (name.hasSuffix("body") ? 1 : 0)).inserted else { continue }
                    for header in checker.settings[source].headers where header.directive == name {
                        try checker.compile(header.words[header.words.count > 2 ? 2 : 1])
                    }
                }
            }
        }
    }

    /// A location and all that it holds, in the order of the file.
    func tree(_ node: Int) -> [Int] {
        [node] + locations[node].children.flatMap { tree($0) }
    }

    private func size(_ name: String, _ loc: Int) -> Int? {
        inherited(name, loc).flatMap { NginxNumbers.size($0[1].text) }
    }

    private func checkBuffers(_ module: String, _ loc: Int) throws(NginxComplaint) {
        let words = inherited("\(module)_buffers", loc)
        let count = words.flatMap { NginxNumbers.number($0[1].text) } ?? 8
        let each = words.flatMap { NginxNumbers.size($0[2].text) } ?? 4096
        let size = max(size("\(module)_buffer_size", loc) ?? 4096, each)
        let name = { (what: String) in "\"\(module)_\(what)\"" }
        guard count >= 2 else {
            throw NginxComplaint("there must be at least 2 \(name("buffers"))", words?.first)
        }
        let larger = "the maximum of the value of \(name("buffer_size")) and one of the \(name("buffers"))"
        let busy = self.size("\(module)_busy_buffers_size", loc) ?? size.multipliedSaturating(by: 2)
        guard busy >= size else {
            throw NginxComplaint("\(name("busy_buffers_size")) must be equal to or greater than \(larger)")
        }
        guard busy <= each.multipliedSaturating(by: count - 1) else {
            throw NginxComplaint(
                "\(name("busy_buffers_size")) must be less than the size of all \(name("buffers")) minus one buffer",
                inherited("\(module)_buffer_size", loc)?.first,
                why: "unless it is set, \(module)_busy_buffers_size is twice the larger of \(module)_buffer_size and"
                    + " one of the \(module)_buffers: here \(busy) bytes",
                mend: "raise \(module)_buffers as well, for example: \(module)_buffers 8 \(size / 1024)k;")
        }
        guard self.size("\(module)_temp_file_write_size", loc) ?? Int.max >= size else {
            throw NginxComplaint("\(name("temp_file_write_size")) must be equal to or greater than \(larger)")
        }
        let most = inherited("\(module)_max_temp_file_size", loc).flatMap { NginxNumbers.size($0[1].text) } ?? Int.max
        guard most == 0 || most >= size else {
            throw NginxComplaint(
                "\(name("max_temp_file_size")) must be equal to zero to disable temporary files usage or must be"
                    + " equal to or greater than \(larger)")
        }
    }

    /// Only `proxy_cache` has a key of its own.
    private mutating func checkCacheKey(_ module: String, _ loc: Int, at close: ConfigLocation) {
        guard module != "proxy", module != "grpc", let cache = inherited("\(module)_cache", loc)?.last,
            cache.text != "off", inherited("\(module)_cache_key", loc) == nil
        else { return }
        complaints.warn("no \"\(module)_cache_key\" for \"\(module)_cache\"", at: close)
    }

    private func checkCacheZone(_ module: String, _ loc: Int) throws(NginxComplaint) {
        guard let word = inherited("\(module)_cache", loc)?.last, word.text != "off",
            !word.text.bytes.contains(NginxByte.dollar),
            let zone = zones.first(where: { $0.name == word.text && $0.purpose == "\(module)_cache" }), zone.key == nil
        else { return }
        throw NginxComplaint(
            "\"\(module)_cache\" zone \"\(word.text)\" is unknown", word,
            mend: "declare it in http: \(module)_cache_path /var/cache/nginx keys_zone=\(word.text):10m;")
    }

    private mutating func attempt(at end: ConfigLocation, _ body: (inout NginxChecker) throws(NginxComplaint) -> Void) {
        do throws(NginxComplaint) {
            try body(&self)
        } catch {
            complaints.stop(error, at: end)
        }
    }
}

extension Int {
    /// The product, or the largest number.
    func multipliedSaturating(by other: Int) -> Int {
        let product = multipliedReportingOverflow(by: other)
        return product.overflow ? .max : product.partialValue
    }
}
