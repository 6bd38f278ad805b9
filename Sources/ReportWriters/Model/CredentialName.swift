/// Names behind which credentials stand.
///
/// All are given and compared in lower case.
enum CredentialName {
    /// Authentication schemes (IANA's registry, and what is common beside it) that may be shown.
    static let schemes: Set<String> = [
        "basic", "bearer", "digest", "dpop", "hoba", "mutual", "negotiate", "ntlm", "privatetoken", "scram-sha-1",
        "scram-sha-256", "vapid", "token", "apikey", "aws4-hmac-sha256",
    ]

    private static let headers: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "cookie2", "set-cookie", "set-cookie2", "x-api-key",
        "api-key", "apikey", "x-auth", "x-forwarded-client-cert", "ssl-client-cert", "x-ssl-client-cert",
        "authentication-info", "proxy-authentication-info",
    ]

    private static let parameters: Set<String> = [
        "token", "key", "sig", "secret", "password", "passwd", "pwd", "pass", "auth", "authorization", "jwt", "session",
        "sessionid", "sid", "ticket", "credential", "credentials", "code", "apikey", "bearer", "assertion", "nonce",
    ]

    private static let endings = [
        "token", "secret", "signature", "password", "passwd", "-key", "_key", "apikey", "session_id", "session-id",
        "sessionid", "credential",
    ]

    /// Whether the value of a header of that name is a credential.
    static func isHeader(_ name: String) -> Bool {
        headers.contains(name)
            || ["-token", "_token", "-secret", "-password", "api-key", "api_key", "-session", "-session-id"]
                .contains { ends(name, with: $0) }
    }

    /// Whether the value of a query parameter or of a field of JSON of that name is a credential.
    static func isParameter(_ name: String) -> Bool {
        parameters.contains(name)
            || endings.contains { ends(name, with: $0) } && name != "sec-websocket-key"
    }

    /// Whether a subprotocol of that name says that the next one is a credential.
    static func announcesToken(_ subprotocol: String) -> Bool {
        isParameter(subprotocol.lowercased())
    }

    /// By bytes, which is much quicker than by characters and the same for the endings that are looked for.
    private static func ends(_ name: String, with ending: String) -> Bool {
        name.utf8.count >= ending.utf8.count && name.utf8.suffix(ending.utf8.count).elementsEqual(ending.utf8)
    }
}
