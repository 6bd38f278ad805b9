import Foundation
import Testing
import WSReplayKit

@Suite("Configuration files on disk")
struct DiskConfigSourceTests {
    let folder: TemporaryFolder
    let source = DiskConfigSource()

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("the bytes of a file, whatever they are", arguments: [0, 1, 65_535, 65_536, 65_537, 200_000])
    func contents(_ count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        #expect(try source.contents(of: folder.create("a", bytes).path) == bytes)
    }

    @Test("a file that cannot be read gives the system's number and words")
    func errors() throws {
        let missing = try #require(throws: ConfigSourceError.self) { try source.contents(of: folder.path("none")) }
        #expect(
            missing == ConfigSourceError(path: folder.path("none"), number: ENOENT, text: "No such file or directory"))
        let isFolder = try #require(throws: ConfigSourceError.self) { try source.contents(of: folder.url.path) }
        #expect(isFolder == ConfigSourceError(path: folder.url.path, number: EISDIR, text: "Is a directory"))
        try folder.create("file", "")
        let below = try #require(throws: ConfigSourceError.self) { try source.contents(of: folder.path("file/x")) }
        #expect(below.number == ENOTDIR)
    }

    @Test("a file without end is refused, not read for ever", .enabled(if: access("/dev/zero", R_OK) == 0))
    func endless() throws {
        let error = try #require(throws: ConfigSourceError.self) { try source.contents(of: "/dev/zero") }
        #expect(error.number == EFBIG)
    }

    @Test("patterns match as glob(3) does, sorted; what matches nothing gives nothing")
    func patterns() throws {
        for name in ["b.conf", "a.conf", "c.txt", ".hidden.conf", "sub/d.conf"] { try folder.create(name, "") }
        #expect(source.paths(matching: folder.path("*.conf")) == ["a.conf", "b.conf"].map(folder.path))
        #expect(source.paths(matching: folder.path("*/*.conf")) == [folder.path("sub/d.conf")])
        #expect(source.paths(matching: folder.path("[ab].conf")) == ["a.conf", "b.conf"].map(folder.path))
        #expect(source.paths(matching: folder.path("*.none")) == [])
        #expect(source.paths(matching: folder.path("a.conf")) == [folder.path("a.conf")])
    }
}
