import CaptureFiles
import Foundation
import WireBasics

/// The files that the user's paths mean, in the order to read them.
///
/// A folder means the capture files in it. Captures stand in order of their first packets, whatever the order of the
/// paths; transcripts and what can be read only once (standard input, a pipe) stay where they stand in the list.
struct CaptureList {
    /// The files, in the order to read them.
    let files: [File]
    /// What was passed over in folders.
    let findings: [Finding]

    /// A file to read.
    struct File {
        var path: String
        /// When its first packet was captured, where that was looked up.
        var start: CaptureInstant?
        /// Whether it may change places with others to be in order of time.
        var isOrdered = false
        /// Why it cannot be read at all.
        var failure: CaptureFileError?
    }

    /// Looks up what stands at these paths.
    ///
    /// - Throws: `UserError` when a path does not exist or is no capture, when a folder holds none, and when a file is
    ///   given twice.
    init(_ paths: [String]) throws(UserError) {
        var listing = Listing()
        for path in paths { try listing.add(path) }
        files = Self.inOrderOfTime(listing.files)
        findings = listing.findings
    }

    private static func inOrderOfTime(_ files: [File]) -> [File] {
        var ordered = files.filter(\.isOrdered).sorted {
            ($0.start ?? .distantFuture, $0.path) < ($1.start ?? .distantFuture, $1.path)
        }.makeIterator()
        return files.map { $0.isOrdered ? ordered.next() ?? $0 : $0 }
    }
}

/// Files as they are found.
private struct Listing {
    var files: [CaptureList.File] = []
    var findings: [Finding] = []
    private var pathsByIdentity: [Identity: String] = [:]

    /// What makes two paths name the same file.
    private struct Identity: Hashable {
        var device: UInt
        var inode: UInt
    }

    /// What `stat` says of a path, as far as it matters here.
    private struct Status {
        var identity: Identity
        var isFolder: Bool
        var isRegular: Bool

        init?(_ path: String) {
            var status = stat()
            guard (path == "-" ? fstat(0, &status) : stat(path, &status)) == 0 else { return nil }
            identity = Identity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
            isFolder = status.st_mode & S_IFMT == S_IFDIR
            isRegular = status.st_mode & S_IFMT == S_IFREG
        }
    }

    /// Adds what the user named.
    mutating func add(_ path: String) throws(UserError) {
        guard let status = Status(path) else { throw Self.missing(path) }
        if status.isFolder {
            try addFolder(path)
            return
        }
        if let known = pathsByIdentity.updateValue(path, forKey: status.identity) { throw Self.givenTwice(known, path) }
        guard path != "-", status.isRegular else {
            files.append(CaptureList.File(path: path))
            return
        }
        let file = Self.look(path)
        if let failure = file.failure, failure.code == .notACapture { throw UserError(failure) }
        files.append(file)
    }

    /// Adds the capture files of a folder, not those of folders in it.
    private mutating func addFolder(_ folder: String) throws(UserError) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
            throw UserError(
                message: "\(VisibleText.escape(folder)): this folder cannot be read",
                mend: "check its permissions, or name the captures in it")
        }
        var passedOver: [String] = []
        var own: Set<Identity> = []
        let before = files.count
        for name in names.sorted() {
            let path = folder + (folder.hasSuffix("/") ? "" : "/") + name
            guard !name.hasPrefix("."), let status = Status(path), status.isRegular else {
                passedOver.append(name)
                continue
            }
            let file = Self.look(path)
            // Transcripts beside captures are probably made from them, and a link beside its file is usual
            // (`current.pcap`): neither is meant to be read once more.
            if !file.isOrdered || file.failure?.code == .notACapture || !own.insert(status.identity).inserted {
                passedOver.append(name)
                continue
            }
            if let known = pathsByIdentity.updateValue(path, forKey: status.identity) {
                throw Self.givenTwice(known, path)
            }
            files.append(file)
        }
        guard files.count > before else { throw Self.noCapture(in: folder, passedOver) }
        if !passedOver.isEmpty { findings.append(Self.note(on: folder, passedOver)) }
    }

    /// Reads the first packet of a file that can be read again.
    private static func look(_ path: String) -> CaptureList.File {
        do throws(CaptureFileError) {
            switch try CaptureInput(path: path) {
            case .transcripts: return CaptureList.File(path: path)
            case .capture(let capture): return CaptureList.File(path: path, start: capture.start, isOrdered: true)
            }
        } catch {
            return CaptureList.File(path: path, isOrdered: true, failure: error)
        }
    }

    // MARK: What is said

    private static func note(on folder: String, _ passedOver: [String]) -> Finding {
        Finding(
            code: "capture.passed-over", severity: .hint, blame: .capture,
            message: "\(VisibleText.escape(folder)): passed over: \(list(passedOver))",
            why: "in a folder, files are read that start like a capture; hidden files, folders, transcripts and second "
                + "names of a file are not")
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(10).map { VisibleText.escape($0) }.joined(separator: ", ")
        return names.count > 10 ? shown + " and \(names.count - 10) more" : shown
    }

    private static func noCapture(in folder: String, _ passedOver: [String]) -> UserError {
        UserError(
            message: "there is no capture in the folder \(VisibleText.escape(folder))",
            why: passedOver.isEmpty
                ? "it is empty" : "it holds \(list(passedOver)), and folders in it are not searched",
            mend: "name the folder that the captures are in, or the captures")
    }

    private static func givenTwice(_ known: String, _ path: String) -> UserError {
        let (known, path) = (VisibleText.escape(known), VisibleText.escape(path))
        return UserError(
            message: known == path ? "\(path) is given twice" : "\(known) and \(path) are the same file",
            why: "every packet in it would count twice", mend: "name it once")
    }

    private static func missing(_ path: String) -> UserError {
        do throws(CaptureFileError) {
            _ = try CaptureBytes(path: path)
            return UserError(message: "\(VisibleText.escape(path)): cannot be read", mend: "check the path")
        } catch {
            return UserError(error)
        }
    }
}

extension UserError {
    /// A file that cannot be read as a capture.
    init(_ error: CaptureFileError) {
        self.init(message: "\(VisibleText.escape(error.path)): \(error.what)", why: error.why, mend: error.mend)
    }
}
