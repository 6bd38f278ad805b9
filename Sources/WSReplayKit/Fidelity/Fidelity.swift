import Foundation
import ProxyDialects
import ProxyModel
import WireBasics

/// Measures how far the model agrees with what a real proxy was seen to do.
public struct Fidelity: Sendable {
    /// The folder with the configurations; `observations.jsonl` lies there unless named otherwise.
    public var folder: String
    /// The observations; nil for `FOLDER/observations.jsonl`.
    public var observations: String?
    /// The version to model; nil for the one that each record names.
    public var proxyVersion: String?

    /// A measurement on that folder.
    public init(folder: String, observations: String? = nil, proxyVersion: String? = nil) {
        self.folder = folder
        self.observations = observations
        self.proxyVersion = proxyVersion
    }

    /// Predicts every observation from its inputs and compares with its results.
    ///
    /// - Parameter predictions: where to write the predictions, one JSON line each; nil for nowhere.
    /// - Throws: `UserError` when the observations cannot be read or the predictions not written.
    public func run(writingTo predictions: String?) throws(UserError) -> Agreement {
        let path = observations ?? folder + "/observations.jsonl"
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UserError(
                message: "cannot read \(VisibleText.escape(path))", mend: "name the file with --observations")
        }
        var records: [Observation] = []
        var results: [ObservedResult] = []
        for (number, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do {
                records.append(try JSONDecoder().decode(Observation.self, from: Data(line)))
                results.append(try JSONDecoder().decode(ObservedResult.self, from: Data(line)))
            } catch {
                throw UserError(
                    message: "no observation", location: ConfigLocation(file: path, line: number + 1),
                    why: "\(error)",
                    mend: "each line is a JSON object with id, proxy, config, client_sends and upstream")
            }
        }
        let predicted = predict(records)
        if let predictions { try write(predicted, to: predictions) }
        return Agreement(
            comparing: zip(results, predicted).map { (result: $0, prediction: $1) })
    }

    /// Observations of one configuration share a proxy, in order.
    private func predict(_ records: [Observation]) -> [Prediction] {
        var runs: [[Int]] = []
        var runOf: [String: Int] = [:]
        for (index, record) in records.enumerated() {
            let key = record.proxy + " " + record.config
            if let run = runOf[key] {
                runs[run].append(index)
            } else {
                runOf[key] = runs.count
                runs.append([index])
            }
        }
        var predictions: [Prediction?] = Array(repeating: nil, count: records.count)
        for run in runs {
            for (index, prediction) in zip(run, FidelityRun(run.map { records[$0] }, in: self).predictions()) {
                predictions[index] = prediction
            }
        }
        return predictions.compactMap(\.self)
    }

    private func write(_ predictions: [Prediction], to path: String) throws(UserError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var lines = Data()
        for prediction in predictions {
            if let line = try? encoder.encode(prediction) { lines += line + Data("\n".utf8) }
        }
        guard FileManager.default.createFile(atPath: path, contents: lines) else {
            throw UserError(
                message: "cannot write \(VisibleText.escape(path))", mend: "name a file in a folder that can be written"
            )
        }
    }
}
