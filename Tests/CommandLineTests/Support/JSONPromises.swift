/// What the JSON of each command is promised to hold.
///
/// Readers rely on it: a change here is a change of the schema's number.
enum JSONPromises {
    static func document(_ name: String) -> JSONShape {
        switch name {
        case "inspect", "inspect --frames": inspect(listsFrames: name != "inspect")
        case "test": test
        case "lint": lint
        default: run(name)
        }
    }

    // MARK: inspect

    private static func inspect(listsFrames: Bool) -> JSONShape {
        .object([
            "schema": .word(["wsreplay.inspect/1"]),
            "captures": .array(
                .object([
                    "path": .string, "format": .word(["pcap", "pcapng"]), "packets": .integer, "connections": .integer,
                    "ledger": .object(["packets": .counts, "bytes": .counts]),
                    "sessions": .array(listsFrames ? framedSession : totalledSession),
                ])),
        ])
    }

    private static let exchange: [String: JSONShape] = [
        "id": .string, "kind": .word(["websocket", "http"]), "client": .endpoint, "server": .endpoint,
        "tcpStream": .integer, "complete": .boolean,
        "request": .object([
            "method": .string, "target": .string, "version": .string, "headers": headers, "bytes": .base64,
        ]),
        "response": .orNull(
            .object([
                "version": .string, "status": .integer, "reason": .string, "headers": headers, "bytes": .base64,
            ])),
        "acceptValid": .orNull(.boolean), "subprotocol": .orNull(.string), "extensions": .array(.string),
        "close": .object([
            "client": .orNull(.tuple([.orNull(.integer), .string])),
            "server": .orNull(.tuple([.orNull(.integer), .string])),
            "ending": .word(["fin", "rst", "open", "timeout"]),
        ]),
        "violations": .array(.object(["code": .string, "packet": .integer, "message": .string])),
    ]

    private static let headers = JSONShape.array(.tuple([.string, .string]))
    private static let totals = JSONShape.object(["frames": .integer, "messages": .integer, "payloadBytes": .integer])
    private static let totalledSession = JSONShape.object(
        exchange.merging(["totals": .object(["client": totals, "server": totals])]) { $1 })
    private static let framedSession = JSONShape.object(
        exchange.merging([
            "frames": .array(
                .object([
                    "direction": .word(["client", "server"]), "fin": .boolean, "rsv1": .boolean, "rsv2": .boolean,
                    "rsv3": .boolean, "opcode": .integer, "masked": .boolean, "length": .integer, "sha256": .string,
                    "packet": .integer, "at": .instant,
                ])),
            "messages": .array(
                .object([
                    "direction": .word(["client", "server"]), "opcode": .integer, "length": .integer, "sha256": .string,
                ])),
        ]) { $1 })

    // MARK: replay, try

    private static func run(_ name: String) -> JSONShape {
        .object([
            "schema": .word(["wsreplay.\(name)/1"]),
            "summary": .object([
                "sessions": .integer, "same": .integer, "changed": .integer, "broken": .integer, "fixed": .integer,
                "inconclusive": .integer,
            ]),
            "sessions": .array(session),
        ])
    }

    private static let source = JSONShape.orNull(.string)
    private static let session = JSONShape.object([
        "id": .string, "kind": .word(["websocket", "http"]), "client": .endpoint, "server": .endpoint,
        "verdict": .word(["same", "changed", "broken", "fixed", "inconclusive"]), "status": .orNull(.integer),
        "clientReceives": .base64, "closedBy": .word(["client", "backend", "proxy", "none"]),
        "closedAt": .orNull(.instant), "hops": .array(hop),
        "tunnel": .orNull(.object(["client": delivery, "server": delivery])),
        "differences": .array(
            .object([
                "path": .string, "expected": .value, "actual": .value, "because": .string, "source": source,
                "mend": .string,
            ])),
    ])
    private static let delivery = JSONShape.object(["frames": .integer, "delivered": .integer, "lost": .integer])
    private static let hop = JSONShape.object([
        "proxy": .string,
        "route": .orNull(.object(["server": .string, "location": .string, "source": source])),
        "upstream": .array(
            .object([
                "address": .string, "request": .base64,
                "headers": .array(
                    .object([
                        "name": .string, "value": .string, "origin": .word(["default", "client", "directive"]),
                        "source": source,
                    ])),
                "result": .word(["answered", "refused", "timedOut", "closed"]),
            ])),
        "trace": .array(.object(["what": .string, "source": source])),
    ])

    // MARK: What went wrong

    static let error = JSONShape.object([
        "schema": .word(["wsreplay.error/1"]), "subject": .string, "exitStatus": .integer,
        "problems": .array(.object(["message": .string, "why": .string, "mend": .string, "source": source])),
        "nativeOutput": .array(.string),
    ])

    // MARK: lint

    private static let finding: [String: JSONShape] = [
        "code": .string, "severity": .word(["hint", "warning", "error"]), "message": .string, "why": .string,
        "mend": .string, "source": source, "column": .integer,
        "edits": .array(
            .object([
                "file": .string, "line": .integer, "column": .integer, "endLine": .integer, "endColumn": .integer,
                "text": .string,
            ])),
    ]
    private static let lint = JSONShape.object([
        "schema": .word(["wsreplay.lint/1"]), "command": .string, "summary": .counts,
        "configurations": .array(
            .object([
                "name": .string, "product": .string, "versionChosenBy": .string,
                "files": .array(.object(["path": .string, "sha256": .string])), "findings": .array(.object(finding)),
                "ignored": .array(
                    .object(finding.merging(["ignoredBecause": .string, "ignoredAt": .string]) { $1 })),
                "problems": .array(.object(["message": .string, "why": .string, "mend": .string, "source": source])),
                "nativeOutput": .array(.string),
            ])),
    ])

    // MARK: test

    private static let test = JSONShape.object([
        "schema": .word(["wsreplay.test/1"]),
        "summary": .object(["cases": .integer, "passed": .integer, "failed": .integer, "inconclusive": .integer]),
        "cases": .array(.object(["name": .string, "result": .word(["passed", "failed", "inconclusive", "skipped"])])),
    ])
}
