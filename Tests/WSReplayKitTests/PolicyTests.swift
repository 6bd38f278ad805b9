import Foundation
import Testing
import WSReplayKit

@Suite("Ready-made policies and their page")
struct PolicyTests {
    static let names = ["alb", "cdn", "http-only", "lower-case", "no-extensions", "transparent"]

    @Test("the page lists every policy there is")
    func listed() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Repository.path("Policies")).sorted()
        #expect(files == Self.names.map { "\($0).yaml" })
        let page = try Repository.text("Documentation/policy.md")
        for file in files { #expect(page.contains("](../Policies/\(file))"), "\(file)") }
    }

    @Test(
        "a WebSocket gets through each of them but the one that knows none",
        arguments: names.map { ($0, $0 == "http-only" ? 426 : 101) })
    func handshake(_ name: String, _ status: Int) throws {
        let run = try Try(
            url: "ws://chat.example.test/chat", proxies: [ProxyChoice(path: Repository.path("Policies/\(name).yaml"))]
        ).run()
        #expect(run.sessions.first?.outcome.status == status)
        #expect(run.proxies.first?.versionChosenBy == "as it is written")
    }

    @Test("the example of the page is a policy")
    func example() throws {
        let block = try #require(
            try Repository.text("Documentation/policy.md").split(separator: "```").first { $0.hasPrefix("yaml\n") })
        let folder = try TemporaryFolder()
        let file = try folder.create("policy.yaml", String(block.dropFirst("yaml\n".count)))
        let run = try Try(
            url: "ws://chat.example.test/rooms/blue", proxies: [ProxyChoice(path: file.path)],
            headers: ["Origin: https://chat.example.test"]
        ).run()
        let hop = try #require(run.sessions.first?.outcome.hops.first)
        #expect(hop.route?.location == "chat")
        #expect(hop.attempts.first?.request?.head.target == "/r/blue")
        #expect(run.sessions.first?.outcome.status == 101)
    }

    @Test("the schema knows the keys that the page's example has, and no policy has others")
    func schema() throws {
        let data = Data(try Repository.bytes("Schemas/policy.schema.json"))
        let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let top = try #require(schema["properties"] as? [String: Any])
        let routes = try #require((top["routes"] as? [String: Any])?["items"] as? [String: Any])
        let route = try #require(routes["properties"] as? [String: Any])
        let page = try Repository.text("Documentation/policy.md")
        for key in Array(top.keys) + Array(route.keys) {
            #expect(page.contains("\(key):"), "the page does not show `\(key)`")
        }
        for name in Self.names {
            for line in try Repository.text("Policies/\(name).yaml").split(separator: "\n") {
                let indent = line.prefix { $0 == " " }.count
                guard let key = line.firstMatch(of: /^\s*(?:- )?([a-zA-Z]+):/)?.1, indent == 0 || indent == 4 else {
                    continue
                }
                #expect(indent == 0 ? top[String(key)] != nil : route[String(key)] != nil, "\(name): \(line)")
            }
        }
    }
}
