/// The memory that nginx reads a request's head into: `client_header_buffer_size`, then `large_client_header_buffers`.
///
/// How much of a head fits depends on what lies in the buffer already, so the reading is followed step by step. What
/// the client sent and nginx has not read yet waits in `unread`, as it would in the socket.
/// Source: nginx `ngx_http_wait_request_handler`, `ngx_http_alloc_large_header_buffer`, `ngx_http_set_keepalive`.
struct HeaderBuffer: Sendable {
    /// Bytes that the client sent and nginx has not read.
    var unread: [UInt8] = []

    /// What was read and not parsed yet starts here.
    private var position = 0
    private var bytes: [UInt8] = []
    private var capacity = 0
    private var isLarge = false
    private var busy = 0
    private var free = 0

    /// Whether nothing of the current buffer is waiting to be parsed.
    var isParsed: Bool { position >= bytes.count }

    /// Whether the current buffer has no room left.
    var isFull: Bool { position >= bytes.count && bytes.count >= capacity }

    /// Whether the client sent anything that is not parsed.
    var hasMore: Bool { !isParsed || !unread.isEmpty }

    /// Makes the first buffer of a connection, or of a request after an idle time.
    mutating func open(size: Int) {
        guard isParsed else { return }
        (bytes, position, capacity, isLarge, busy, free) = ([], 0, max(1, size), false, 0, 0)
    }

    /// Reads what fits; false when there was nothing.
    mutating func fill() -> Bool {
        let count = min(capacity - bytes.count, unread.count)
        guard count > 0 else { return false }
        bytes += unread[..<count]
        unread.removeFirst(count)
        return true
    }

    /// The next byte to parse.
    mutating func next() -> UInt8? {
        guard position < bytes.count else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    /// Empties the buffer: it held nothing but line ends before a request.
    mutating func rewind() {
        (bytes, position) = ([], 0)
    }

    /// Turns to a large buffer, the begun line copied into it; false when there is none left or the line is too long.
    ///
    /// - Parameter lineLength: how much of the begun line is in the old buffer; 0 when it ended there.
    mutating func turnToLarge(size: Int, count: Int, lineLength: Int) -> Bool {
        if lineLength > 0, lineLength >= size { return false }
        if free > 0 {
            free -= 1
        } else if busy >= count {
            return false
        }
        busy += 1
        isLarge = true
        capacity = max(size, 1)
        bytes = [UInt8](repeating: 0, count: lineLength)
        position = lineLength
        return true
    }

    /// Gets ready for the next request on the connection.
    ///
    /// - Parameter size: `client_header_buffer_size`.
    mutating func startNext(size: Int) {
        if isParsed {
            (bytes, position, capacity, isLarge, busy, free) = ([], 0, max(1, size), false, 0, 0)
        } else if isLarge {
            free += max(0, busy - 1)
            busy = 1
        }
    }

    /// Takes bytes that follow the head: a body, the first frames.
    mutating func take(_ limit: Int = .max) -> [UInt8] {
        let first = min(limit, bytes.count - position)
        var out = Array(bytes[position..<(position + first)])
        position += first
        let second = min(limit - first, unread.count)
        out += unread[..<second]
        unread.removeFirst(second)
        return out
    }

    /// Puts bytes back that `take` took too many of.
    mutating func giveBack(_ back: [UInt8]) {
        unread = back + unread
    }
}
