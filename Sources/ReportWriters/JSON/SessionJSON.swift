import HTTPWire
import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

/// A session of a run as a JSON object.
enum SessionJSON {
    static func object(_ session: SessionResult) -> JSONValue {
        let outcome = session.outcome
        let object: JSONValue = [
            "id": .string(session.id.description),
            "kind": .string(session.transcript.kind.rawValue),
            "client": .string(session.transcript.client.description),
            "server": .string(session.transcript.server.description),
            "tcpStream": .int(session.transcript.tcpStream),
            "verdict": .string(session.verdict.rawValue),
            "capturedStatus": .optional(session.transcript.response?.head.status),
            "status": .optional(outcome.status),
            "clientReceives": .base64(outcome.clientReceives),
            "closedBy": .string(outcome.closedBy.rawValue),
            "closedAt": .optional(outcome.closedAt?.description),
            "closedBecause": outcome.closedBecause.map(RunJSON.explanation) ?? .null,
            "hops": .list(outcome.hops, hop),
            "tunnel": outcome.tunnel.map(tunnel) ?? .null,
            "differences": .list(session.differences, RunJSON.difference),
            "doubts": .list(session.doubts, RunJSON.explanation),
        ]
        return session.before.map { object.merging(["before": prior($0)]) } ?? object
    }

    /// What a session came to with the configuration that it is compared with.
    private static func prior(_ prior: PriorOutcome) -> JSONValue {
        [
            "verdict": .string(prior.verdict.rawValue), "status": .optional(prior.outcome.status),
            "clientReceives": .base64(prior.outcome.clientReceives),
            "closedBy": .string(prior.outcome.closedBy.rawValue), "hops": .list(prior.outcome.hops, hop),
            "tunnel": prior.outcome.tunnel.map(tunnel) ?? .null,
        ]
    }

    private static func hop(_ hop: HopOutcome) -> JSONValue {
        [
            "proxy": .string(hop.proxy),
            "route": hop.route.map(route) ?? .null,
            "upstream": .list(hop.attempts, attempt),
            "response": hop.response.map(response) ?? .null,
            "trace": .list(hop.trace) {
                ["phase": .string($0.phase), "what": .string($0.what), "source": .source($0.source)]
            },
        ]
    }

    private static func route(_ route: Route) -> JSONValue {
        [
            "server": .string(route.server), "location": .string(route.location), "source": .source(route.source),
        ]
    }

    /// `request` is everything that was sent on the attempt: head, body, tunnel bytes as far as the run had them.
    private static func attempt(_ attempt: Attempt) -> JSONValue {
        let request = attempt.request
        return [
            "address": .string(attempt.address),
            "because": .string(attempt.explanation.because),
            "source": .source(attempt.explanation.source),
            "request": .base64(attempt.sent),
            "headers": .list(request?.headers ?? [], header),
            "lost": .list(request?.lost ?? [], lost),
            "version": request.map { RunJSON.explanation($0.version) } ?? .null,
            "target": request.map { RunJSON.explanation($0.target) } ?? .null,
            "result": .string(attempt.result.rawValue),
            "status": .optional(attempt.answeredStatus),
            "refusal": .array(attempt.refusal.map(JSONValue.string)),
        ]
    }

    private static func response(_ response: OutgoingResponse) -> JSONValue {
        [
            "status": .int(response.head.status),
            "reason": .latin1(response.head.reason.bytes),
            "headers": .list(response.headers, header),
            "lost": .list(response.lost, lost),
            "decided": response.decided.map(RunJSON.explanation) ?? .null,
        ]
    }

    private static func header(_ header: OutgoingHeader) -> JSONValue {
        [
            "name": .latin1(header.field.name.bytes), "value": .latin1(header.field.value.bytes),
            "origin": .string(header.origin.rawValue), "because": .string(header.explanation.because),
            "source": .source(header.explanation.source),
        ]
    }

    private static func lost(_ header: LostHeader) -> JSONValue {
        JSONValue.object([
            (key: "name", value: .latin1(header.field.name.bytes)),
            (key: "value", value: .latin1(header.field.value.bytes)),
        ]).merging(RunJSON.explanation(header.explanation))
    }

    private static func tunnel(_ tunnel: TunnelOutcome) -> JSONValue {
        [
            "opened": .string(tunnel.opened.description),
            "client": delivery(tunnel.client),
            "server": delivery(tunnel.server),
            "idle": tunnel.idle.map(idle) ?? .null,
        ]
    }

    private static func delivery(_ delivery: FrameDelivery) -> JSONValue {
        ["frames": .int(delivery.frames), "delivered": .int(delivery.delivered), "lost": .int(delivery.lost)]
    }

    private static func idle(_ idle: IdleEnding) -> JSONValue {
        [
            "proxy": .string(idle.proxy), "limit": .string(idle.limit.decimal),
            "silence": .string(idle.silence.decimal), "at": .string(idle.at.description),
        ]
    }
}
