import HTTPWire
import ProxyModel
import WireBasics

/// Passes the body of a backend's response on to the client: how it is delimited on either side, and what nginx holds
/// back in its buffers.
///
/// Order: `begin` with what came behind the head, `receive` for each arrival, `end` when the backend closed, reset or
/// was silent for too long. Once `isOver`, nothing more comes.
///
/// With buffering (the default) a buffer goes to the client when it is full, when it holds all that is missing, or at
/// the end; the head waits with it, unless it is larger than `postpone_output`. This is why a 101 that nginx does not
/// take for a switch (a request without `Upgrade`) does not reach the client before the backend closes or fills a
/// buffer. Without buffering, head and bytes go out as they come.
/// Source: nginx `ngx_event_pipe_read_upstream`, `ngx_event_pipe_write_to_downstream`,
/// `ngx_http_upstream_process_non_buffered_request`, `ngx_http_write_filter`, `ngx_http_chunked_body_filter`.
struct ResponseRelay: Hashable, Sendable {
    /// What the configuration says about buffers, in bytes.
    struct Buffers: Hashable, Sendable {
        /// `proxy_buffering`, and what `X-Accel-Buffering` makes of it.
        var isBuffering = true
        /// `proxy_buffer_size`.
        var first = 4096
        /// The size of `proxy_buffers`.
        var size = 4096
        /// The number of `proxy_buffers`.
        var count = 8
        /// `proxy_busy_buffers_size`: how much goes out at once.
        var busy = 8192
        /// `postpone_output`; 0 never holds a head back.
        var postpone = 1460
    }

    /// How the body that comes from the backend is delimited.
    enum Framing: Hashable, Sendable {
        /// There is none: HEAD, 204, 304.
        case none
        /// So many bytes.
        case length(Int64)
        /// Chunks.
        case chunked
        /// Whatever comes until the connection closes.
        case untilClose

        /// How nginx reads the body behind this head.
        ///
        /// Source: nginx `ngx_http_proxy_input_filter_init`; a 101 that is no switch is an answer like any other.
        init(_ head: UpstreamHead, isHEAD: Bool) {
            if isHEAD || head.status == 204 || head.status == 304 {
                self = .none
            } else if head.isChunked {
                self = .chunked
            } else if let length = head.contentLength {
                self = length == 0 ? .none : .length(length)
            } else {
                self = .untilClose
            }
        }
    }

    /// What goes to the client.
    enum Output: Hashable, Sendable {
        /// The head, now; nothing where there is none (HTTP/0.9).
        case head
        /// Bytes of the body, chunk lines included.
        case body([UInt8])
        /// The response is complete.
        case complete
        /// The response is cut short: the client's connection is closed after what was sent.
        case cutShort(Explanation)
    }

    /// Why the backend's side is over.
    enum Ending: Hashable, Sendable {
        /// It closed.
        case closed
        /// It reset the connection.
        case reset
        /// It was silent for `proxy_read_timeout`.
        case timedOut
    }

    /// Whether nothing more goes to the client.
    private(set) var isOver = false
    /// Whether the backend's connection can serve another request.
    private(set) var keepsUpstream = false

    private let buffers: Buffers
    private let framing: Framing
    private let writesChunks: Bool
    private let closesUpstream: Bool
    private let isHeaderOnly: Bool
    private let passesExtraData: Bool
    private let headSize: Int
    /// Whether the head left no room in its buffer: nginx then takes a read of nothing for the end of the connection.
    private let hasNoRoom: Bool
    private var headIsSent = false
    private var chunks: ChunkedParser
    /// How many bytes are missing; nil when nobody knows.
    private var missing: Int64?
    private var isDone = false
    private var excess = false
    /// The buffer that is being filled, as it came.
    private var filling: [UInt8] = []
    private var capacity: Int
    /// What was taken from buffers and is not yet sent.
    private var pending: [Pending] = []

    private struct Pending: Hashable {
        var content: [UInt8]
        var size: Int
    }

    /// A relay at the end of a head.
    ///
    /// - Parameters:
    ///   - head: the backend's head; `UpstreamHead.http09` where it sent none.
    ///   - response: what the header filter made of it.
    ///   - needsCR: since 1.29.4, see `ChunkedParser`.
    ///   - passesExtraData: before 1.19.1, what comes beyond `Content-Length` in one buffer with its end goes on.
    init(
        _ head: UpstreamHead, isHEAD: Bool, response: FilteredResponse, buffers: Buffers, needsCR: Bool = false,
        passesExtraData: Bool = false
    ) {
        self.passesExtraData = passesExtraData
        self.buffers = buffers
        framing = Framing(head, isHEAD: isHEAD)
        writesChunks = response.isChunked
        closesUpstream = head.closesConnection || head.status == 101
        isHeaderOnly = response.isHeaderOnly
        headSize = response.response?.head.bytes.count ?? 0
        chunks = ChunkedParser(needsCR: needsCR)
        capacity = max(1, buffers.first - head.bytes.count)
        hasNoRoom = buffers.isBuffering && !head.bytes.isEmpty && head.bytes.count >= buffers.first
        switch framing {
        case .none: missing = 0
        case .length(let length): missing = length
        case .chunked: missing = Int64(chunks.atLeast)
        case .untilClose: missing = nil
        }
    }

    /// Starts with what came behind the head.
    mutating func begin(_ unread: [UInt8]) -> [Output] {
        var outputs: [Output] = []
        if isHeaderOnly || !buffers.isBuffering || headSize >= buffers.postpone { sendHead(&outputs) }
        if isHeaderOnly {
            if case .none = framing, unread.isEmpty { keepsUpstream = !closesUpstream }
            return outputs + finish()
        }
        if hasNoRoom, missing != 0 { return outputs + end(.closed) }
        return outputs + receive(unread)
    }

    /// Takes what the backend sent, one arrival at a time.
    mutating func receive(_ bytes: [UInt8]) -> [Output] {
        guard !isOver else { return [] }
        var outputs: [Output] = []
        var rest = bytes[...]
        repeat {
            let room = capacity - filling.count
            filling += rest.prefix(room)
            rest = rest.dropFirst(room)
            let isFull = filling.count >= capacity
            guard isFull || !buffers.isBuffering || missing.map({ Int64(filling.count) >= $0 }) ?? false else { break }
            if let broken = drain(&outputs) { return outputs + [broken] }
            if !buffers.isBuffering || pending.count > buffers.count { write(&outputs, last: isDone) }
        } while !rest.isEmpty && !isDone
        if isDone, !rest.isEmpty { excess = true }
        write(&outputs, last: isDone)
        if isDone {
            keepsUpstream = !closesUpstream && !excess
            outputs += finish()
        }
        return outputs
    }

    /// Takes note that nothing more comes from the backend.
    mutating func end(_ ending: Ending) -> [Output] {
        guard !isOver else { return [] }
        var outputs: [Output] = []
        // After a timeout nginx looks at its buffers no more: what they hold is lost.
        if ending != .timedOut, let broken = drain(&outputs) { return outputs + [broken] }
        write(&outputs, last: true)
        if isDone || (ending == .closed && missing == nil) { return outputs + finish() }
        sendHead(&outputs)
        isOver = true
        let because =
            switch ending {
            case .closed: "the backend closed before its response was complete"
            case .reset: "the backend reset the connection before its response was complete"
            case .timedOut: "the backend was silent for proxy_read_timeout before its response was complete"
            }
        return outputs + [.cutShort(Explanation(because: because))]
    }

    /// Takes the content out of the buffer that is being filled; what ends the response, when it is broken.
    private mutating func drain(_ outputs: inout [Output]) -> Output? {
        defer {
            filling = []
            capacity = max(1, buffers.isBuffering ? buffers.size : buffers.first)
        }
        guard !isDone, !filling.isEmpty || missing == 0 else { return nil }
        let size = capacity
        switch framing {
        case .none:
            excess = !filling.isEmpty
            isDone = true
        case .untilClose:
            pending.append(Pending(content: filling, size: size))
        case .length:
            let left = missing ?? 0
            excess = Int64(filling.count) > left
            let content = passesExtraData ? filling : Array(filling.prefix(Int(clamping: left)))
            missing = max(0, left - Int64(content.count))
            if !content.isEmpty { pending.append(Pending(content: content, size: size)) }
            isDone = missing == 0
        case .chunked:
            var content: [UInt8] = []
            switch chunks.take(filling, count: filling.count, into: &content) {
            case .needsMore: missing = Int64(clamping: chunks.atLeast)
            case .done(let left):
                excess = left > 0
                missing = 0
                isDone = true
            case .invalid:
                isOver = true
                let because = "the backend's chunked body is malformed; nginx gives it up"
                return .cutShort(Explanation(because: because))
            }
            if !content.isEmpty { pending.append(Pending(content: content, size: size)) }
        }
        return nil
    }

    /// Sends what waits: at the end all at once, before that as much at a time as `proxy_busy_buffers_size` allows.
    private mutating func write(_ outputs: inout [Output], last: Bool) {
        while !pending.isEmpty {
            var content: [UInt8] = []
            var size = 0
            while let next = pending.first, last || size == 0 || size + next.size <= buffers.busy {
                content += next.content
                size += next.size
                pending.removeFirst()
            }
            sendHead(&outputs)
            outputs.append(.body(writesChunks ? chunk(content) : content))
        }
    }

    private mutating func finish() -> [Output] {
        var outputs: [Output] = []
        sendHead(&outputs)
        if writesChunks, !isHeaderOnly { outputs.append(.body(Array("0\r\n\r\n".utf8))) }
        isOver = true
        return outputs + [.complete]
    }

    private mutating func sendHead(_ outputs: inout [Output]) {
        guard !headIsSent else { return }
        headIsSent = true
        outputs.append(.head)
    }

    private func chunk(_ content: [UInt8]) -> [UInt8] {
        Array(String(content.count, radix: 16).utf8) + [13, 10] + content + [13, 10]
    }
}
