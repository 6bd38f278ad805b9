import WireBasics

/// Compares a password with what a user file holds.
///
/// Source: nginx `ngx_crypt`: `$apr1$`, `{PLAIN}`, `{SHA}`, `{SSHA}`, else the system's `crypt(3)`.
enum PasswordCheck {
    /// What a comparison comes to.
    enum Result: Hashable, Sendable {
        case right, wrong
        /// The form is not one that the model computes.
        case unknownScheme
    }

    /// Compares.
    static func check(_ password: ByteString, against stored: ByteString) -> Result {
        if let plain = stored.dropping(prefix: "{PLAIN}") { return plain == password ? .right : .wrong }
        if let encoded = stored.dropping(prefix: "{SHA}") {
            return compare(encoded, digest: SHA1.digest(of: password.bytes), salted: password, isSalted: false)
        }
        if let encoded = stored.dropping(prefix: "{SSHA}") {
            return compare(encoded, digest: [], salted: password, isSalted: true)
        }
        if let rest = stored.dropping(prefix: "$apr1$") {
            let (salt, hash) = rest.splitOnce(at: UInt8(ascii: "$"))
            guard let hash else { return .wrong }
            return APR1.hash(password.bytes, salt: Array(salt.bytes.prefix(8))) == hash ? .right : .wrong
        }
        return .unknownScheme
    }

    private static func compare(
        _ encoded: ByteString, digest: [UInt8], salted password: ByteString, isSalted: Bool
    ) -> Result {
        guard let decoded = BasicCredentials.decodeBase64(encoded.bytes), decoded.count >= 20 else { return .wrong }
        let expected = isSalted ? SHA1.digest(of: password.bytes + decoded[20...]) : digest
        return Array(decoded.prefix(20)) == expected ? .right : .wrong
    }
}
