import HTTPWire
import ProxyModel
import Verdicts
import WebSocketWire
import WireBasics

/// The header lines of a request or a response on their way over the hops, one row a line, one column a stretch.
struct HeaderJourney {
    /// The names of the stretches, in the direction of travel: `client → proxy`, `proxy → upstream`.
    let stretches: [String]
    /// The start lines, one a stretch; nil where nothing was sent.
    let startLines: [[UInt8]?]
    /// The header lines.
    let rows: [Row]

    /// A header line on its way.
    struct Row {
        /// The name as first seen.
        var name: ByteString
        /// The field on each stretch; nil where it is not there.
        var fields: [HeaderField?]
        /// Why it is as it is on a stretch; nil on the first and where nothing is to be said.
        var explanations: [Explanation?]
        /// Where it comes from on a stretch; nil on the first and where it is not there.
        var origins: [HeaderOrigin?]

        /// Whether it is the same all the way.
        var isUnchanged: Bool {
            fields.allSatisfy { $0?.value == fields.first??.value && $0 != nil }
        }
    }

    /// The way of a request from the client to the backend.
    ///
    /// A hop's last attempt with a request counts.
    init(request transcript: SessionTranscript, _ outcome: ExchangeOutcome) {
        let hops = outcome.hops.map { hop in hop.attempts.last { $0.request != nil && $0.request?.isSubrequest != true }
        }
        let requests = hops.map { $0?.request }
        let names = Self.hopNames(outcome.hops)
        stretches =
            ["client → \(names.first ?? "proxy")"]
            + hops.indices.map { index in
                "\(names[index]) → \(index + 1 < names.count ? names[index + 1] : "upstream")"
            }
        startLines =
            [Self.startLine(transcript.request.head.bytes)] + requests.map { $0.map { Self.startLine($0.head.bytes) } }
        rows = Self.rows(
            first: transcript.request.head.headers.fields,
            then: requests.map { request in
                Sent(headers: request?.headers ?? [], lost: request?.lost ?? [], isThere: request != nil)
            })
    }

    /// The way of a response from the backend to the client.
    init?(response outcome: ExchangeOutcome) {
        let responses = Array(outcome.hops.reversed().map(\.response))
        guard responses.contains(where: { $0 != nil }) else { return nil }
        let names = Array(Self.hopNames(outcome.hops).reversed())
        let answered = outcome.hops.last?.attempts.last?.answeredStatus
        let last = responses.first ?? nil
        let backend: [HeaderField] =
            answered == nil
            ? [] : (last?.headers ?? []).filter { $0.origin == .backend }.map(\.field) + (last?.lost ?? []).map(\.field)
        stretches =
            ["upstream → \(names.first ?? "proxy")"]
            + responses.indices.map { index in
                "\(names[index]) → \(index + 1 < names.count ? names[index + 1] : "client")"
            }
        startLines =
            [answered.map { Array("status \($0)".utf8) }] + responses.map { $0.map { Self.startLine($0.head.bytes) } }
        rows = Self.rows(
            first: backend,
            then: responses.map { response in
                Sent(headers: response?.headers ?? [], lost: response?.lost ?? [], isThere: response != nil)
            })
    }

    // MARK: Rows

    /// What one hop sent.
    private struct Sent {
        var headers: [OutgoingHeader]
        var lost: [LostHeader]
        var isThere: Bool
    }

    /// One row for each name and repetition, in the order of first appearance along the way.
    private static func rows(first: [HeaderField], then hops: [Sent]) -> [Row] {
        var rows: [Row] = []
        var places: [Key: Int] = [:]
        func place(_ name: ByteString, _ repetition: Int) -> Int {
            let key = Key(name: name.lowercased, repetition: repetition)
            if let place = places[key] { return place }
            places[key] = rows.count
            let empty = hops.count + 1
            rows.append(
                Row(
                    name: name, fields: Array(repeating: nil, count: empty),
                    explanations: Array(repeating: nil, count: empty), origins: Array(repeating: nil, count: empty)))
            return rows.count - 1
        }
        var seen: [ByteString: Int] = [:]
        for field in first {
            let row = place(field.name, seen[field.name.lowercased, default: 0])
            seen[field.name.lowercased, default: 0] += 1
            rows[row].fields[0] = field
        }
        for (index, sent) in hops.enumerated() {
            var seen: [ByteString: Int] = [:]
            for header in sent.headers {
                let row = place(header.field.name, seen[header.field.name.lowercased, default: 0])
                seen[header.field.name.lowercased, default: 0] += 1
                rows[row].fields[index + 1] = header.field
                rows[row].explanations[index + 1] = header.explanation
                rows[row].origins[index + 1] = header.origin
            }
            // The reason of a loss belongs to the row that is empty on this stretch.
            for lost in sent.lost {
                let name = lost.field.name.lowercased
                let open = rows.firstIndex { row in
                    row.name.lowercased == name && row.fields[index + 1] == nil && row.explanations[index + 1] == nil
                }
                if let open { rows[open].explanations[index + 1] = lost.explanation }
            }
        }
        return rows
    }

    private struct Key: Hashable {
        var name: ByteString
        var repetition: Int
    }

    /// The first line of a head, without its line end.
    private static func startLine(_ bytes: [UInt8]) -> [UInt8] {
        Array(bytes.prefix { $0 != 10 && $0 != 13 })
    }

    /// `proxy` for one; the configurations' names for a chain.
    private static func hopNames(_ hops: [HopOutcome]) -> [String] {
        hops.count == 1 ? ["proxy"] : hops.map { VisibleText.escape($0.proxy) }
    }
}
