import Foundation

/// What a real proxy did in an observation.
struct ObservedResult: Decodable {
    let id: String
    let tags: [String]
    let upstream: [Attempt]
    let clientReceives: String?
    let status: Int?
    let closedBy: String?
    let checkExit: Int?
    let checkOutput: String?
    let volatile: [Volatile]

    struct Attempt: Decodable {
        let address: String
        let received: String?

        private enum CodingKeys: String, CodingKey {
            case address
            case received = "received_base64"
        }
    }

    /// What differs from run to run and is masked on both sides.
    struct Volatile: Decodable {
        let place: String
        let regex: String

        private enum CodingKeys: String, CodingKey {
            case place = "in"
            case regex
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, tags, upstream, status, volatile
        case clientReceives = "client_receives_base64"
        case closedBy = "closed_by"
        case checkExit = "check_exit"
        case checkOutput = "check_stderr"
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        id = try container.decode(String.self, forKey: .id)
        tags = try container.decodeIfPresent([String].self, forKey: .tags) ?? []
        upstream = try container.decodeIfPresent([Attempt].self, forKey: .upstream) ?? []
        clientReceives = try container.decodeIfPresent(String.self, forKey: .clientReceives)
        status = try container.decodeIfPresent(Int.self, forKey: .status)
        closedBy = try container.decodeIfPresent(String.self, forKey: .closedBy)
        checkExit = try container.decodeIfPresent(Int.self, forKey: .checkExit)
        checkOutput = try container.decodeIfPresent(String.self, forKey: .checkOutput)
        volatile = try container.decodeIfPresent([Volatile].self, forKey: .volatile) ?? []
    }
}

/// How many observations are predicted, in all and by area.
public struct Agreement: Sendable {
    /// Observations.
    public private(set) var total = 0
    /// Those predicted in every byte.
    public private(set) var agreeing = 0
    private var areas: [String: (total: Int, agreeing: Int)] = [:]
    private var disagreeing: [String] = []

    /// Whether everything is predicted.
    public var isComplete: Bool { total == agreeing }

    init(comparing pairs: [(result: ObservedResult, prediction: Prediction)]) {
        for (result, prediction) in pairs {
            let agrees = Self.agree(result, prediction)
            total += 1
            agreeing += agrees ? 1 : 0
            for tag in result.tags {
                areas[tag, default: (0, 0)].total += 1
                areas[tag, default: (0, 0)].agreeing += agrees ? 1 : 0
            }
            if !agrees { disagreeing.append(result.id) }
        }
    }

    private static func agree(_ result: ObservedResult, _ prediction: Prediction) -> Bool {
        if result.checkOutput != nil {
            return result.checkExit == prediction.checkExit && result.checkOutput == prediction.checkOutput
        }
        let upstream = result.volatile.filter { $0.place != "client" }.map(\.regex)
        let client = result.volatile.filter { $0.place != "upstream" }.map(\.regex)
        let real = result.upstream.map { [$0.address, mask($0.received ?? "", upstream)] }
        let predicted = prediction.upstream.map { [$0.address, mask($0.request, upstream)] }
        return real == predicted
            && mask(result.clientReceives ?? "", client) == mask(prediction.clientReceives ?? "", client)
            && result.status == prediction.status && result.closedBy == prediction.closedBy
    }

    private static func mask(_ base64: String, _ patterns: [String]) -> String {
        let bytes = Data(base64Encoded: base64) ?? Data()
        var text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        for pattern in patterns {
            guard let regex = try? NSRegularExpression(pattern: pattern) else { continue }
            let all = NSRange(text.startIndex..., in: text)
            text = regex.stringByReplacingMatches(in: text, range: all, withTemplate: "<volatile>")
        }
        return text
    }

    /// A table by area and the sum, for people.
    public var text: String {
        var lines = areas.keys.sorted().map { area in
            let counts = areas[area] ?? (0, 0)
            return area.padding(toLength: 24, withPad: " ", startingAt: 0) + " \(counts.agreeing) of \(counts.total)"
        }
        lines += disagreeing.prefix(20).map { "differs: \($0)" }
        if disagreeing.count > 20 { lines.append("and \(disagreeing.count - 20) more") }
        lines.append("\(agreeing) of \(total) observations agree byte for byte")
        return lines.joined(separator: "\n")
    }
}
