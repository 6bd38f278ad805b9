import HTTPWire
import ProxyModel
import TCPReassembly
import Verdicts
import WebSocketWire
import WireBasics

extension RunPage {
    /// Every session with its evidence, the worst first, as far as the page's size allows.
    mutating func sessionDetails() {
        guard !model.run.sessions.isEmpty else { return }
        html.element("h2", .id("details"), text: model.run.sessions.count > 1 ? "Details" : "The session")
        var framesLeft = model.options.maximumRows
        for (place, index) in model.worstFirst.enumerated() {
            let session = model.run.sessions[index]
            guard html.count < model.options.maximumPageBytes, place < model.options.maximumRows else {
                omitted.details = model.run.sessions.count - place
                break
            }
            // The first few of what needs a look stand open; the rest is a click away.
            details(
                of: session, index, open: place < 5 && session.verdict.rank < Verdict.changed.rank || place == 0,
                &framesLeft)
        }
        if omitted.details > 0 {
            html.element(
                "p", .class("quiet"),
                text: "\(Quantity.counted(omitted.details, "further session")) without details; see About this report.")
        }
    }

    private mutating func details(of session: SessionResult, _ index: Int, open: Bool, _ framesLeft: inout Int) {
        let facts = SessionFacts(session.transcript)
        html.open(
            "details", .class("session"), .id(anchors[index]), open ? .fixed("open", "") : nil,
            .filterKey(key(index, model.groupNumbers(ofSession: index))))
        html.open("summary")
        verdict(session.verdict)
        html.element("span", .class("sum-id"), text: session.id.description)
        html.element(
            "span", .class("sum-way"),
            text: limited("\(session.transcript.client) → \(facts.destination(model.redaction))"))
        html.element("span", .class("quiet"), text: session.statusWords)
        html.close()
        html.open("div")
        factList(session, facts)
        differences(session)
        remarks(session)
        headers(session)
        flow(session, anchor: anchors[index], &framesLeft)
        trace(session)
        html.close()
        html.close()
    }

    // MARK: Facts

    private mutating func factList(_ session: SessionResult, _ facts: SessionFacts) {
        let (transcript, outcome) = (session.transcript, session.outcome)
        let handshake = HandshakeSummary(transcript)
        html.open("dl", .class("facts"))
        for hop in outcome.hops {
            html.fact(outcome.hops.count > 1 ? "Served by \(VisibleText.escape(hop.proxy))" : "Served by") { html in
                guard let route = hop.route else { return html.text("no server or location was reached") }
                html.text(
                    "server \(route.server)" + (route.location.isEmpty ? "" : ", location \(route.location)") + " ")
                if let source = route.source, let anchor = marks.anchor(source) {
                    html.element("a", .class("m"), .to(anchor), text: source.source)
                }
            }
            let addresses = hop.attempts.map { "\($0.address) \($0.words)" }
            if !addresses.isEmpty { html.fact("Upstream") { $0.text(addresses.joined(separator: ", then ")) } }
        }
        if let tunnel = outcome.tunnel {
            html.fact("Frames") {
                $0.text(
                    "\(Self.words(tunnel.client)) of the client, \(Self.words(tunnel.server)) of the server came through"
                )
            }
        }
        if handshake.subprotocol != nil || !handshake.extensions.isEmpty {
            let words = [handshake.subprotocol].compactMap { $0 } + handshake.extensions
            let text = words.map { model.redaction.value(of: HeaderField("Sec-WebSocket-Protocol", $0)) }
            html.fact("Agreed") { $0.text(text.joined(separator: ", ")) }
        }
        html.fact("Ending now") { $0.text(Self.ending(outcome, model.redaction)) }
        if !model.run.captures.isEmpty { capturedFacts(facts, model.places.packets(of: session.id)) }
        html.close()
    }

    private mutating func capturedFacts(_ facts: SessionFacts, _ packets: PacketPlaces.SessionPackets) {
        html.fact("In the capture") { $0.text(facts.closing) }
        html.fact("Packets") { html in
            let (first, last) = (packets.place(facts.packets.lowerBound), packets.place(facts.packets.upperBound))
            html.text("\(first.number) to \(last.number), ")
            html.element("code", text: facts.wiresharkFilter)
            html.raw(" ")
            html.copyButton("copy Wireshark filter", copies: facts.wiresharkFilter)
            if packets.isInSeries { html.text(" in the file that mergecap makes of the series") }
        }
    }

    private static func words(_ delivery: FrameDelivery) -> String {
        "\(Quantity.grouped(delivery.delivered)) of \(Quantity.grouped(delivery.frames))"
    }

    private static func ending(_ outcome: ExchangeOutcome, _ redaction: Redaction) -> String {
        let because = outcome.closedBecause.map { ": " + redaction.show($0.because) } ?? ""
        switch outcome.closedBy {
        case .none: return "nobody closes"
        case .client: return "the client closes" + because
        case .backend: return "the backend closes" + because
        case .proxy: return "the proxy closes" + because
        }
    }

    // MARK: Differences and remarks

    private mutating func differences(_ session: SessionResult) {
        guard !session.differences.isEmpty else { return }
        html.element("h3", .class("sub"), text: "Differences")
        html.open("div", .class("scroll"))
        html.open("table", .class("wide"))
        let expected = model.isComparison || model.run.captures.isEmpty ? model.expectedTitle : "Captured"
        html.columns(["What", expected, model.isComparison ? model.actualTitle : "Now", "Because"])
        html.open("tbody")
        for (place, difference) in session.differences.enumerated() {
            html.open("tr")
            path(of: difference)
            value(difference.expected, of: difference, style: .class("m"))
            value(difference.actual, of: difference, style: .class("m word", difference.severity.styleName))
            because(session.differences, place)
            html.close()
        }
        html.close()
        html.close()
        html.close()
    }

    /// The reason, once for consecutive differences that share it.
    private mutating func because(_ differences: [Difference], _ place: Int) {
        let explanation = differences[place].explanation
        guard place == 0 || differences[place - 1].explanation != explanation else { return }
        let rows = differences[place...].prefix { $0.explanation == explanation }.count
        html.open("td", rows > 1 ? .number("rowspan", rows) : nil)
        if let source = explanation.source {
            self.place(source, otherwise: "")
            html.raw(" ")
        }
        html.text(model.redaction.show(explanation.because))
        html.close()
    }

    private mutating func remarks(_ session: SessionResult) {
        let transcript = session.transcript
        guard !transcript.violations.isEmpty || !transcript.losses.isEmpty || !session.doubts.isEmpty else { return }
        html.element("h3", .class("sub"), text: "Remarks")
        html.open("ul")
        let packets = model.places.packets(of: session.id)
        for violation in transcript.violations.prefix(50) {
            html.element(
                "li",
                text: "\(packets.place(violation.packet).words), \(violation.party.rawValue): "
                    + model.redaction.show(violation.message) + " (\(violation.section))")
        }
        for loss in transcript.losses.prefix(50) {
            html.element("li", text: "\(packets.words(of: loss)): " + model.redaction.show(loss.message))
        }
        for doubt in session.doubts {
            html.element("li", text: "cannot be judged: " + model.redaction.show(doubt.because))
        }
        html.close()
    }

    private mutating func trace(_ session: SessionResult) {
        guard session.outcome.hops.contains(where: { !$0.trace.isEmpty }) else { return }
        html.open("details", .class("more"))
        html.element("summary", text: "The way through the configuration, step by step")
        html.open("div", .class("scroll"))
        html.open("table")
        html.columns(["Proxy", "Phase", "What", "Where"])
        html.open("tbody")
        for hop in session.outcome.hops {
            for step in hop.trace {
                html.open("tr")
                html.element("td", text: hop.proxy)
                html.element("td", .class("m"), text: step.phase)
                html.element("td", text: model.redaction.show(step.what))
                html.open("td")
                place(step.source, otherwise: "default")
                html.close()
                html.close()
            }
        }
        html.close()
        html.close()
        html.close()
        html.close()
    }
}
