import ProxyModel
import WireBasics

/// What a configuration means: typed, merged, every value with its line.
///
/// Shape: servers, locations, groups and maps are numbered by their order in the files; other parts refer to them by
/// that number. Immutable once built.
final class NginxConfiguration: Sendable {
    /// The main file, as the user named it.
    let file: String
    /// The release that is modelled.
    let version: NginxVersion
    /// What differs between releases.
    let behaviour: NginxBehaviour
    /// The addresses that are listened at, in order.
    let listens: [ListenAddress]
    /// `server` blocks.
    let servers: [ServerConfiguration]
    /// Locations, `if` and `limit_except` blocks, and each server's own level.
    let locations: [LocationConfiguration]
    /// Upstream groups: blocks, and those that `proxy_pass` with an address makes.
    let groups: [UpstreamGroupConfiguration]
    /// `map`.
    let maps: [MapTable]
    /// `geo`.
    let geos: [GeoTable]
    /// `split_clients`.
    let splits: [SplitClientsTable]
    /// `limit_conn_zone`.
    let connectionZones: [LimitZone]
    /// `limit_req_zone`.
    let requestZones: [LimitZone]
    /// The variables.
    let variables: VariableTable
    /// The files of `auth_basic_user_file` without variables; nil for one that cannot be read.
    let userFiles: [ByteString: UserFile?]
    /// `worker_connections`.
    let workerConnections: Setting<Int>
    /// `worker_processes`; nil for `auto`.
    let workerProcesses: Int?
    /// `worker_shutdown_timeout`; nil where old workers may take their time.
    let workerShutdownTimeout: Setting<TimeSpan>?
    /// What is worth saying.
    let findings: [Finding]

    init(_ parts: Parts) {
        file = parts.file
        version = parts.version
        behaviour = NginxBehaviour(parts.version)
        listens = parts.listens
        servers = parts.servers
        locations = parts.locations
        groups = parts.groups
        maps = parts.maps
        geos = parts.geos
        splits = parts.splits
        connectionZones = parts.connectionZones
        requestZones = parts.requestZones
        variables = parts.variables
        userFiles = parts.userFiles
        workerConnections = parts.workerConnections
        workerProcesses = parts.workerProcesses
        workerShutdownTimeout = parts.workerShutdownTimeout
        findings = parts.findings
    }

    /// What a builder collects.
    struct Parts: Sendable {
        var file: String
        var version: NginxVersion
        var listens: [ListenAddress] = []
        var servers: [ServerConfiguration] = []
        var locations: [LocationConfiguration] = []
        var groups: [UpstreamGroupConfiguration] = []
        var maps: [MapTable] = []
        var geos: [GeoTable] = []
        var splits: [SplitClientsTable] = []
        var connectionZones: [LimitZone] = []
        var requestZones: [LimitZone] = []
        var variables = VariableTable()
        var userFiles: [ByteString: UserFile?] = [:]
        var workerConnections = Setting(512)
        var workerProcesses: Int? = 1
        var workerShutdownTimeout: Setting<TimeSpan>?
        var findings: [Finding] = []
    }
}

/// A `server` block.
struct ServerConfiguration: Sendable {
    /// `server_name`, in order; one empty name where the directive is missing.
    var names: [ServerName]
    /// What `$server_name` gives.
    var primaryName: ByteString
    /// The server's own level, by its index in `locations`.
    var root: Int
    /// Named locations by name.
    var named: [ByteString: Int]
    /// `merge_slashes`.
    var mergeSlashes = true
    /// `underscores_in_headers`.
    var underscoresInHeaders = false
    /// `ignore_invalid_headers`.
    var ignoreInvalidHeaders = true
    /// `client_header_buffer_size` in bytes.
    var clientHeaderBufferSize = Setting(1024)
    /// `large_client_header_buffers`: how many.
    var largeBufferCount = Setting(4)
    /// `large_client_header_buffers`: bytes of each.
    var largeBufferSize = Setting(8192)
    /// `client_header_timeout`.
    var clientHeaderTimeout = Setting(TimeSpan.seconds(60))
    /// `max_headers`.
    var maxHeaders = Setting(1000)
    /// `ssl on`, of releases that had it.
    var usesTLS = false
    /// The place of the block.
    var source: ConfigLocation

    /// What a report calls the server: its first name, or its first address.
    var title: String
}

/// A location, an `if` or `limit_except` block, or a server's own level.
struct LocationConfiguration: Sendable {
    /// What kind of block it is.
    enum Kind: Sendable {
        /// The server's own level, where no location matched.
        case server
        /// `location /prefix`.
        case prefix
        /// `location ^~ /prefix`.
        case prefixBeforeRegexes
        /// `location = /uri`.
        case exact
        /// `location ~ regex`.
        case regex(RegexWithNames)
        /// `location @name`.
        case named
        /// `if`.
        case condition
        /// `limit_except`.
        case exceptMethods
    }

    /// What kind of block it is.
    var kind: Kind
    /// The name: prefix, URI, `@name`; the expression of a regex location; the outer location's of an `if`.
    var name: ByteString
    /// As the configuration writes it: `= /ws`, `~ ^/chat`.
    var title: String
    /// Everything that holds in it.
    var settings: LocationSettings
    /// Exact and prefix locations inside, by index.
    var prefixes: [Int] = []
    /// Regex locations inside, by index, in order.
    var regexes: [Int] = []
    /// `limit_except` inside: the methods that it leaves alone, and its settings by index.
    var exceptMethods: (allowed: Set<ByteString>, settings: Int)?
    /// Whether a URI that lacks only the final slash is redirected here.
    var redirectsToSlash = false
    /// The place of the block.
    var source: ConfigLocation
}

/// An upstream group as written.
struct UpstreamGroupConfiguration: Sendable {
    /// The name: of the block, or the host of `proxy_pass`.
    var name: ByteString
    /// The port of `proxy_pass`; nil for a block.
    var port: UInt16?
    /// The `upstream` block; nil for a group that `proxy_pass` makes.
    var block: NginxDirective?
    /// The addresses of a group that `proxy_pass` makes.
    var address: PeerAddress?
    /// The block, or the `proxy_pass` that made it.
    var source: ConfigLocation
    /// The key of `hash`, where there is one.
    var hashKey: ComplexValue?
    /// Lines of the block that the model does not model.
    var unmodelled: [UnmodelledLine] = []
}
