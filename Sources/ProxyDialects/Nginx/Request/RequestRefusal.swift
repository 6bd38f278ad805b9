/// Why nginx refuses a request while it reads it.
struct RequestRefusal: Error, Hashable, Sendable {
    /// The status: 400, 405, 414, 494, 501, 505; 494 goes out as 400 with a page of its own.
    var status: Int
    /// nginx's own words for its error log.
    var reason: String
    /// What to change, where a setting would let it pass.
    var mend = ""
    /// Whether nginx goes on reading after its answer, so that the client gets it (`lingering_close`).
    var lingers = false
    /// Whether the request line has no version, so that the answer has no head.
    var isHTTP09 = false
}
