package import WireBasics

/// Keeps, of all silences of a tunnel, exactly those that decide about idle timeouts.
///
/// An idle timeout of length T ends a tunnel at its first silence longer than T. The first silence longer than T is
/// always one that is longer than every silence before it, whatever T is: so the running maxima are all that is needed,
/// and a session of days with a ping every 20 s keeps a handful of them.
package struct SilenceLog: Sendable {
    /// nginx drops a re-arm that moves a timer by less than this (`NGX_TIMER_LAZY_DELAY`, src/event/ngx_event_timer.h).
    package static let lazyDelay = TimeSpan.milliseconds(300)
    /// Silences that beat the longest one so far by less than this are not worth a record: it keeps the log bounded.
    private static let step = TimeSpan.milliseconds(1)

    /// The running maxima so far, in order.
    package private(set) var silences: [Silence] = []
    /// The last activity.
    package private(set) var lastByte: CaptureInstant
    private var lazilyArmed: CaptureInstant
    private var longest = TimeSpan.zero
    private var longestLazy = TimeSpan.zero

    /// A log of a tunnel that opened then.
    package init(opened: CaptureInstant) {
        lastByte = opened
        lazilyArmed = opened
    }

    /// A byte went through, in either direction, or the tunnel ended; the counts are those before it.
    @inline(__always)
    package mutating func activity(
        at instant: CaptureInstant, clientFrames: @autoclosure () -> Int, serverFrames: @autoclosure () -> Int
    ) {
        // Packets of a capture need not be in order of time; a step back is no silence.
        guard instant > lastByte else { return }
        if instant - lastByte > longest + Self.step || instant - lazilyArmed > longestLazy + Self.step {
            longest = max(longest, instant - lastByte)
            longestLazy = max(longestLazy, instant - lazilyArmed)
            // Doubling would be half empty for good, with thousands of tunnels open; records are few.
            if silences.count == silences.capacity { silences.reserveCapacity(silences.count + 4) }
            silences.append(
                Silence(
                    lastByte: lastByte, lazilyArmed: lazilyArmed, until: instant, clientFrames: clientFrames(),
                    serverFrames: serverFrames()))
        }
        lastByte = instant
        if instant - lazilyArmed >= Self.lazyDelay { lazilyArmed = instant }
    }

    /// Bytes that are not in the capture went through between two instants: a silence that they may have interrupted is
    /// none.
    package mutating func doubt(since start: CaptureInstant, until end: CaptureInstant) {
        silences.removeAll { $0.until > start && $0.lastByte < end }
        longest = silences.map { $0.until - $0.lastByte }.max() ?? .zero
        longestLazy = silences.map { $0.until - $0.lazilyArmed }.max() ?? .zero
        guard end > lastByte else { return }
        (lastByte, lazilyArmed) = (end, end)
    }
}
