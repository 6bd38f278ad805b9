import CLibcrypto
import WireBasics

/// What a page may do: use its own style sheet and its own script, and nothing else.
///
/// Both are named by their SHA-256, so that a script which came in with captured bytes does not run even if it got past
/// the escaping.
enum ContentSecurityPolicy {
    /// The value of the `Content-Security-Policy` meta element for a page with that style sheet and script.
    static func value(style: StaticString, script: StaticString) -> String {
        "default-src 'none'; style-src '\(hash(style))'; script-src '\(hash(script))'; base-uri 'none'; "
            + "form-action 'none'"
    }

    private static func hash(_ source: StaticString) -> String {
        "sha256-" + Base64.encode(sha256(source.withUTF8Buffer { Array($0) })).latin1
    }

    private static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        _ = SHA256(bytes, bytes.count, &digest)
        return digest
    }
}
