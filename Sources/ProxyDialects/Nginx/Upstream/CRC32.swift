/// The cyclic redundancy check of IEEE 802.3, zlib and nginx's `ngx_crc32`.
enum CRC32 {
    /// The check of these bytes.
    static func of(_ bytes: some Sequence<UInt8>) -> UInt32 {
        ~update(~0, with: bytes)
    }

    /// A running check, before the last inversion; starts from all ones.
    static func update(_ check: UInt32, with bytes: some Sequence<UInt8>) -> UInt32 {
        bytes.reduce(check) { check, byte in
            (0..<8).reduce(check ^ UInt32(byte)) { check, _ in check >> 1 ^ (check & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
    }
}
