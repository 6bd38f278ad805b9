/// How reports are written.
///
/// Every writer takes what concerns it.
public struct ReportOptions: Sendable {
    /// Whether credentials are shown as captured.
    ///
    /// Off: `‹redacted #A, 32 bytes›` in text, HTML and JUnit.
    ///
    /// JSON is not redacted in either case: checks outside compare its bytes with those of a capture or a real proxy.
    public var showsSecrets = false
    /// Width of the terminal in columns; text is wrapped and shortened to it.
    public var columns = 100
    /// Whether terminal output may hold colour codes.
    public var usesColour = false
    /// Whether single frames and messages are listed: `--frames`.
    public var listsFrames = false
    /// Whether the way through the configuration is listed step by step: `--trace`.
    public var listsTrace = false
    /// Sessions that terminal output lists one by one at most; beyond it those that came out the same are counted.
    public var maximumListedSessions = 200
    /// Bytes of one captured value (header, payload) that text and HTML show at most.
    public var maximumShownBytes = 2048
    /// Rows of frames and the like that an HTML report holds at most in all.
    public var maximumRows = 20_000
    /// Bytes after which an HTML report begins no further session's details; the page ends some 100 KB behind it.
    public var maximumPageBytes = 8_000_000
    /// Name and version of this program, as reports name it.
    public var program = "wsreplay"

    /// Options with their defaults.
    public init() {}
}
