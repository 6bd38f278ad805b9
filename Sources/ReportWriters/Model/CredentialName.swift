import HTTPWire
import WireBasics

/// Names behind which credentials stand, compared without case.
enum CredentialName {
    /// Authentication schemes (IANA's registry, and what is common beside it) that may be shown.
    static let schemes: Set<String> = [
        "basic", "bearer", "digest", "dpop", "hoba", "mutual", "negotiate", "ntlm", "privatetoken", "scram-sha-1",
        "scram-sha-256", "vapid", "token", "apikey", "aws4-hmac-sha256",
    ]

    private static let headers = NameList(
        names: [
            "authorization", "proxy-authorization", "cookie", "cookie2", "set-cookie", "set-cookie2", "x-api-key",
            "api-key", "apikey", "x-auth", "x-forwarded-client-cert", "ssl-client-cert", "x-ssl-client-cert",
            "authentication-info", "proxy-authentication-info",
        ],
        endings: ["-token", "_token", "-secret", "-password", "api-key", "api_key", "-session", "-session-id"])

    private static let parameters = NameList(
        names: [
            "token", "key", "sig", "secret", "password", "passwd", "pwd", "pass", "auth", "authorization", "jwt",
            "session", "sessionid", "sid", "ticket", "credential", "credentials", "code", "apikey", "bearer",
            "assertion", "nonce",
        ],
        endings: [
            "token", "secret", "signature", "password", "passwd", "-key", "_key", "apikey", "session_id", "session-id",
            "sessionid", "credential",
        ])

    /// Whether the value of a header of that name is a credential.
    static func isHeader(_ name: ArraySlice<UInt8>) -> Bool {
        headers.holds(name)
    }

    /// Whether the value of a query parameter or of a field of JSON of that name is a credential.
    static func isParameter(_ name: ArraySlice<UInt8>) -> Bool {
        parameters.holds(name) && !name.equalsIgnoringCase(FieldName.secWebSocketKey.bytes)
    }

    /// Whether a subprotocol of that name says that the next one is a credential.
    static func announcesToken(_ subprotocol: ArraySlice<UInt8>) -> Bool {
        isParameter(subprotocol)
    }
}

/// Names and endings of names, found by their last byte: it is asked for every word in front of a `=` or a `:`.
private struct NameList: Sendable {
    private struct Entry {
        /// Where its bytes lie in `bytes`.
        let range: Range<Int>
        /// Whether more may stand in front of it.
        let isEnding: Bool
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []
    /// 257 indices: where the entries of each last byte begin.
    private var starts: [Int] = []

    /// All in lower case.
    init(names: [String], endings: [String]) {
        let texts = names.map { (Array($0.utf8), false) } + endings.map { (Array($0.utf8), true) }
        for last in UInt8.min...UInt8.max {
            starts.append(entries.count)
            for (text, isEnding) in texts where text.last == last {
                entries.append(Entry(range: bytes.count..<bytes.count + text.count, isEnding: isEnding))
                bytes += text
            }
        }
        starts.append(entries.count)
    }

    func holds(_ name: ArraySlice<UInt8>) -> Bool {
        guard let last = name.last.map({ Int($0.asciiLowercased) }) else { return false }
        for index in starts[last]..<starts[last + 1] {
            let length = entries[index].range.count
            guard entries[index].isEnding ? name.count >= length : name.count == length else { continue }
            if ends(name, with: entries[index].range) { return true }
        }
        return false
    }

    private func ends(_ name: ArraySlice<UInt8>, with range: Range<Int>) -> Bool {
        let start = name.endIndex - range.upperBound
        for index in range.reversed() where name[start + index].asciiLowercased != bytes[index] { return false }
        return true
    }
}
