import ProxyModel
import WireBasics

/// What nginx would say against a directive, and what we add.
struct NginxComplaint: Error, Hashable {
    /// Which line nginx names.
    enum Line: Hashable {
        /// The line of the directive's end.
        case directive
        /// Another line.
        case at(ConfigLocation)
        /// None.
        case none
    }

    /// nginx's words.
    var message: String
    /// Which line nginx names.
    var line = Line.directive
    /// The word that is wrong, where one is.
    var word: NginxWord?
    /// The place that lacks something, where that is not where nginx complains.
    var place: ConfigLocation?
    /// Why it is wrong, where the message does not say.
    var why = ""
    /// What was probably meant, and what to write.
    var mend = ""

    /// A complaint with its main parts.
    init(_ message: String, _ word: NginxWord? = nil, line: Line = .directive, why: String = "", mend: String = "") {
        self.message = message
        self.word = word
        self.line = line
        self.why = why
        self.mend = mend
    }
}

/// All that `nginx -t` prints, and all that we have to say beyond its first complaint.
struct NginxComplaints: Hashable {
    /// The main file, as nginx repeats it.
    let file: String
    /// Lines on standard error up to nginx's first complaint.
    private(set) var lines: [String] = []
    /// Whether nginx has stopped.
    private(set) var hasStopped = false
    /// Everything that is wrong, nginx's complaint first.
    private(set) var problems: [ConfigurationProblem] = []
    /// What nginx warns of.
    private(set) var warnings: [String] = []
    /// What nginx accepts and a reader should know.
    var findings: [Finding] = []

    /// Nothing to complain of yet.
    init(file: String) {
        self.file = file
    }

    /// Records a complaint.
    ///
    /// nginx prints the first one only and stops.
    mutating func stop(_ complaint: NginxComplaint, at end: ConfigLocation) {
        let nginxPlace: ConfigLocation? =
            switch complaint.line {
            case .directive: end
            case .at(let place): place
            case .none: nil
            }
        if !hasStopped {
            let place = nginxPlace.map { " in \($0.source)" } ?? ""
            lines.append("nginx: [emerg] \(cut(complaint.message))\(place)")
            lines.append("nginx: configuration file \(file) test failed")
            hasStopped = true
        }
        let word = complaint.word?.location
        let place = complaint.place ?? (word?.line == nginxPlace?.line || nginxPlace == nil ? word : nil) ?? nginxPlace
        problems.append(
            .init(message: complaint.message, location: place, why: complaint.why, mend: complaint.mend))
    }

    /// Records what nginx warns of.
    mutating func warn(_ message: String, at place: ConfigLocation?) {
        guard !hasStopped else { return }
        warnings.append(message)
        lines.append("nginx: [warn] \(cut(message))" + (place.map { " in \($0.source)" } ?? ""))
    }

    /// Records a line that nginx prints in any case.
    mutating func note(_ line: String) {
        if !hasStopped { lines.append(line) }
    }

    /// nginx's buffer for a message (`NGX_MAX_CONF_ERRSTR`).
    private func cut(_ message: String) -> String {
        message.utf8.count > 1024 ? String(decoding: Array(message.utf8.prefix(1024)), as: UTF8.self) : message
    }
}
