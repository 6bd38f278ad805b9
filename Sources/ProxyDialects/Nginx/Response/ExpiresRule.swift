import ProxyModel
import WireBasics

/// What `expires` says.
///
/// Source: nginx `ngx_http_set_expires`.
struct ExpiresRule: Hashable, Sendable {
    /// The forms of the directive.
    enum Form: Hashable, Sendable {
        /// `epoch`.
        case epoch
        /// `max`.
        case max
        /// `expires TIME`: so many seconds from now; negative ones lie in the past.
        case access(Int64)
        /// `expires modified TIME`: so many seconds from the `Last-Modified` line, from now without one.
        case modified(Int64)
        /// `expires @TIME`: at that second of the day, in the time zone of the machine.
        case daily(Int64)
    }

    /// The form.
    var form: Form
    /// The line.
    var source: ConfigLocation?

    /// The values of `Expires` and `Cache-Control`.
    ///
    /// - Parameter lastModified: the second of the `Last-Modified` line.
    func values(at instant: CaptureInstant, lastModified: Int64?) -> (expires: ByteString, cacheControl: ByteString) {
        let now = instant.second
        let expires: Int64
        let age: Int64
        switch form {
        case .epoch: return ("Thu, 01 Jan 1970 00:00:01 GMT", "no-cache")
        case .max: return ("Thu, 31 Dec 2037 23:55:55 GMT", "max-age=315360000")
        case .access(0), .modified(0): return (HTTPDate.text(second: now), "max-age=0")
        case .access(let seconds):
            age = seconds
            expires = now &+ seconds
        case .modified(let seconds):
            expires = (lastModified ?? now) &+ seconds
            age = expires &- now
        case .daily(let secondOfDay):
            // The machine's time zone is not known; the model takes UTC.
            let midnight = now - ((now % 86_400) + 86_400) % 86_400
            expires = midnight + secondOfDay <= now ? midnight + secondOfDay + 86_400 : midnight + secondOfDay
            age = expires - now
        }
        let isPast =
            switch form {
            case .access(let seconds), .modified(let seconds): seconds < 0 || age < 0
            default: age < 0
            }
        return (HTTPDate.text(second: expires), isPast ? "no-cache" : ByteString("max-age=\(age)"))
    }
}
