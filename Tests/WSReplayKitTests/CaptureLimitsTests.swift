import Testing

@testable import WSReplayKit

@Suite("Limits")
struct CaptureLimitsTests {
    @Test(
        "a number may have a unit: powers of 1,024 for bytes, of 1,000 for everything else",
        arguments: [
            ("head=1", "head", 1), ("head=64k", "head", 65_536), ("head=2M", "head", 2_097_152),
            ("inflate=1G", "inflate", 1_073_741_824), ("connections=5k", "connections", 5000),
            ("frames=2m", "frames", 2_000_000),
        ])
    func values(assignment: String, name: String, value: Int) throws {
        let limit = try #require(CaptureLimit.named(name))
        #expect(limit.value(of: try CaptureLimits([assignment])) == value)
    }

    @Test(
        "a limit that cannot be read says what there is",
        arguments: [
            ("head", "head needs a number of bytes", "head=256k"), ("head=", "head needs", "head=256k"),
            ("head=0", "head needs", "head=256k"), ("head=-1", "head needs", "head=256k"),
            ("head=1T", "head needs", "head=256k"), ("head=99999999999999999999", "head needs", "head=256k"),
            ("head=9999999999G", "head needs", "head=256k"), ("hed=1", "there is no limit", "did you mean head?"),
            ("=1", "there is no limit", "head=1M"), ("frames=x", "frames needs a number of items", "frames=1M"),
        ])
    func errors(assignment: String, message: String, mend: String) {
        let error = #expect(throws: UserError.self) { try CaptureLimits([assignment]) }
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.mend.contains(mend) == true, "\(error?.mend ?? "")")
    }

    @Test(
        "each limit has a name of its own, says what it bounds, and is written as it is read",
        arguments: CaptureLimit.all)
    func table(limit: CaptureLimit) throws {
        let value = limit.value(of: CaptureLimits())
        #expect(CaptureLimit.all.count { $0.name == limit.name } == 1)
        #expect(!limit.summary.isEmpty && !limit.sign.isEmpty)
        #expect(limit.unit.read(limit.unit.written(value)) == value)
        let changed = try CaptureLimits(["\(limit.name)=7"])
        #expect(limit.value(of: changed) == 7)
        #expect(changed != CaptureLimits())
    }

    @Test("what is told of a limit names it, and a number that is higher")
    func mend() throws {
        let limit = try #require(CaptureLimit.named("head"))
        #expect(limit.mend(from: CaptureLimits()) == "raise it with --limit head=1M")
    }

    @Test(
        "a limit that is reached is told, by the session or by the capture, and nothing is lost unseen",
        arguments: [
            ("head=100", "chat", "limit.head"), ("connections=1", "chat", "limit.connections"),
            ("frames=3", "frames", "limit.frames"),
        ])
    func reached(assignment: String, capture: String, code: String) throws {
        let path = Repository.path("Captures/\(capture)/capture.pcap")
        let report = try Inspection(captures: [path], frames: true, limits: CaptureLimits([assignment])).run()
        let inspected = try #require(report.captures.first)
        let codes =
            inspected.summary.findings.map(\.code) + inspected.sessions.flatMap { $0.transcript.losses.map(\.code) }
        #expect(codes.contains(code), "\(codes)")
        #expect(Ledger.faults(of: inspected) == [])
    }
}
