import ProxyModel
import WireBasics

extension RequestProcessing {
    /// `limit_req`, then `limit_conn`.
    ///
    /// Source: nginx's phase order in the preaccess phase: the modules run last registered first.
    mutating func checkLimits() -> PhaseResult {
        guard !request.isSubrequest else { return .proceed }
        // realip runs here again, for what a location says.
        _ = replaceRemoteAddress()
        if !request.done.contains(.requestLimit), !settings.access.requestLimits.lines.isEmpty {
            request.done.insert(.requestLimit)
            let result = countRequest()
            guard result == .proceed else { return result }
        }
        if !request.done.contains(.connectionLimit), !settings.access.connectionLimits.lines.isEmpty {
            request.done.insert(.connectionLimit)
            if let status = countConnection() { return .finalize(status) }
        }
        return .proceed
    }

    /// Counts the connection under each key; a status where a limit is reached.
    ///
    /// Source: nginx `ngx_http_limit_conn_handler`.
    private mutating func countConnection() -> Int? {
        let access = settings.access
        for limit in access.connectionLimits.lines {
            let zone = configuration.connectionZones[limit.zone]
            let key = evaluate(zone.key)
            guard !key.isEmpty else { continue }
            let count = shared.zones.connectionCounts[limit.zone][key] ?? 0
            if count >= limit.limit, !access.connectionLimitIsDry.value {
                request.answer.decided = Explanation(
                    because:
                        "limit_conn \(zone.name) \(limit.limit): \"\(key)\" has \(count) open already, and a tunnel counts as long as it is open",
                    source: limit.source, mend: "raise the limit, or count WebSockets in a zone of their own")
                return access.connectionLimitStatus.value
            }
            shared.zones.connectionCounts[limit.zone][key] = count + 1
            request.countedConnections.append(.init(zone: limit.zone, key: key))
            trace("preaccess", "limit_conn \(zone.name): \(count + 1) of \(limit.limit) for \"\(key)\"", limit.source)
        }
        return nil
    }

    /// Counts the request under each key, and delays or refuses it.
    ///
    /// Units: thousandths of a request, milliseconds.
    /// Source: nginx `ngx_http_limit_req_handler`, `ngx_http_limit_req_lookup`.
    private mutating func countRequest() -> PhaseResult {
        let access = settings.access
        var delay: Int64 = 0
        for limit in access.requestLimits.lines {
            let zone = configuration.requestZones[limit.zone]
            let key = evaluate(zone.key)
            guard !key.isEmpty else { continue }
            var excess: Int64 = 0
            if let rate = shared.zones.requestRates[limit.zone][key] {
                let milliseconds = max(0, (now - rate.last).nanoseconds / 1_000_000)
                excess = max(0, rate.excess &- zone.rate &* milliseconds / 1000 &+ 1000)
            }
            if excess > limit.burst {
                guard access.requestLimitIsDry.value else {
                    request.answer.decided = Explanation(
                        because:
                            "limit_req \(zone.name): \"\(key)\" is \(decimal(excess)) requests ahead of its rate, \(limit.burst / 1000) are let through",
                        source: limit.source, mend: "raise rate or burst, or leave the socket's location out")
                    return .finalize(access.requestLimitStatus.value)
                }
                continue
            }
            shared.zones.requestRates[limit.zone][key] = .init(excess: excess, last: now)
            if limit.delay < .max, excess > limit.delay, zone.rate > 0 {
                delay = max(delay, (excess - limit.delay) &* 1000 / zone.rate)
            }
        }
        guard delay > 0, !access.requestLimitIsDry.value else { return .proceed }
        trace("preaccess", "limit_req delays the request by \(TimeSpan.milliseconds(delay))")
        connection.state = .delayed
        armClientTimer(.milliseconds(delay))
        return .stop
    }

    private func decimal(_ thousandths: Int64) -> String {
        let rest = String(thousandths % 1000)
        return "\(thousandths / 1000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }

    /// Gives back what `limit_conn` counted for the requests of this connection.
    mutating func releaseLimits() {
        for index in connection.stack.indices {
            for counted in connection.stack[index].countedConnections {
                let count = shared.zones.connectionCounts[counted.zone][counted.key] ?? 0
                shared.zones.connectionCounts[counted.zone][counted.key] = count > 1 ? count - 1 : nil
            }
            connection.stack[index].countedConnections = []
        }
    }
}
