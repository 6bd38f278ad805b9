import Foundation

/// A pseudo-terminal of the size that terminals have where nobody says otherwise: none.
struct Terminal {
    /// What the program writes to.
    let programSide: FileHandle
    private let ourSide: Int32

    /// Linux's ways to unlock a pseudo-terminal and to ask for its number; `unlockpt` and `ptsname` are not importable.
    private static let unlock: UInt = 0x4004_5431
    private static let number: UInt = 0x8004_5430

    init() throws {
        ourSide = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (isLocked, number): (Int32, UInt32) = (0, 0)
        guard ourSide >= 0, ioctl(ourSide, Self.unlock, &isLocked) == 0, ioctl(ourSide, Self.number, &number) == 0
        else { throw POSIXError(.ENOTTY) }
        let side = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        guard side >= 0 else { throw POSIXError(.ENOTTY) }
        programSide = FileHandle(fileDescriptor: side, closeOnDealloc: true)
    }

    /// Everything that the program writes until it ends.
    ///
    /// To be called when it runs: our copy of its side is closed.
    func readAll() -> Data {
        try? programSide.close()
        defer { close(ourSide) }
        var all = Data()
        var chunk = [UInt8](repeating: 0, count: 4096)
        while true {
            // Linux answers EIO when the last program has closed its side.
            let count = read(ourSide, &chunk, chunk.count)
            guard count > 0 else { return all }
            all += chunk[..<count]
        }
    }
}
