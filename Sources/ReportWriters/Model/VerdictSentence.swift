import Verdicts

/// What a run comes to, in one sentence that does not promise more than was seen.
struct VerdictSentence {
    /// The sentence.
    private(set) var text: String
    /// The verdict that decides: the worst one that came up; nil when nothing was replayed.
    let verdict: Verdict?

    init(_ run: RunResult) {
        if run.before != nil {
            self.init(comparison: run)
        } else if run.captures.isEmpty, run.sessions.count == 1 {
            self.init(request: run.sessions[0].verdict)
        } else {
            self.init(replay: run)
        }
        if let selection = run.selection, selection.chosen < selection.total {
            let others = selection.total - selection.chosen
            text += " That is without the \(Quantity.counted(others, "session")) that the filter left out."
        }
        if !run.captures.allSatisfy(\.isWhole) { text += Self.cut }
        if run.hiddenRequests > 0 {
            text +=
                " Nothing is known of \(Quantity.counted(run.hiddenRequests, "request")) that the capture lacks in part."
        }
    }

    private static let cut = " What comes behind the cut in the capture is not part of this."

    /// Of a request made by hand: `try`.
    private init(request verdict: Verdict) {
        self.verdict = verdict
        text =
            switch verdict {
            case .broken: "This request does not come through as it should."
            case .inconclusive: "What becomes of this request cannot be told."
            case .changed: "This request comes through, but an end can see a difference."
            case .same, .fixed: "This request comes through as it should."
            }
    }

    /// Of two configurations: `compare`.
    private init(comparison run: RunResult) {
        let total = run.sessions.count
        let sessions = "\(total == 1 ? "the session" : "\(Quantity.grouped(total)) sessions")"
        let counts: [(verdict: Verdict, words: (one: String, many: String))] = [
            (.broken, ("breaks", "break")), (.inconclusive, ("cannot be judged", "cannot be judged")),
            (.changed, ("changes", "change")), (.fixed, ("works now", "work now")),
        ]
        let parts = counts.compactMap { entry -> String? in
            let count = run.count(entry.verdict)
            guard count > 0 else { return nil }
            return "\(Quantity.grouped(count)) \(count == 1 ? entry.words.one : entry.words.many)"
        }
        verdict = total == 0 ? nil : counts.first { run.count($0.verdict) > 0 }?.verdict ?? .same
        if total == 0 {
            text = "Nothing was replayed, so nothing can be said about the change."
        } else if parts.isEmpty {
            text = "Nothing changes for \(sessions)."
        } else {
            text =
                (verdict == .broken ? "Do not deploy this as it is: of " : "Of ")
                + "\(sessions), \(Quantity.list(parts))."
        }
    }

    private init(replay run: RunResult) {
        let total = run.sessions.count
        let broken = run.count(.broken)
        let undecided = run.count(.inconclusive)
        let changed = run.count(.changed)
        let fixed = run.count(.fixed)
        let of = Self.of(total)
        if total == 0 {
            (text, verdict) = ("Nothing was replayed, so nothing can be said about this configuration.", nil)
        } else if broken > 0 {
            var parts = [
                total == 1
                    ? "the session breaks" : "\(Quantity.grouped(broken)) \(of) \(broken == 1 ? "breaks" : "break")"
            ]
            if undecided > 0 { parts.append("\(Quantity.grouped(undecided)) cannot be judged") }
            (text, verdict) = ("Do not deploy this as it is: \(Quantity.list(parts)).", .broken)
        } else if undecided > 0 {
            let what = total == 1 ? "The session" : "\(Quantity.grouped(undecided)) \(of)"
            let others = undecided < total ? " None of the others breaks." : ""
            (text, verdict) = ("\(what) cannot be judged from what was captured.\(others)", .inconclusive)
        } else if changed > 0 {
            let what = total == 1 ? "The session works" : "All \(Quantity.grouped(total)) sessions work"
            let rest = total == 1 ? "" : " for \(Quantity.grouped(changed))"
            (text, verdict) = ("\(what), but an end can see a difference\(rest).", .changed)
        } else if fixed > 0 {
            let what = total == 1 ? "The session" : "\(Quantity.grouped(fixed)) \(of)"
            (text, verdict) = (
                "\(what) failed in the capture and \(fixed == 1 ? "works" : "work") with this configuration.", .fixed
            )
        } else {
            let what = total == 1 ? "The session comes" : "All \(Quantity.grouped(total)) sessions come"
            (text, verdict) = ("\(what) out as captured.", .same)
        }
    }

    private static func of(_ total: Int) -> String {
        "of \(Quantity.grouped(total)) sessions"
    }
}

extension Verdict {
    /// The worst first: the order in which reports list sessions.
    var rank: Int {
        switch self {
        case .broken: 0
        case .inconclusive: 1
        case .changed: 2
        case .fixed: 3
        case .same: 4
        }
    }

    /// A mark that does not rely on colour.
    var mark: String {
        switch self {
        case .broken: "✗"
        case .inconclusive: "?"
        case .changed: "≠"
        case .fixed: "↑"
        case .same: "✓"
        }
    }
}
