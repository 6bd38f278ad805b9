import Testing
import WSReplayKit

@Suite("A filter")
struct FilteringTests {
    private static let chat = Repository.path("Captures/chat/capture.pcap")

    @Test("chooses what is listed, and leaves the account of the capture whole")
    func inspection() throws {
        let whole = try #require(try Inspection(captures: [Self.chat]).run().captures.first)
        let filter = try SessionFilter(["kind=websocket", "close=4001"], knowsVerdicts: false)
        let chosen = try #require(try Inspection(captures: [Self.chat], filter: filter).run().captures.first)
        #expect(chosen.sessions.map(\.id.number) == [5])
        #expect(chosen.ledger == whole.ledger)
        #expect(chosen.selection == SessionSelection(expressions: filter.expressions, chosen: 1, total: 6))
    }

    @Test("chooses what is reported of a replay of everything, also by verdict")
    func replay() throws {
        let nginx = ProxyChoice(path: Repository.path("Captures/chat-headers-not-inherited/nginx.conf"))
        let filter = try SessionFilter(["verdict=broken"])
        let run = try Replay(captures: [Self.chat], proxies: [nginx], filter: filter).run()
        #expect(run.sessions.map(\.id.number) == [3, 4, 5])
        #expect(run.selection == SessionSelection(expressions: ["verdict=broken"], chosen: 3, total: 6))
        let whole = try Replay(captures: [Self.chat], proxies: [nginx]).run()
        #expect(run.sessions.map(\.differences) == whole.sessions.filter { $0.verdict == .broken }.map(\.differences))
    }

    @Test("that chooses nothing is an error that says what there is")
    func nothing() throws {
        let filter = try SessionFilter(["path=/nope"])
        let error = #expect(throws: UserError.self) {
            try Inspection(captures: [Self.chat], filter: filter).run()
        }
        #expect(error?.message == "the filter chooses none of the 6 sessions")
        #expect(error?.why.contains("the path is /chat, /, /bye, /chat.js") == true, "\(error?.why ?? "")")
    }

    @Test("leaves it to the sentence to say that others were left out")
    func sentence() throws {
        let nginx = ProxyChoice(path: Repository.path("Captures/chat-headers-not-inherited/nginx.conf"))
        let run = try Replay(
            captures: [Self.chat], proxies: [nginx], filter: SessionFilter(["kind=http"])
        ).run()
        let writer = try #require(ReportRegistry.writer(named: "text"))
        let text = String(decoding: writer.render(.replay(run)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
            .joined(separator: " ")
        #expect(text.contains("3 of 6 sessions chosen by kind=http"))
        #expect(text.contains("That is without the 3 sessions that the filter left out."))
    }
}
