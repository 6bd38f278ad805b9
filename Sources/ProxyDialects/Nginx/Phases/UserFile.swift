import WireBasics

/// A file of `auth_basic_user_file`.
///
/// Source: nginx `ngx_http_auth_basic_handler`: `name:password[:comment]` a line; the first line of a name counts.
struct UserFile: Hashable, Sendable {
    private var passwords: [ByteString: ByteString] = [:]

    /// Reads a file.
    init(_ bytes: [UInt8]) {
        for line in bytes.split(separator: 10, omittingEmptySubsequences: true) {
            guard line.first != UInt8(ascii: "#") else { continue }
            let (name, rest) = ByteString(line).splitOnce(at: UInt8(ascii: ":"))
            guard let rest, passwords[name] == nil else { continue }
            let end = rest.bytes.firstIndex { $0 == UInt8(ascii: ":") || $0 == 13 } ?? rest.count
            passwords[name] = ByteString(rest.bytes[..<end])
        }
    }

    /// The password of a user as the file holds it; nil for an unknown one.
    func password(of user: ByteString) -> ByteString? {
        passwords[user]
    }
}
