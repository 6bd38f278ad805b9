/// What the arguments of a directive must look like: nginx's setter functions (`ngx_conf_set_*_slot` and others).
enum NginxValueKind: Hashable, Sendable {
    // Setters that many directives share; each complains of a second use in one block.
    case flag, number, size, offset, milliseconds, seconds, buffers, string, path, access, poolSize
    /// A number in that closed range.
    case numberBetween(Int, Int)
    /// One of these words.
    case oneOf([String])
    /// Some of these words.
    case anyOf([String])
    /// One value with variables.
    case complex
    /// A size, or a value with variables.
    case complexSize
    /// Something that may be said once only, with any arguments.
    case once

    // Setters that may be repeated.
    /// Values with variables.
    case allComplex
    /// A name and a value with variables that nginx looks at when `http` ends: `proxy_set_header`.
    case header
    /// `fastcgi_param` and its like.
    case parameter
    case types, bind, cachePath, cacheValid, regex
    /// Nothing is checked but the number of arguments.
    case unchecked

    // Blocks.
    case http, events, server, location, `if`, limitExcept, upstream, map, geo, splitClients, typesBlock, charsetMap

    // One directive, or few, each.
    case include, loadModule, errorLog, workerConnections, workerProcesses, workerPriority, eventUse, threadPool
    case listen, serverName, root, aio, directio, keepaliveTimeout, errorPage, openFileCache, resolver, gzipDisable
    case disableSymlinks, tryFiles, index, accessLog, logFormat, sslSessionCache
    case upstreamServer, hash, balancer, random, keepalive, upstreamZone
    case proxyPass, otherPass, proxyRedirect, proxyCookie, store, cache
    case rewrite, `return`, set, setVariable, addHeader, expires, mirror, obsolete
    case subFilter, validReferers, userid
    case accessRule, limitConnZone, limitConn, limitReqZone, limitReq, realIPFrom
}
