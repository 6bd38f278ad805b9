import HTTPWire
import ProxyModel
import WireBasics

/// A request on its way through nginx.
///
/// Source: nginx `ngx_http_request_t`; the fields that change the way of a request, under their standard names.
struct Request: Sendable {
    /// The request line as sent, its end taken off.
    var line: ByteString = ""
    /// The method as sent, or `GET` after an error page.
    var method: ByteString = ""
    /// The version as nginx counts it: 9, 1000, 1001.
    var version = 1000
    /// The version's text: `$server_protocol`.
    var protocolText: ByteString = ""
    /// Bytes read so far: `$request_length`.
    var length = 0

    /// The normalised URI, or what it was rewritten to.
    var uri: ByteString = ""
    /// The arguments, or what they were rewritten to.
    var arguments: ByteString = ""
    /// The target as sent: `$request_uri`.
    var unparsedURI: ByteString = ""
    /// Whether the target can go out as it was sent (`valid_unparsed_uri`).
    var canPassUnparsed = true
    /// Whether the target held percent escapes (`quoted_uri`).
    var isQuoted = false
    /// Whether it held a `+` (`plus_in_uri`).
    var hasPlus = false

    /// The header lines that nginx took note of.
    var headers: [HeaderField] = []
    /// The host, in lower case, without port; empty without one (`headers_in.server`).
    var host: ByteString = ""
    /// What `Connection` asks for.
    var connection = ConnectionOption.none
    /// `Content-Length`.
    var contentLength: Int64?
    /// Whether the body comes in chunks.
    var isChunked = false

    /// Whether the client's connection may serve another request after this one.
    var keepsAlive = false
    /// Whether nginx reads on after its answer before it closes.
    var lingers = false
    /// Whether the request was redirected inside nginx, or is a subrequest.
    var isInternal = false
    /// Whether the location's prefix still stands at the start of the URI (`valid_location`).
    var hasValidLocation = true
    /// Whether a rewrite changed the URI, so that a location is looked for again.
    var isURIChanged = false
    /// How many more times that may happen.
    var uriChangesLeft = 11
    /// Whether an error page was already looked for (`error_page`).
    var isErrorPageDone = false
    /// Whether `100 Continue` was sent or is no longer due.
    var isExpectTested = false

    /// The server, by its index.
    var server = 0
    /// Whether no `server_name` of the address is the host.
    var isInDefaultServer = false
    /// The location whose settings hold, by its index.
    var location = 0
    /// The prefix location that a regular expression was asked before, by its index.
    var passedOver: Int?
    /// What will produce the answer.
    var handler: ContentHandler?
    /// The last regular expression's match: `$1`.
    var captures: PCRE2Match?

    /// The status that an error page keeps (`err_status`).
    var errorStatus: Int?
    /// The `error_page` that the request went through.
    var errorPage: ConfigLocation?
    /// What an answer of nginx's own carries besides the usual.
    var answer = AnswerDraft()
    /// Whether a response head went out.
    var isHeaderSent = false

    /// The body as it was read.
    var body: [UInt8] = []
    /// How far reading the body has come.
    var bodyState = BodyState.unread

    /// The client's address after realip.
    var remoteAddress: IPAddress?
    var remotePort: UInt16 = 0
    /// Modules that act once a request.
    var done: Set<OncePerRequest> = []
    /// What the access phase has found so far under `satisfy any`.
    var accessCode: Int?
    /// The refusal that `auth_delay` keeps back.
    var delayedStatus: Int?
    /// Counted connections of `limit_conn`, given back at the end.
    var countedConnections: [CountedConnection] = []
    /// The result of `auth_request`, once it is there.
    var subrequestResult: SubrequestResult?

    /// The attempts at upstreams: `$upstream_addr` and its kin.
    var attempts: [AttemptRecord] = []
    /// The exchange with an upstream that is going on.
    var exchange: UpstreamExchange?

    /// Whether this is a subrequest of `auth_request`.
    var isSubrequest = false
    /// When its first byte came.
    var started = CaptureInstant.epoch

    /// What `Connection` asks for, as nginx reads it: the last line that says either.
    enum ConnectionOption: Hashable, Sendable {
        case none, close, keepAlive
    }

    /// How far reading the body has come.
    enum BodyState: Hashable, Sendable {
        /// Nobody wants it yet.
        case unread
        /// It is being read for the upstream.
        case reading
        /// It is there.
        case read
        /// It is being thrown away.
        case discarding(rest: Int64)
        /// It was thrown away.
        case discarded
    }

    /// What happens at most once a request, however often it is redirected.
    enum OncePerRequest: Hashable, Sendable {
        case realIP, connectionLimit, requestLimit
    }

    /// What a subrequest came to.
    struct SubrequestResult: Hashable, Sendable {
        /// Its status.
        var status: Int
        /// `WWW-Authenticate` of its answer.
        var challenges: [ByteString]
    }

    /// A key that `limit_conn` counts this request under.
    struct CountedConnection: Hashable, Sendable {
        /// The zone, by its index.
        var zone: Int
        /// The key.
        var key: ByteString
    }

    /// The value of the first line of that name.
    func header(_ name: ByteString) -> ByteString? {
        headers.first { $0.name.equalsIgnoringCase(name) }?.value
    }

    /// Whether the client asks for a change of protocol: an `Upgrade` line of any value.
    var asksForUpgrade: Bool {
        headers.contains { $0.name.equalsIgnoringCase("Upgrade") }
    }
}

/// What nginx's own answer carries.
struct AnswerDraft: Sendable {
    /// `Location`, before it is made absolute.
    var location: ByteString?
    /// `WWW-Authenticate`.
    var challenges: [ByteString] = []
    /// Header lines that an `X-Accel-Redirect` left for whatever answers in the end.
    var kept: HeadersOut?
    /// Why the status is what it is.
    var decided: Explanation?
    /// Header lines of the answer as they went out: `$sent_http_…`.
    var sent: [HeaderField] = []
    /// The status of the answer.
    var status = 0
}

/// One attempt at an upstream, for `$upstream_addr` and its kin.
struct AttemptRecord: Sendable {
    /// Where it went, as nginx writes it; nil for a row that only separates internal redirects.
    var address: ByteString?
    /// The status it gave; nil while there is none.
    var status: Int?
    /// When it began.
    var started: CaptureInstant
    /// When the connection was there, the head, the end.
    var connected: CaptureInstant?
    var headed: CaptureInstant?
    var ended: CaptureInstant?
    /// How much was received and sent.
    var bytesReceived = 0
    var bytesSent = 0
    /// How long the response's body was.
    var bodyLength = 0
}
