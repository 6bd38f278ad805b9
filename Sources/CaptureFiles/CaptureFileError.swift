package import WireBasics

/// Why a file cannot be read as a capture.
package struct CaptureFileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of error; more may come.
    package struct Code: Hashable, Sendable, CustomStringConvertible {
        /// A stable name, for example `capture.empty`.
        package let description: String

        /// There is no such file.
        package static let missing = Code(description: "capture.missing")
        /// The file cannot be opened or read.
        package static let unreadable = Code(description: "capture.unreadable")
        /// The file has no byte.
        package static let empty = Code(description: "capture.empty")
        /// The file is something else.
        package static let notACapture = Code(description: "capture.not-a-capture")
        /// The file starts like a capture, but its header is damaged or of an unknown version.
        package static let damagedHeader = Code(description: "capture.damaged-header")
    }

    /// The kind of error.
    package var code: Code
    /// The file as the user named it.
    package var path: String
    /// What is the case.
    package var what: String
    /// Why that is an error.
    package var why: String
    /// How to mend it.
    package var mend: String

    init(_ code: Code, path: String, what: String, why: String, mend: String) {
        self.code = code
        self.path = path
        self.what = what
        self.why = why
        self.mend = mend
    }

    /// Where, what, why, how to mend, in one line.
    package var description: String {
        "\(VisibleText.escape(path)): \(what) · \(why) · \(mend)"
    }

    /// The error as a finding of a report.
    package var finding: Finding {
        Finding(
            code: code.description, severity: .error, blame: .capture,
            message: "\(VisibleText.escape(path)): \(what)", why: why, mend: mend)
    }
}

extension Finding {
    /// A file that ends inside a packet.
    static func cut(_ path: String, packet: Int, why: String) -> Finding {
        endsEarly(
            path, code: "capture.cut", what: "file cut in the middle of packet \(packet)", why: why, packet: packet)
    }

    /// A file of which the disk, or the uncompressing, gives no more.
    static func unreadable(_ path: String, packet: Int, failure: String) -> Finding {
        endsEarly(
            path, code: "capture.unreadable", what: "packet \(packet) cannot be read: \(failure)",
            why: "what follows is not in the results", packet: packet)
    }

    /// A capture file whose packets after some point cannot be read.
    static func endsEarly(_ path: String, code: String, what: String, why: String, packet: Int) -> Finding {
        Finding(
            code: code, severity: .warning, blame: .capture, message: "\(VisibleText.escape(path)): \(what)", why: why,
            mend: "the packets before it were read; copy the file again, or stop the capture before copying it",
            packet: packet)
    }
}
