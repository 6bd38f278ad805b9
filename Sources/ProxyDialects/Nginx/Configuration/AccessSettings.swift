import WireBasics

/// What the access phase and the limits before it ask for.
struct AccessSettings: Sendable {
    /// `allow` and `deny`.
    var rules = InheritedLines<AccessRule>()
    /// `auth_basic`; nil or `off` for none.
    var basicRealm: Setting<ComplexValue>?
    /// `auth_basic_user_file`.
    var basicUserFile: Setting<ComplexValue>?
    /// `auth_delay`.
    var delay = Setting(TimeSpan.zero)
    /// `auth_request`; nil or `off` for none.
    var subrequest: Setting<ByteString>?
    /// `auth_request_set`.
    var subrequestVariables = InheritedLines<AssignedVariable>()
    /// `limit_conn`.
    var connectionLimits = InheritedLines<ConnectionLimit>()
    /// `limit_conn_status`.
    var connectionLimitStatus = Setting(503)
    /// `limit_conn_dry_run`.
    var connectionLimitIsDry = Setting(false)
    /// `limit_req`.
    var requestLimits = InheritedLines<RequestLimit>()
    /// `limit_req_status`.
    var requestLimitStatus = Setting(503)
    /// `limit_req_dry_run`.
    var requestLimitIsDry = Setting(false)
    /// `set_real_ip_from`.
    var trustedAddresses = InheritedLines<AddressRange>()
    /// `real_ip_header`.
    var realIPHeader: Setting<ByteString> = Setting("X-Real-IP")
    /// `real_ip_recursive`.
    var realIPIsRecursive = Setting(false)

    mutating func enter() {
        rules = rules.inherited()
        subrequestVariables = subrequestVariables.inherited()
        connectionLimits = connectionLimits.inherited()
        requestLimits = requestLimits.inherited()
        trustedAddresses = trustedAddresses.inherited()
    }
}

/// A line of `allow` or `deny`.
struct AccessRule: Sendable {
    /// Whether it lets in.
    var allows: Bool
    /// Whom.
    var range: AddressRange
    /// The line.
    var source: ConfigLocation
}

/// A line of `auth_request_set`.
struct AssignedVariable: Sendable {
    /// The variable that gets a value.
    var variable: VariableID
    /// The value.
    var value: ComplexValue
}

/// A line of `limit_conn`.
struct ConnectionLimit: Sendable {
    /// The zone, by its index.
    var zone: Int
    /// How many at a time.
    var limit: Int
    /// The line.
    var source: ConfigLocation
}

/// A line of `limit_req`.
struct RequestLimit: Sendable {
    /// The zone, by its index.
    var zone: Int
    /// How many may be early, in thousandths of a request.
    var burst: Int64
    /// From which excess on they are delayed, in thousandths; `Int64.max` for `nodelay`.
    var delay: Int64
    /// The line.
    var source: ConfigLocation
}

/// `limit_conn_zone` or `limit_req_zone`.
struct LimitZone: Sendable {
    /// The zone's name.
    var name: ByteString
    /// What is counted.
    var key: ComplexValue
    /// `rate` in thousandths of a request a second; 0 for `limit_conn_zone`.
    var rate: Int64
    /// The line.
    var source: ConfigLocation
}

/// Settings of `ngx_http_headers_module`.
struct HeaderSettings: Sendable {
    /// `add_header`.
    var addHeaders = InheritedLines<AddHeader>()
    /// `add_header_inherit`.
    var inheritance = HeaderInheritance.standard
    /// `add_trailer`.
    var addTrailers = InheritedLines<AddHeader>()
    /// `expires`, words as written.
    var expires: Setting<[ComplexValue]>?
}

/// `add_header_inherit`, since 1.29.3: whether the lines of outer levels hold beside those of a level.
enum HeaderInheritance: Hashable, Sendable {
    /// Only where the level has none of its own.
    case standard
    /// Never.
    case off
    /// Always.
    case merge
}

/// A line of `add_header`.
struct AddHeader: Sendable {
    /// The name as written.
    var name: ByteString
    /// The value with variables.
    var value: ComplexValue
    /// `always`.
    var isForEveryStatus: Bool
    /// The line.
    var source: ConfigLocation
}
