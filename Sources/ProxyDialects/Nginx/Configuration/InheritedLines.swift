import WireBasics

/// The lines of a directive that is inherited as a whole or not at all, as `proxy_set_header` and `error_page` are.
///
/// A level that has one line of its own loses every line of the levels around it. Which ones those are is kept: it is
/// the commonest reason for a lost `Upgrade`.
/// Source: nginx `ngx_conf_merge_ptr_value` on the arrays of each module.
struct InheritedLines<Line: Sendable>: Sendable {
    /// The lines in force, in the order of the configuration.
    private(set) var lines: [Line] = []
    /// The level that they stand at: `http`, `server`, `location /ws`; empty where there are none.
    private(set) var level = ""
    /// The lines of outer levels that these ones cancel.
    private(set) var cancelled: [Line] = []
    /// The level that the cancelled lines stand at.
    private(set) var cancelledLevel = ""

    private var isOwn = false

    /// No lines.
    init() {}

    /// Adds a line of the level that is being read.
    mutating func add(_ line: Line, at level: String) {
        if !isOwn {
            if !lines.isEmpty {
                (cancelled, cancelledLevel) = (lines, self.level)
            }
            (lines, self.level, isOwn) = ([], level, true)
        }
        lines.append(line)
    }

    /// Puts an own, empty list in force: `proxy_redirect off`, `error_page` reset.
    mutating func clear(at level: String) {
        if !isOwn, !lines.isEmpty {
            (cancelled, cancelledLevel) = (lines, self.level)
        }
        (lines, self.level, isOwn) = ([], level, true)
    }

    /// Puts the cancelled lines in front of the own ones again.
    mutating func restoreCancelled() {
        lines = cancelled + lines
        cancelled = []
    }

    /// Takes away what is inherited; own lines stay.
    mutating func dropInherited() {
        if !isOwn { lines = [] }
    }

    /// The same lines as an inner level starts with.
    func inherited() -> Self {
        var copy = self
        copy.isOwn = false
        return copy
    }
}
