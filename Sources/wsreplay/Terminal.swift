import Foundation
import WSReplayKit

/// Facts about standard output.
enum Terminal {
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Columns of the terminal; the default of `ReportOptions` where there is none.
    static var columns: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col >= 40 else {
            return ReportOptions().columns
        }
        return Int(size.ws_col)
    }
}
