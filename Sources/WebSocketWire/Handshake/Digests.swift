import CLibcrypto
import WireBasics

/// SHA-256 of bytes that come piece by piece; one object serves many digests, one after the other.
package final class SHA256Stream {
    private let context = EVP_MD_CTX_new()
    private let algorithm = EVP_sha256()

    package init() {
        restart()
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Forgets what came.
    package func restart() {
        EVP_DigestInit_ex(context, algorithm, nil)
    }

    /// Takes more bytes.
    package func update(_ bytes: RawSpan) {
        _ = bytes.withUnsafeBytes { EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    }

    /// The 32 bytes of the digest; ready for the next one.
    package func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_LENGTH))
        var length: UInt32 = 0
        EVP_DigestFinal_ex(context, &digest, &length)
        restart()
        return digest
    }
}
