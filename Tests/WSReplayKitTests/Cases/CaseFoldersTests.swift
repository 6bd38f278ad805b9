import Foundation
import Testing

@testable import WSReplayKit

@Suite("Case folders")
struct CaseFoldersTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        for name in ["b/case.yaml", "a/case.yaml", "a/deep/er/case.yaml", "c/other.yaml", "d/case.yaml.old"] {
            try folder.create(name, "")
        }
    }

    @Test(
        "every folder with a case.yaml at or below a path, sorted",
        arguments: [
            ([""], ["a", "a/deep/er", "b"]), (["/"], ["a", "a/deep/er", "b"]), (["/a"], ["a", "a/deep/er"]),
            (["/a/"], ["a", "a/deep/er"]), (["/a//"], ["a", "a/deep/er"]), (["/b"], ["b"]),
            (["/a/case.yaml"], ["a"]), (["/b", "/a", ""], ["a", "a/deep/er", "b"]),
            (["/b/case.yaml", "/b"], ["b"]),
        ])
    func found(_ paths: [String], _ names: [String]) throws {
        let found = try CaseFolders.find(paths.map { folder.url.path + $0 })
        #expect(found == names.map { folder.path($0) })
    }

    @Test(
        "a path that holds no case is an error, beside others that do: a run that tests nothing must not pass",
        arguments: ["/c", "/d", "/c/other.yaml"])
    func nothingFound(_ path: String) throws {
        let error = try #require(throws: UserError.self) {
            try CaseFolders.find([folder.path("a"), folder.url.path + path])
        }
        #expect(error.message == "there is no case at or below \(folder.url.path)\(path)")
    }

    @Test("a path that is not there is an error", arguments: ["/none", "/a/none/case.yaml"])
    func missing(_ path: String) throws {
        let error = try #require(throws: UserError.self) { try CaseFolders.find([folder.url.path + path]) }
        #expect(error.message == "\(folder.url.path)\(path) does not exist")
    }

    @Test("a link to a folder is followed where it is named")
    func link() throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path("link"), withDestinationPath: folder.path("a"))
        #expect(try CaseFolders.find([folder.path("link")]) == [folder.path("link"), folder.path("link/deep/er")])
    }
}
