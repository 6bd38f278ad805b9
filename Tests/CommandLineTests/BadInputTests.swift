import Foundation
import Testing

@Suite("Bad input ends with 2 and a message that says what, where, why and how to mend it")
struct BadInputTests {
    /// A command line over files in a temporary folder, whose path is `@`.
    struct Row: CustomTestStringConvertible {
        var testDescription: String
        var command: String
        var files: [String: [UInt8]] = [:]
        /// What standard error says, in this order.
        var says: [String]
        /// Whether there is a result as well, on standard output.
        var hasResult = false

        init(
            _ description: String, _ command: String, files: [String: String] = [:], says: [String],
            hasResult: Bool = false
        ) {
            testDescription = description
            self.command = command
            self.files = files.mapValues { Array($0.utf8) }
            self.says = says
            self.hasResult = hasResult
        }
    }

    static let chat = "Captures/chat/capture.pcap"
    static let recipe = "Captures/chat/nginx.conf"

    static let captures = [
        Row(
            "a text file as capture", "replay @/notes.pcap --proxy \(recipe)",
            files: ["notes.pcap": "Monday: the sockets broke.\n"],
            says: [
                "error: @/notes.pcap: this is no capture: it looks like text (\"Monday: the sockets broke.\")", "why:",
                "these bytes are 4d6f6e64", "mend: give a file written by tcpdump -w",
            ]),
        Row(
            "a text file to inspect", "inspect @/notes.pcap", files: ["notes.pcap": "Monday\n"],
            says: ["error: @/notes.pcap: this is no capture", "mend:"]),
        Row(
            "an empty file as capture", "replay @/empty.pcap --proxy \(recipe)", files: ["empty.pcap": ""],
            says: ["error: @/empty.pcap: the file is empty", "why:", "mend: capture again"]),
        Row(
            "a capture that is not there", "replay @/none.pcap --proxy \(recipe)",
            says: ["error: @/none.pcap: cannot be read", "No such file or directory", "mend: check the path"]),
        Row(
            "a folder without a capture", "inspect Captures",
            says: [
                "error: there is no capture in the folder Captures", "why:  it holds README.md, chat,",
                "and folders in it are not searched", "mend: name the folder that the captures are in",
            ]),
        Row(
            "an empty folder", "replay @ --proxy \(recipe)",
            says: ["error: there is no capture in the folder @", "why:  it is empty", "mend:"]),
        Row(
            "a capture given twice", "inspect \(chat) \(chat)",
            says: ["error: \(chat) is given twice", "why:  every packet in it would count twice", "mend: name it once"]),
        Row(
            "a capture given by two names", "inspect \(chat) ./\(chat)",
            says: ["error: \(chat) and ./\(chat) are the same file", "mend: name it once"]),
        Row(
            "a text file among captures", "inspect \(chat) @/notes.pcap", files: ["notes.pcap": "Monday\n"],
            says: ["error: @/notes.pcap: this is no capture", "mend:"]),
        Row(
            "captures none of which can be read", "inspect @/a.pcap @/b.pcap", files: ["a.pcap": "", "b.pcap": ""],
            says: ["error: @/a.pcap: the file is empty", "mend:"]),
        Row(
            "transcripts with a line that is none", "replay @/t.ndjson --proxy \(recipe)",
            files: ["t.ndjson": "{\"schema\":\"something else\"}\n"],
            says: [
                "error: @/t.ndjson:1: this line is no transcript", "wsreplay.transcript/1", "mend: write transcripts",
            ]
        ),
        Row(
            "standard input that is no capture", "inspect -",
            says: ["error: -: the file is empty", "mend:"]),
    ]

    static let configurations = [
        Row(
            "a configuration with a missing semicolon", "replay \(chat) --proxy @/nginx.conf",
            files: [
                "nginx.conf": "events {}\nhttp {\n    server {\n        listen 80\n        server_name a;\n    }\n}\n"
            ],
            says: [
                "error: @/nginx.conf:4:18: ", "why:  line 4 has no \";\"", "mend: end line 4 with a \";\": listen 80;",
                "nginx: [emerg] ", "in @/nginx.conf:5", "nginx: configuration file @/nginx.conf test failed",
            ]),
        Row(
            "a configuration that ends in the middle of a block", "try ws://a/ --proxy @/nginx.conf",
            files: ["nginx.conf": "events {}\nhttp {\n    server {\n        listen 80;\n    }\n"],
            says: ["error: @/nginx.conf:6", "unexpected end of file, expecting \"}\"", "mend:"]),
        Row(
            "a directive that nginx does not know", "replay \(chat) --proxy @/nginx.conf",
            files: ["nginx.conf": "events {}\nhttp {\n    server {\n        proxy_passs http://a;\n    }\n}\n"],
            says: ["error: @/nginx.conf:4:9: unknown directive \"proxy_passs\"", "proxy_pass"]),
        Row(
            "the copied recipe without the word server",
            "replay \(chat) --proxy Captures/recipe-copied-wrong/nginx.conf",
            says: [
                "error: Captures/recipe-copied-wrong/nginx.conf:10:9: unknown directive \"192.168.3.1:3000\"", "mend:",
                "server 192.168.3.1:3000;",
            ]),
        Row(
            "the copied recipe that names another upstream block",
            "replay \(chat) --proxy Captures/recipe-copied-wrong-name/nginx.conf",
            says: [
                "error: Captures/recipe-copied-wrong-name/nginx.conf:19", "host not found in upstream \"upstream\"",
                "mend:",
            ]),
        Row(
            "a configuration that is not there", "replay \(chat) --proxy @/none.conf",
            says: ["error: cannot read the configuration @/none.conf: No such file or directory", "mend:"]),
        Row(
            "a folder as configuration", "replay \(chat) --proxy Captures/chat",
            says: ["error: cannot read the configuration Captures/chat: Is a directory", "mend:"]),
        Row(
            "an included file that is not there", "replay \(chat) --proxy @/nginx.conf",
            files: ["nginx.conf": "events {}\nhttp {\n    include missing.conf;\n}\n"],
            says: ["error: @/nginx.conf:3", "missing.conf", "No such file or directory"]),
        Row(
            "a version that is not modelled", "replay \(chat) --proxy \(recipe) --proxy-version 0.7.0",
            says: ["error: ", "0.7.0", "mend:"]),
        Row(
            "a dialect that is not there", "replay \(chat) --proxy \(recipe) --dialect haproxy",
            says: ["error: there is no dialect `haproxy`", "mend: use one of nginx"]),
        Row(
            "no listener for the captured destination", "replay \(chat) --proxy @/nginx.conf",
            files: [
                "nginx.conf":
                    "events {}\nhttp { server { listen 81; return 200; } server { listen 82; return 200; } }\n"
            ],
            says: ["error: no session is addressed to a listener of @/nginx.conf", "127.0.0.1:8080", "mend:", "--at"]),
    ]

    static let cases = [
        Row(
            "an empty case file", "test @", files: ["case.yaml": ""],
            says: ["error: @/case.yaml:1: the case is empty", "mend:"], hasResult: true),
        Row(
            "a case that expects nothing", "test @",
            files: [
                "case.yaml":
                    "description: Nothing.\ncaptures: [capture.pcap]\nproxy: [nginx.conf]\nexpect: []\n"
            ],
            says: ["error: @/case.yaml:4:9: the case expects nothing", "mend:"], hasResult: true),
        Row(
            "a case that is no YAML", "test @", files: ["case.yaml": "expect: [\n"],
            says: ["error: @/case.yaml:", "mend:"], hasResult: true),
        Row(
            "a case with a word that is not known", "test @",
            files: [
                "case.yaml":
                    "description: A.\ncaptures: [a.pcap]\nproxy: [nginx.conf]\nexpect:\n  - sessions: all\n    verdit: same\n"
            ],
            says: ["error: @/case.yaml:6:", "verdit", "verdict"], hasResult: true),
        Row(
            "a case whose capture is missing", "test @",
            files: [
                "case.yaml":
                    "description: A.\ncaptures: [a.pcap]\nproxy: [a.conf]\nexpect:\n  - sessions: all\n    verdict: same\n"
            ],
            says: ["error: @/a.pcap: cannot be read", "mend:"], hasResult: true),
        Row(
            "a folder without a case", "test Tests", says: ["error: there is no case at or below Tests", "case.yaml"]),
        Row("a path without anything", "test @/none", says: ["error: @/none does not exist", "mend:"]),
    ]

    static let usage = [
        Row("an option that is not known", "replay \(chat) --proxi \(recipe)", says: ["--proxi", "--proxy", "Usage:"]),
        Row("a command that is not known", "reply \(chat)", says: ["reply", "Usage:"]),
        Row("no capture", "replay --proxy \(recipe)", says: ["<capture>", "Usage:"]),
        Row("no configuration", "replay \(chat)", says: ["--proxy <config>", "Usage:"]),
        Row("a form that is not there", "inspect \(chat) --format xml", says: ["xml", "text", "json"]),
        Row(
            "an address that is none", "replay \(chat) --proxy \(recipe) --at 80",
            says: ["'80' is invalid for '--at <address:port>'"]),
        Row(
            "a URL behind TLS", "try wss://a.test/ --proxy \(recipe)",
            says: ["error: `wss://a.test/` cannot be tried", "behind TLS", "mend: write for example ws://"]),
        Row(
            "a URL without a host", "try ws://:8080/ --proxy \(recipe)",
            says: ["error: `ws://:8080/` cannot be tried", "mend: write for example ws://"]),
        Row(
            "a header line without a colon", "try ws://a.test:8080/ --proxy \(recipe) -H Origin",
            says: ["error: `Origin` is no header line", "mend: write -H 'Name: value'"]),
        Row(
            "a port that nobody listens at", "try ws://a.test:9/ --proxy @/nginx.conf",
            files: [
                "nginx.conf":
                    "events {}\nhttp { server { listen 81; return 200; } server { listen 82; return 200; } }\n"
            ],
            says: [
                "error: @/nginx.conf does not listen at port 9", "it listens at 0.0.0.0:81, 0.0.0.0:82", "mend:",
                "--at",
            ]),
        Row(
            "observations that are not there", "fidelity @",
            says: ["error: cannot read @/observations.jsonl", "mend:"]),
    ]

    @Test("files, configurations, cases and command lines", arguments: captures + configurations + cases + usage)
    func message(_ row: Row) throws {
        let folder = try TemporaryFolder()
        for (name, bytes) in row.files.sorted(by: { $0.key < $1.key }) { try folder.create(name, bytes) }
        let arguments = row.command.replacing("@", with: folder.url.path).split(separator: " ").map(String.init)
        let ended = try Wsreplay.run(arguments)
        #expect(ended.byExit)
        #expect(ended.status == 2)
        #expect(ended.output.isEmpty != row.hasResult, "standard output: \(ended.text)")
        var rest = ended.diagnostics[...]
        for text in row.says.map({ $0.replacing("@", with: folder.url.path) }) {
            let found = rest.firstRange(of: text)
            #expect(found != nil, "`\(text)` is not in, or not in this order: \(ended.diagnostics)")
            if let found { rest = rest[found.upperBound...] }
        }
    }

    @Test("a truncated capture: what is there is judged, the packet is named, and the status is 2")
    func truncatedCapture() throws {
        let folder = try TemporaryFolder()
        let pcap = Pcap(try Bundled.contents(Self.chat))
        let capture = try folder.create("cut.pcap", pcap.bytes[..<(pcap.boundaries[18] + 20)]).path
        let message = "error: \(capture): file cut in the middle of packet 19\n  why:  "
        for command in ["inspect \(capture)", "replay \(capture) --proxy \(Self.recipe)"] {
            let ended = try Wsreplay.run(command.split(separator: " ").map(String.init))
            #expect(ended.status == 2)
            #expect(ended.diagnostics.hasPrefix(message), "\(ended.diagnostics)")
            #expect(ended.diagnostics.contains("\n  mend: "))
            #expect(ended.prose.contains("18 packets"))
            #expect(ended.prose.contains("file cut in the middle of packet 19"))
        }
        // All sessions are there, the end of the last is not: no sentence without that in it.
        let longer = try folder.create("longer.pcap", pcap.bytes.dropLast(3)).path
        let page = folder.path("longer.html")
        let same = try Wsreplay.run("replay", longer, "--proxy", Self.recipe, "--html", page)
        #expect(same.status == 2)
        let sentence =
            "All 6 sessions come out as captured. What comes behind the cut in the capture is not part of this."
        #expect(same.text.hasSuffix("\n\(sentence)\n"))
        #expect(try String(contentsOfFile: page, encoding: .utf8).contains("<h1>\(sentence)</h1>"))
        // A session that breaks in what is left decides.
        let broken = try Wsreplay.run("replay", longer, "--proxy", Bundled.configuration("chat-no-upgrade-line"))
        #expect(broken.status == 1)
        #expect(broken.diagnostics.contains("file cut in the middle of packet 98"))
    }

    @Test("a capture without HTTP: there is nothing to replay, and why")
    func nothingToReplay() throws {
        let folder = try TemporaryFolder()
        let start = Pcap(try Bundled.contents(Self.chat)).prefix(ofPackets: 3)
        let capture = try folder.create("syn.pcap", start).path
        let ended = try Wsreplay.run("replay", capture, "--proxy", Self.recipe)
        #expect(ended.status == 2)
        #expect(ended.output.isEmpty)
        #expect(ended.diagnostics.contains("there is nothing to replay in \(capture): 3 packets"))
        #expect(ended.diagnostics.contains("mend: capture the plain-text side"))
    }

    @Test("no command at all is no success")
    func noCommand() throws {
        let ended = try Wsreplay.run()
        #expect(ended.status == 2)
        #expect(ended.diagnostics.contains("SUBCOMMANDS"))
        #expect(ended.output.isEmpty)
    }

    @Test(
        "help and version are results: standard output, status 0", arguments: ["--help", "replay --help", "--version"])
    func help(_ command: String) throws {
        let ended = try Wsreplay.run(command.split(separator: " ").map(String.init))
        #expect(ended.status == 0)
        #expect(ended.diagnostics == "")
        #expect(!ended.output.isEmpty)
    }
}
