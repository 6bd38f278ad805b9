import Foundation
import WireBasics

/// Finds case folders: every folder with a `case.yaml` at or below a path.
enum CaseFolders {
    static let fileName = "case.yaml"

    /// The folders, sorted, each once.
    ///
    /// - Throws: `UserError` when a path does not exist or holds no case: a run that tests nothing must not look like
    ///   one that passes.
    static func find(_ paths: [String]) throws(UserError) -> [String] {
        var folders: Set<String> = []
        for path in paths {
            let found = try find(path)
            guard !found.isEmpty else {
                throw UserError(
                    message: "there is no case at or below \(VisibleText.escape(path))",
                    mend: "a case is a folder with a \(fileName); see `wsreplay help test`")
            }
            folders.formUnion(found)
        }
        return folders.sorted()
    }

    private static func find(_ path: String) throws(UserError) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw UserError(message: "\(VisibleText.escape(path)) does not exist", mend: "check the path")
        }
        var trimmed = path[...]
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        guard isFolder.boolValue else { return folder(ofCase: trimmed).map { [$0.isEmpty ? "." : $0] } ?? [] }
        // An enumerator does not follow a link that it starts from.
        let root = URL(filePath: String(trimmed)).resolvingSymlinksInPath().path
        var found: [String] = []
        let files = FileManager.default.enumerator(atPath: root)
        while let file = files?.nextObject() as? String {
            guard let folder = folder(ofCase: file[...]) else { continue }
            found.append(folder.isEmpty ? String(trimmed) : trimmed + (trimmed == "/" ? "" : "/") + folder)
        }
        return found
    }

    /// The folder of a case's file, empty where the path names none; nil for any other file.
    private static func folder(ofCase path: Substring) -> String? {
        // Not with `NSString`, whose path methods trap on names of one character.
        let slash = path.lastIndex(of: "/")
        guard path[(slash.map { path.index(after: $0) } ?? path.startIndex)...] == fileName else { return nil }
        return slash.map { String(path[..<$0]) } ?? ""
    }
}
