import Foundation
import ReportWriters
import Testing
import Verdicts
import WireBasics

@testable import ReportWriters

@Suite struct HTMLReportTests {
    private static let page = SampleDocuments[.replay].text("html")

    private static func matches(_ pattern: Regex<(Substring, Substring)>, in text: String) -> [String] {
        text.matches(of: pattern).map { String($0.output.1) }
    }

    @Test("names on a page are unique and every link leads to one of them", arguments: [ReportDocument.Kind.replay, .try, .compare, .test])
    func links(_ document: ReportDocument.Kind) {
        let page = SampleDocuments[document].text("html")
        let names = Self.matches(/\sid="([^"]*)"/, in: page)
        #expect(Set(names).count == names.count)
        let links = Self.matches(/\shref="([^"]*)"/, in: page)
        #expect(!links.isEmpty)
        for link in links {
            #expect(link.hasPrefix("#") && names.contains(String(link.dropFirst())), "\(link)")
        }
    }

    @Test("nothing on a page leads anywhere else or handles events in markup")
    func selfContained() {
        for name in ["src=", "http-equiv=\"refresh\"", "@import", "url(", "<link", "<iframe", "<form"] {
            #expect(!Self.page.contains(name), "\(name)")
        }
        #expect(Self.page.firstMatch(of: /<[^>]* style="/) == nil)
        #expect(Self.page.firstMatch(of: /<[^>]* on[a-z]+="/) == nil)
    }

    @Test("elements are closed in the order they were opened", arguments: [0, 1, 3])
    func wellFormed(_ document: Int) {
        var page = SampleDocuments.all[document].text("html")
        page = page.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "")
        page = page.replacing(/<script>.*?<\/script>/.dotMatchesNewlines(), with: "")
        let void: Set<String> = ["meta", "input", "br"]
        var open: [String] = []
        for match in page.matches(of: /<(\/?)([a-z0-9]+)[^>]*>/) {
            let name = String(match.output.2)
            if void.contains(name) { continue }
            if match.output.1.isEmpty {
                open.append(name)
            } else {
                #expect(open.popLast() == name)
            }
        }
        #expect(open.isEmpty)
    }

    @Test("the first screen says what it comes to and what to write")
    func firstScreen() throws {
        let start = try #require(Self.page.range(of: "<main")?.lowerBound)
        let mend = try #require(Self.page.range(of: "in location /chat: proxy_set_header Upgrade")?.lowerBound)
        let sessions = try #require(Self.page.range(of: "id=\"sessions\"")?.lowerBound)
        #expect(
            Self.page[start...].contains(
                "<h1>Do not deploy this as it is: 3 of 8 sessions break and 1 cannot be judged.</h1>"))
        #expect(start < mend && mend < sessions)
    }

    @Test("a header that is not passed on is struck through, with the line behind it")
    func lostHeader() {
        #expect(
            Self.page.contains(
                "<del>websocket</del><span class=\"gone\"> not passed on</span></td>"
                    + "<td><a class=\"m\" href=\"#c1-26\">nginx.conf:26</a>"))
    }

    @Test("sessions are listed worst first under names that do not change")
    func order() {
        let sessions = Self.matches(/<details class="session" id="([^"]*)"/, in: Self.page)
        #expect(sessions == ["s3", "s4", "s5", "s7", "s6", "s8", "s1", "s2"])
    }

    @Test("two captures with sessions of the same numbers get different names")
    func names() {
        var run = SampleRun.run
        run.sessions = [SampleRun.same(1, target: "/"), SampleRun.same(1, target: "/"), SampleRun.same(1, target: "/")]
        run.sessions[1].id.file = "other.pcap"
        let page = ReportDocument.replay(run).text("html")
        #expect(Self.matches(/<details class="session" id="([^"]*)"/, in: page) == ["s1-1", "s2-1", "s1-1-2"])
    }

    @Test("a page has a bound, and says what it leaves out")
    func size() {
        var run = SampleRun.run
        run.sessions = (1...60).map { SampleRun.same($0, target: "/ws") } + [SampleRun.idle(61)]
        let page = ReportDocument.replay(run).text("html") { $0.maximumPageBytes = 200_000 }
        #expect(page.utf8.count < 300_000)
        #expect(page.contains("id=\"s61\""), "what breaks is kept")
        #expect(page.contains("further sessions without details"))
        #expect(page.contains("the JSON report has them under /sessions"))
    }

    @Test("the policy names the page's own style sheet and script")
    func policy() throws {
        let policy = try #require(Self.matches(/Content-Security-Policy" content="([^"]*)"/, in: Self.page).first)
        #expect(policy.hasPrefix("default-src &#39;none&#39;; style-src &#39;sha256-"))
        #expect(!policy.contains("unsafe"))
        #expect("\(PageScript.source)".utf8.count < 20_000)
    }

    @Test("secrets that stand in the configuration are hidden in its listing")
    func configuration() {
        #expect(Self.page.contains("proxy_set_header X-Api-Key &quot;‹redacted #"))
    }
}
