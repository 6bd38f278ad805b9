import WireBasics

/// Finds the location for a URI.
///
/// Source: nginx `ngx_http_core_find_location`, `ngx_http_core_find_static_location`.
struct LocationSearch {
    /// What was found.
    struct Result {
        /// The location, by its index.
        var location: Int
        /// Whether the URI lacks only the final slash of that location and is redirected there.
        var redirectsToSlash = false
        /// The match of a regex location, whose groups become variables.
        var captures: (RegexWithNames, PCRE2Match)?
        /// The prefix location that would have taken the URI if a regex location did not match it too.
        var passedOver: Int?
        /// The first regex that ran into a limit, which nginx answers with 500.
        var failure: PCRE2MatchError?
        /// Why, in one sentence.
        var reason: String
    }

    /// The locations of the configuration.
    let locations: [LocationConfiguration]

    private enum Static {
        case exact(Int)
        case redirect(Int)
        case prefix(Int)
    }

    /// The location for a normalised URI, seen from a server's own level.
    func find(_ uri: ByteString, in start: Int) -> Result {
        var result = Result(location: start, reason: "no location matches \(uri)")
        _ = search(uri, in: start, &result)
        return result
    }

    /// Whether the search is over.
    private func search(_ uri: ByteString, in level: Int, _ result: inout Result) -> Bool {
        var regexesCount = true
        var prefix: Int?
        switch staticMatch(uri, in: level) {
        case .exact(let index):
            result.location = index
            result.reason = "\(locations[index].title) is exactly the URI \(uri)"
            return true
        case .redirect(let index):
            result.location = index
            result.redirectsToSlash = true
            result.reason = "the URI \(uri) lacks only the final slash of location \(locations[index].title)"
            return true
        case .prefix(let index):
            prefix = index
            result.location = index
            result.reason = "\(locations[index].title) is the longest prefix of \(uri)"
            if case .prefixBeforeRegexes = locations[index].kind {
                regexesCount = false
                result.reason += ", and ^~ keeps regex locations out"
            }
            if search(uri, in: index, &result) { return true }
        case nil:
            break
        }
        guard regexesCount else { return false }
        for index in locations[level].regexes {
            guard case .regex(let regex) = locations[index].kind else { continue }
            do {
                guard let match = try regex.pattern.firstMatch(in: uri) else { continue }
                result.location = index
                result.passedOver = prefix
                result.captures = (regex, match)
                result.reason = "\(locations[index].title) is the first regex location that matches \(uri)"
                _ = search(uri, in: index, &result)
                return true
            } catch {
                result.failure = error
                return true
            }
        }
        return false
    }

    /// The exact, else the longest prefix location of one level.
    private func staticMatch(_ uri: ByteString, in level: Int) -> Static? {
        var longest: Int?
        var redirect: Int?
        for index in locations[level].prefixes {
            let location = locations[index]
            if case .exact = location.kind {
                if location.name == uri { return .exact(index) }
                if location.redirectsToSlash, location.name == uri + "/" { redirect = index }
                continue
            }
            if uri.hasPrefix(location.name), longest.map({ locations[$0].name.count < location.name.count }) ?? true {
                longest = index
            }
            if location.redirectsToSlash, location.name == uri + "/", redirect == nil { redirect = index }
        }
        if let longest, locations[longest].name == uri { return .prefix(longest) }
        if let redirect { return .redirect(redirect) }
        return longest.map { .prefix($0) }
    }
}
