import Foundation
import ProxyModel
import WireBasics

/// What the model says a proxy would have done in an observation.
struct Prediction: Encodable {
    let id: String
    var upstream: [Attempt] = []
    var clientReceives: String?
    var status: Int?
    var closedBy: String?
    var closedAt: Int?
    var checkExit: Int?
    var checkOutput: String?

    struct Attempt: Encodable {
        let address: String
        let request: String

        private enum CodingKeys: String, CodingKey {
            case address
            case request = "request_base64"
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, upstream, status
        case clientReceives = "client_receives_base64"
        case closedBy = "closed_by"
        case closedAt = "closed_at_ms"
        case checkExit = "check_exit"
        case checkOutput = "check_stderr"
    }

    /// The prediction for a check of a configuration.
    init(id: String, check: ConfigurationCheck) {
        self.id = id
        checkExit = check.exitStatus
        checkOutput = check.output.map { $0 + "\n" }.joined()
    }

    /// The prediction for a session.
    init(id: String, received: [UInt8], exchanges: [ExchangeOutcome], start: CaptureInstant) {
        self.id = id
        upstream = exchanges.flatMap { $0.hops.first?.attempts ?? [] }.map {
            Attempt(address: $0.address, request: Data($0.sent).base64EncodedString())
        }
        clientReceives = Data(received).base64EncodedString()
        status = StatusLine(received)?.status
        let closer = exchanges.last?.closedBy ?? .client
        closedBy = closer == .backend ? "upstream" : closer == .none ? "client" : closer.rawValue
        if let at = exchanges.last?.closedAt, closer != .client {
            closedAt = Int((at - start).nanoseconds / 1_000_000)
        }
    }
}
