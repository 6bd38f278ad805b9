import ArgumentParser
import Foundation
import WSReplayKit

struct FidelityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fidelity",
        abstract: "Measure how far the model agrees with what a real proxy was seen to do.")

    @Argument(help: "A folder with observations.jsonl and the configurations it names.")
    var folder: String

    @Option(help: ArgumentHelp("The observations, where they are not FOLDER/observations.jsonl.", valueName: "file"))
    var observations: String?

    @Option(help: ArgumentHelp("The version to model, where it is not the record's.", valueName: "version"))
    var proxyVersion: String?

    @Option(help: ArgumentHelp("Write the predictions, one JSON line for each observation.", valueName: "file"))
    var predictions: String?

    func run() throws {
        if let predictions { try OutputFiles.check(predictions) }
        let run = Fidelity(folder: folder, observations: observations, proxyVersion: proxyVersion)
        let agreement = try run.run(writingTo: predictions)
        print(agreement.text)
        try (agreement.isComplete ? ExitStatus.asExpected : .differences).finish()
    }
}
