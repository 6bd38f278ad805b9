import Foundation
public import ProxyModel
public import ReportWriters
import Verdicts
import WireBasics
import YAMLDocuments

/// Runs case folders: each case's captures through its proxies, and its expectations on what comes out.
public struct CaseRunner: Sendable {
    /// Folders with cases at or below them, or `case.yaml` files.
    public var paths: [String]
    /// Where configuration files come from.
    public var source: any ConfigSource

    /// A run of all cases at or below these paths.
    public init(paths: [String], source: any ConfigSource = DiskConfigSource()) {
        self.paths = paths
        self.source = source
    }

    /// Runs every case; one that cannot be run does not keep the others from running.
    ///
    /// - Parameter command: what the report says the user typed.
    /// - Throws: `UserError` when a path holds no case.
    public func run(command: String = "") throws(UserError) -> CaseRun {
        var results: [TestCaseResult] = []
        var unusable: [UserError] = []
        for folder in try CaseFolders.find(paths) {
            do {
                let result = try result(of: folder)
                results.append(result)
                unusable += result.run?.captures.compactMap(UserError.init(damageOf:)) ?? []
            } catch {
                unusable.append(error)
                results.append(Self.unusable(error, folder))
            }
        }
        return CaseRun(report: TestReport(command: command, cases: results), unusable: unusable)
    }

    private func result(of folder: String) throws(UserError) -> TestCaseResult {
        let file = folder + "/" + CaseFolders.fileName
        let contents: CaseFile
        do {
            contents = try CaseFile(yaml: String(decoding: try read(file), as: UTF8.self), file: file)
        } catch let error as CaseFileError {
            throw UserError(message: error.message, location: error.location, mend: error.mend)
        } catch let error as UserError {
            throw error
        } catch {
            throw UserError(message: "\(file) cannot be read", mend: "check the file")
        }
        var replay = Replay(
            captures: contents.captures.map { Self.path($0, in: folder) },
            proxies: contents.proxies.map {
                ProxyChoice(path: Self.path($0, in: folder), version: contents.proxyVersion)
            },
            backends: contents.backends, listener: contents.listener, source: source)
        replay.reloads = contents.reloads
        let refusals = contents.expectations.filter { $0.sessions == .configuration }
        do {
            let run = try replay.run(command: "wsreplay test \(folder)")
            var failures = contents.expectations.filter { $0.sessions != .configuration }
                .flatMap { $0.failures(in: run.sessions) }
            failures += refusals.flatMap { $0.failures(ofAccepted: folder) }
            return Self.result(folder, contents, failures, run)
        } catch  where !refusals.isEmpty && error.isConfigurationError {
            // The case expects that the configuration is refused, and it was.
            return Self.result(folder, contents, refusals.flatMap { $0.failures(of: error) }, nil)
        }
    }

    private static func result(
        _ folder: String, _ contents: CaseFile, _ failures: [FailedClaim], _ run: RunResult?
    ) -> TestCaseResult {
        // What is inconclusive and expected to be is fine; what fails only where the model has doubts is no failure.
        let doubtful = Set(run?.sessions.filter { $0.verdict == .inconclusive }.map(\.id) ?? [])
        let damage = run?.captures.compactMap(\.damage).map { Explanation(because: $0.message, mend: $0.mend) } ?? []
        let isOnlyDoubt = !failures.isEmpty && failures.allSatisfy { $0.session.map(doubtful.contains) ?? false }
        let doubts = run?.sessions.filter { doubtful.contains($0.id) }.flatMap(\.doubts) ?? []
        // What holds for a part of a capture need not hold for the rest: a case on a cut file does not pass.
        let isPassed = failures.isEmpty && damage.isEmpty
        let isFailed = !failures.isEmpty && !isOnlyDoubt
        return TestCaseResult(
            name: folder, ending: isPassed ? .passed : isFailed ? .failed : .inconclusive, failures: failures,
            reasons: damage + (isOnlyDoubt ? doubts : []), expectations: contents.expectations.count, run: run)
    }

    private static func unusable(_ error: UserError, _ folder: String) -> TestCaseResult {
        let reason = Explanation(because: error.message, source: error.location, mend: error.mend)
        return TestCaseResult(name: folder, ending: .inconclusive, reasons: [reason], expectations: 0)
    }

    private func read(_ path: String) throws(UserError) -> [UInt8] {
        do {
            return try source.contents(of: path)
        } catch {
            throw UserError(
                message: "cannot read \(VisibleText.escape(path)): \(error.text)", mend: "check the file's permissions")
        }
    }

    private static func path(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }
}

/// What became of a run of cases.
public struct CaseRun: Sendable {
    /// The cases and their results.
    public var report: TestReport
    /// Cases that could not be run at all.
    public var unusable: [UserError]
}

extension Expectation {
    /// The claims about a refused configuration, when the configuration was accepted.
    fileprivate func failures(ofAccepted folder: String) -> [FailedClaim] {
        claims.map { claim in
            FailedClaim(
                location: claim.location, session: nil,
                difference: Difference(
                    path: "configuration", expected: "refused", actual: "accepted", severity: .error,
                    explanation: Explanation(because: "the configuration was accepted")))
        }
    }

    /// The claims about a refused configuration that its refusal does not meet.
    fileprivate func failures(of error: UserError) -> [FailedClaim] {
        claims.compactMap { claim in
            guard case .refused(let message, let line) = claim.what else { return nil }
            let isThere = message.map { error.message.contains($0) } ?? true
            guard !isThere || (line != nil && line != error.location?.line) else { return nil }
            let expected = [message, line.map { "line \($0)" }].compactMap(\.self).joined(separator: ", ")
            let actual = [error.message, error.location.map { "line \($0.line)" }].compactMap(\.self)
            return FailedClaim(
                location: claim.location, session: nil,
                difference: Difference(
                    path: "configuration", expected: .text(ByteString(expected)),
                    actual: .text(ByteString(actual.joined(separator: ", "))), severity: .error,
                    explanation: Explanation(because: error.message, source: error.location, mend: error.mend)))
        }
    }
}
