import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Runs the rewrite lines of the server.
    mutating func runServerRewrite() -> PhaseResult {
        request.location = request.isInternal ? request.location : server.root
        guard request.location == server.root else { return .proceed }
        return run(configuration.locations[server.root].settings.script)
    }

    /// Runs the rewrite lines of the location.
    mutating func runLocationRewrite() -> PhaseResult {
        // Without a location there is only the server's level, and its lines have been run.
        guard request.location != server.root else { return .proceed }
        return run(settings.script)
    }

    /// Looks for a location again after a rewrite.
    ///
    /// Source: nginx `ngx_http_core_post_rewrite_phase`.
    mutating func checkRewrite() -> PhaseResult {
        guard request.isURIChanged else { return .proceed }
        request.uriChangesLeft -= 1
        if request.uriChangesLeft == 0 {
            request.answer.decided = Explanation(
                because:
                    "rewrite or internal redirection cycle: the URI was rewritten ten times, last to \(request.uri)",
                source: location.source, mend: "use \"break\" instead of \"last\", or exclude what is rewritten already"
            )
            return .finalize(500)
        }
        request.location = server.root
        return .go(.findConfig)
    }

    private mutating func run(_ script: [RewriteInstruction]) -> PhaseResult {
        switch step(through: script) {
        case .end, .fallThrough: .proceed
        case .result(let result): result
        }
    }

    /// How a script goes on.
    private enum ScriptResult {
        /// With the next line.
        case fallThrough
        /// Not at all.
        case end
        /// The request is answered.
        case result(PhaseResult)
    }

    /// - Parameter condition: the `if` that the lines stand in.
    private mutating func step(
        through script: [RewriteInstruction], inside condition: ConfigLocation? = nil
    ) -> ScriptResult {
        for instruction in script {
            let result: ScriptResult
            switch instruction {
            case .set(let variable, let value, let source):
                let text = evaluate(value)
                trace("rewrite", "set $\(configuration.variables[variable].name) to \"\(text)\"", source)
                assign(text, to: variable)
                result = .fallThrough
            case .condition(let question, let settings, let inner, let source):
                result = branch(question, settings, inner, source)
            case .rewrite(let rule): result = rewrite(rule)
            case .answer(let rule): result = answer(rule, inside: condition)
            case .stop(let source):
                trace("rewrite", "break ends the rewrite lines", source)
                if request.isURIChanged {
                    request.hasValidLocation = false
                    request.isURIChanged = false
                }
                result = .end
            case .unmodelled(let line):
                unmodelled("this \"\(line.name)\" is not modelled", line.source)
                result = .fallThrough
            }
            if case .fallThrough = result { continue }
            return result
        }
        return .fallThrough
    }

    // MARK: - if

    private mutating func branch(
        _ condition: RewriteCondition, _ settings: Int?, _ inner: [RewriteInstruction], _ source: ConfigLocation
    ) -> ScriptResult {
        guard let holds = holds(condition, source) else { return .result(.finalize(500)) }
        trace("rewrite", "if (\(condition.written)) is \(holds ? "true" : "false")", source)
        guard holds else { return .fallThrough }
        if let settings {
            request.location = settings
            updateLocation()
        }
        return step(through: inner, inside: source)
    }

    private mutating func holds(_ condition: RewriteCondition, _ source: ConfigLocation) -> Bool? {
        let isTrue: Bool
        switch condition.question {
        case .isSet(let variable):
            let text = value(of: variable) ?? ""
            isTrue = !text.isEmpty && text != "0"
        case .equals(let variable, let other):
            isTrue = (value(of: variable) ?? "") == evaluate(other)
        case .matches(let variable, let regex):
            do {
                let match = try regex.pattern.firstMatch(in: value(of: variable) ?? "")
                request.captures = nil
                if let match { take((regex, match)) }
                isTrue = match != nil
            } catch {
                if error.isOwnLimit { unmodelled("the expression ran into a limit of the model", source) }
                return nil
            }
        case .file(_, let path):
            let name = evaluate(path)
            unmodelled(
                "if (\(condition.written)) asks for the file \(name); the model has no files and takes it as missing",
                source)
            isTrue = false
        }
        return isTrue != condition.isNegated
    }

    // MARK: - rewrite

    /// Source: nginx `ngx_http_script_regex_start_code`, `ngx_http_script_regex_end_code`.
    private mutating func rewrite(_ rule: RewriteRule) -> ScriptResult {
        let match: PCRE2Match?
        do {
            match = try rule.regex.pattern.firstMatch(in: request.uri)
        } catch {
            if error.isOwnLimit { unmodelled("the expression ran into a limit of the model", rule.source) }
            return .result(.finalize(500))
        }
        request.captures = nil
        guard let match else { return .fallThrough }
        take((rule.regex, match))
        request.isInternal = true
        request.canPassUnparsed = false
        if rule.flag == .break {
            request.hasValidLocation = false
            request.isURIChanged = false
        } else {
            request.isURIChanged = true
        }
        if case .redirect(let status) = rule.flag {
            return redirect(rule, status)
        }
        let (path, arguments) = replacement(rule, escaping: false)
        let old = request.uri
        if let arguments {
            let own = rule.keepsArguments && !request.arguments.isEmpty ? "&" + request.arguments : ""
            request.arguments = arguments + own
        } else if !rule.keepsArguments {
            request.arguments = ""
        }
        request.uri = path
        trace("rewrite", "\(rule.regex.pattern.text) matches: the URI \(old) becomes \(path)", rule.source)
        if path.isEmpty {
            request.answer.decided = Explanation(because: "the rewritten URI has a zero length", source: rule.source)
            return .result(.finalize(500))
        }
        return rule.flag == .none ? .fallThrough : .end
    }

    private mutating func redirect(_ rule: RewriteRule, _ status: Int) -> ScriptResult {
        let (text, _) = replacement(rule, escaping: true)
        var target = EscapedURI.redirect(text)
        if rule.keepsArguments, !request.arguments.isEmpty { target += "?" + request.arguments }
        request.answer.location = target
        request.answer.decided = Explanation(
            because:
                "rewrite \(rule.regex.pattern.text) redirects to \(target); WebSocket clients do not follow redirects",
            source: rule.source, mend: "exempt the socket's path from this rewrite")
        return .result(.finalize(status))
    }

    /// The replacement's path and, behind its `?`, its arguments.
    private mutating func replacement(_ rule: RewriteRule, escaping: Bool) -> (ByteString, ByteString?) {
        askForVariables(of: rule.replacement)
        var path = ByteString()
        var arguments: ByteString?
        for part in rule.replacement.parts {
            var text: ByteString
            switch part {
            case .text(let written): text = written
            case .variable(let id): text = value(of: id) ?? ""
            case .capture(let group):
                text = request.captures?[group] ?? ""
                if escaping || arguments != nil, request.isQuoted || request.hasPlus {
                    text = escaped.arguments(text)
                }
            case .startOfArguments:
                arguments = ""
                continue
            }
            if arguments != nil { arguments? += text } else { path += text }
        }
        return (path, arguments)
    }

    // MARK: - return

    /// Source: nginx `ngx_http_script_return_code`, `ngx_http_send_response`.
    private mutating func answer(_ rule: ReturnRule, inside condition: ConfigLocation?) -> ScriptResult {
        let explanation = Explanation(
            because:
                "\"return \(rule.status)\" answers \(condition == nil ? "every request" : "what the `if` in line \(condition?.line ?? 0) lets in") of \(levelTitle)\(whyHere)",
            source: rule.source, mend: condition == nil ? mendToReachProxy : "exempt the socket's path from that `if`")
        request.answer.decided = explanation
        trace("rewrite", "return \(rule.status)", rule.source)
        guard rule.status < 400 || rule.text?.written.isEmpty == false else {
            return .result(.finalize(rule.status))
        }
        if let refusal = discardBody() { return .result(.finalize(refusal)) }
        let text = rule.text.map { evaluate($0) } ?? ""
        if [301, 302, 303, 307, 308].contains(rule.status) {
            request.answer.location = text
            return .result(.finalize(rule.status))
        }
        sendAnswer(status: rule.status, body: text.bytes)
        return .result(.stop)
    }
}
