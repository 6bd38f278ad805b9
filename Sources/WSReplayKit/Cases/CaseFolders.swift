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
        let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard isFolder.boolValue else {
            let isCase = (path as NSString).lastPathComponent == fileName
            let folder = (path as NSString).deletingLastPathComponent
            return isCase ? [folder.isEmpty ? "." : folder] : []
        }
        var found: [String] = []
        let files = FileManager.default.enumerator(atPath: trimmed)
        if FileManager.default.fileExists(atPath: trimmed + "/" + fileName) { found.append(trimmed) }
        while let file = files?.nextObject() as? String {
            let folder = (file as NSString).deletingLastPathComponent
            if (file as NSString).lastPathComponent == fileName, !folder.isEmpty {
                found.append(trimmed + "/" + folder)
            }
        }
        return found
    }
}
