import WireBasics

/// MD5 (RFC 1321), for `$apr1$`.
enum MD5 {
    /// The digest of these bytes.
    static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
        for words in padded(bytes) {
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            for index in 0..<64 {
                let (mix, word): (UInt32, Int) =
                    switch index / 16 {
                    case 0: ((b & c) | (~b & d), index)
                    case 1: ((d & b) | (~d & c), (5 * index + 1) % 16)
                    case 2: (b ^ c ^ d, (3 * index + 5) % 16)
                    default: (c ^ (b | ~d), 7 * index % 16)
                    }
                let sum = a &+ mix &+ constants[index] &+ words[word]
                (a, d, c, b) = (d, c, b, b &+ rotate(sum, shifts[index / 16 * 4 + index % 4]))
            }
            for (index, value) in [a, b, c, d].enumerated() { state[index] = state[index] &+ value }
        }
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) } }
    }

    private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
    private static let constants: [UInt32] = [
        0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
        0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
        0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
        0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
        0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
        0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
        0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
        0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
    ]
}

/// Apache's variant of the MD5 password hash, `$apr1$`.
///
/// Source: nginx `ngx_crypt_apr1`; Apache `apr_md5_encode`.
enum APR1 {
    /// The hash as a user file holds it, behind the salt.
    static func hash(_ password: [UInt8], salt: [UInt8]) -> ByteString {
        var digest = MD5.hash(password + salt + password)
        var text = password + Array("$apr1$".utf8) + salt
        var left = password.count
        while left > 0 {
            text += digest.prefix(min(left, 16))
            left -= 16
        }
        var bits = password.count
        while bits > 0 {
            text.append(bits & 1 == 1 ? 0 : password[0])
            bits >>= 1
        }
        digest = MD5.hash(text)
        for round in 0..<1000 {
            var input = round & 1 == 1 ? password : digest
            if round % 3 != 0 { input += salt }
            if round % 7 != 0 { input += password }
            input += round & 1 == 1 ? digest : password
            digest = MD5.hash(input)
        }
        let order = [(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)]
        var out: [UInt8] = []
        for (high, middle, low) in order {
            encode(UInt32(digest[high]) << 16 | UInt32(digest[middle]) << 8 | UInt32(digest[low]), 4, &out)
        }
        encode(UInt32(digest[11]), 2, &out)
        return ByteString(out)
    }

    private static func encode(_ value: UInt32, _ count: Int, _ out: inout [UInt8]) {
        let letters = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var value = value
        for _ in 0..<count {
            out.append(letters[Int(value & 63)])
            value >>= 6
        }
    }
}

/// The bytes in blocks of 16 words, padded as MD5 and SHA-1 pad.
private func padded(_ bytes: [UInt8]) -> [[UInt32]] {
    let bits = UInt64(bytes.count) << 3
    let zeros = (119 - bytes.count % 64) % 64
    let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(8 * $0)) }
    let all = bytes + [0x80] + [UInt8](repeating: 0, count: zeros) + length
    return stride(from: 0, to: all.count, by: 64).map { start in
        (0..<16).map { word in
            (0..<4).reduce(UInt32(0)) { sum, index in
                let byte = UInt32(all[start + word * 4 + index])
                return sum | byte << UInt32(8 * index)
            }
        }
    }
}

private func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
    value << count | value >> (32 - count)
}
