import HTTPWire
import ProxyModel
import WireBasics

extension RequestProcessing {
    /// Asks each access module in turn.
    ///
    /// Source: nginx `ngx_http_core_access_phase`; the order is that of the modules in Debian's build: `allow`/`deny`,
    /// `auth_basic`, `auth_request`.
    mutating func checkAccess() -> PhaseResult {
        guard !request.isSubrequest else { return .proceed }
        let access = settings.access
        request.accessCode = nil
        var challenges: [ByteString] = []
        for check in [Self.checkAddress, Self.checkPassword, Self.checkSubrequest] {
            let verdict: AccessVerdict = check(&self, access)
            switch verdict {
            case .declined: continue
            case .waiting: return .stop
            case .allowed:
                if settings.core.satisfiesAny.value {
                    request.answer.decided = nil
                    request.answer.challenges = []
                    return .proceed
                }
            case .refused(let status, let explanation, let asked):
                if settings.core.satisfiesAny.value, status == 401 || status == 403 {
                    if request.accessCode != 401 {
                        request.accessCode = status
                        request.answer.decided = explanation
                    }
                    if !asked.isEmpty { challenges = asked }
                    continue
                }
                request.answer.decided = explanation
                request.answer.challenges = asked.isEmpty ? challenges : asked
                return refuse(status)
            }
        }
        if let code = request.accessCode {
            request.answer.challenges = challenges
            return refuse(code)
        }
        return .proceed
    }

    /// Refuses, a 401 after `auth_delay`.
    ///
    /// Source: nginx `ngx_http_core_auth_delay`.
    private mutating func refuse(_ status: Int) -> PhaseResult {
        let delay = settings.access.delay
        guard status == 401, delay.value > .zero else { return .finalize(status) }
        trace("access", "auth_delay keeps the refusal back for \(delay.value)", delay.source)
        connection.state = .delayed
        request.delayedStatus = status
        armClientTimer(delay.value)
        return .stop
    }

    /// What an access module says.
    enum AccessVerdict {
        case declined, allowed, waiting
        case refused(Int, Explanation, challenges: [ByteString])
    }

    // MARK: - allow, deny

    private static func checkAddress(_ run: inout Self, _ access: AccessSettings) -> AccessVerdict {
        for rule in access.rules.lines where rule.range.contains(run.request.remoteAddress) {
            let verb = rule.allows ? "allow" : "deny"
            run.trace("access", "\(verb) takes the client \(run.remoteAddressText)", rule.source)
            if rule.allows { return .allowed }
            return .refused(
                403,
                Explanation(
                    because: "\"deny\" refuses the client \(run.remoteAddressText)", source: rule.source,
                    mend: "allow the client's address above this line"), challenges: [])
        }
        return .declined
    }

    // MARK: - auth_basic

    /// Source: nginx `ngx_http_auth_basic_handler`.
    private static func checkPassword(_ run: inout Self, _ access: AccessSettings) -> AccessVerdict {
        guard let realm = access.basicRealm else { return .declined }
        let name = run.evaluate(realm.value)
        guard name != "off", let file = access.basicUserFile else { return .declined }
        let challenge = "Basic realm=\"" + name + "\""
        func refuse(_ because: String) -> AccessVerdict {
            .refused(
                401,
                Explanation(
                    because: "auth_basic asks for a password: \(because)", source: realm.source,
                    mend:
                        "\"auth_basic off;\" in the socket's location, with a token instead: browsers send no password on a handshake"
                ), challenges: [challenge])
        }
        guard let credentials = BasicCredentials(run.request.header("Authorization")) else {
            return refuse("the request carries no usable Authorization")
        }
        let path = run.evaluate(file.value)
        guard let known = run.configuration.userFiles[path] else {
            run.unmodelled(
                "auth_basic_user_file has variables; whether \(credentials.user) may pass is not known", file.source)
            return refuse("the user file is not known")
        }
        guard let users = known else {
            return .refused(
                403,
                Explanation(
                    because: "auth_basic_user_file \(path) cannot be read", source: file.source,
                    mend: "put the file beside the configuration"), challenges: [])
        }
        guard let password = users.password(of: credentials.user) else { return refuse("the user is unknown") }
        switch PasswordCheck.check(credentials.password, against: password) {
        case .right: return .allowed
        case .wrong: return refuse("the password is wrong")
        case .unknownScheme:
            run.unmodelled(
                "the password of \(credentials.user) is stored in a form that is not modelled; it is taken for right",
                file.source)
            return .allowed
        }
    }

    // MARK: - auth_request

    /// Source: nginx `ngx_http_auth_request_handler`.
    private static func checkSubrequest(_ run: inout Self, _ access: AccessSettings) -> AccessVerdict {
        guard let target = access.subrequest else { return .declined }
        guard let result = run.request.subrequestResult else {
            run.startSubrequest(target)
            return .waiting
        }
        switch result.status {
        case 200..<300: return .allowed
        case 401, 403:
            return .refused(
                result.status,
                Explanation(
                    because: "the server behind auth_request \(target.value) answered \(result.status)",
                    source: target.source,
                    mend: "let the handshake carry what that server asks for (cookie, token)"),
                challenges: result.status == 401 ? result.challenges : [])
        default:
            return .refused(
                500,
                Explanation(
                    because:
                        "auth request unexpected status: \(result.status); only 2xx, 401 and 403 are understood",
                    source: target.source,
                    mend:
                        "in location \(target.value) write \"proxy_set_header Upgrade \"\";\" and \"proxy_set_header Connection \"\";\" and see why that server answers \(result.status)"
                ), challenges: [])
        }
    }
}
