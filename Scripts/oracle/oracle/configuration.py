"""Small random nginx configurations: servers, locations of all kinds, inherited headers, maps, upstreams, rewrites."""

from random import Random

from .places import LOCATIONS, SERVERS
from .record import REFUSED_PORT

LISTENER = "127.0.0.1:18080"
_HOSTS = ["$host", "$http_host", "$proxy_host", "$server_name", "fixed.test", "$host:$server_port", '""']
_CONNECTIONS = ["$connection_upgrade", '"upgrade"', "Upgrade", "$http_connection", '""', "close"]
_UPGRADES = ["$http_upgrade", "websocket", '""']
_FURTHER_HEADERS = [
    "X-Real-IP $remote_addr",
    "X-Forwarded-For $proxy_add_x_forwarded_for",
    "X-Forwarded-Proto $scheme",
    "X-Forwarded-Host $http_host",
    "X-Forwarded-Port $server_port",
    'Origin ""',
    "Origin http://$host",
    'Accept-Encoding ""',
    'Cookie ""',
    'X-Uri "$uri|$request_uri|$args|$is_args"',
    'X-Line "$request_method $server_protocol $request"',
    "X-Kind $kind",
    "X-Cookie $cookie_sid",
    "X-Arg $arg_room",
    "x-lower $http_x_lower",
    'X-Empty "$http_nothing"',
    "X-Name $server_name",
    'Sec-WebSocket-Extensions ""',
    "X-Chained $chained",
    'X-Place "$place $share"',
    'X-Addresses "$remote_addr $realip_remote_addr $binary_remote_addr"',
    'X-Captures "$1 $2 $room $rest"',
    'X-Length "$content_length $content_type $request_length"',
    "X-Forwarded-Url $scheme://$http_host$request_uri",
]
_MAP_UPGRADE = [
    "default upgrade; '' close;",
    "default upgrade; '' '';",
    "default close; websocket upgrade;",
    "default keep-alive; ~*^websocket$ upgrade;",
]
_MAP_KIND = [
    "$host $kind { hostnames; default other; app.example.test app; *.example.test wild; www.* front; }",
    "$uri $kind { default other; /ws exact; ~^/ws/(?<rest>.*)$ $rest; ~*CHAT chat; }",
    "$http_x_kind $kind { default none; volatile; a first; b second; ~^c(.) $1; }",
    "$arg_room $kind { '' none; default $arg_room; }",
]
_MAP_CHAINED = [
    'default "$kind-$host"; none ""; ~^f front;',
    'default $kind$arg_room; "" $place;',
    "default plain; ~*(?<letter>[a-c]) $letter; other $http_upgrade;",
]
_GEO = [
    "geo $place { default far; 127.0.0.0/8 near; 203.0.113.0/24 net; }",
    "geo $realip_remote_addr $place { default far; 127.0.0.1 here; }",
    "geo $place { ranges; default far; 127.0.0.1-127.0.0.255 near; 203.0.113.5-203.0.113.9 some; }",
    "geo $arg_ip $place { default none; 10.0.0.0/8 ten; 2001:db8::/32 six; }",
]
_SPLIT = [
    'split_clients "$arg_room" $share { 30% a; 30.55% b; * c; }',
    'split_clients "$uri$remote_addr" $share { 50% half; 0.01% few; }',
]
_ZONES = "limit_req_zone $binary_remote_addr zone=rate:1m rate=1r/m; limit_conn_zone $server_name zone=open:1m;"
_REWRITES = [
    "rewrite ^/ws/(.*)$ /$1 break;",
    "rewrite ^/old/(.*)$ /ws/$1 last;",
    "rewrite ^/go$ /chat/ redirect;",
    "rewrite ^/perm(.*)$ https://example.test$1 permanent;",
    r"rewrite ^/(\w+)/live$ /live?room=$1 last;",
    "rewrite ^/chat/(.*)$ /api/v1/$1?from=chat? break;",
    "rewrite /q /ws?$args last;",
    "rewrite ^/(.*)$ /seen/$1?was=$1 break; set $after $1;",
    'rewrite "^/(a.{1,3})$" /$1/$host break;',
    "rewrite ^ /chat/loop last;",
    "rewrite ^/(?<room>[a-z]+)/(?<rest>.*)$ /$rest/$room break;",
    "set $x $uri; rewrite ^/ws $x$is_args$args break;",
]
_RETURNS = [
    "return 204;",
    "return 403;",
    'return 200 "hello $uri\\n";',
    "return 301 /new$is_args$args;",
    "return 302 http://$host/elsewhere;",
    "return 307 $scheme://$http_host$request_uri;",
    "return 444;",
    'return 404 "none";',
    "return 418;",
    "return 503;",
    "return https://away.test/;",
]
_IFS = [
    "if ($http_upgrade = '') { return 426; }",
    'if ($http_upgrade != "websocket") { return 400 "no websocket"; }',
    "if ($request_method = POST) { return 405; }",
    'if ($http_x_kind ~* "^b(.*)$") { set $kind2 $1; }',
    "if ($arg_room) { rewrite ^ /chat/$arg_room break; }",
    "if ($http_cookie ~ 'sid=([^;]+)') { return 302 /sid/$1; }",
    'if ($host = "two.test") { return 301 http://one.test$request_uri; }',
    "if ($http_upgrade) { set $kind2 socket; proxy_pass http://127.0.0.1:13001; }",
    'if ($args ~ "room=(?<room>[0-9]+)") { set $kind2 $room; break; }',
    "if ($request_uri ~ ^/([^?]*)\\?) { rewrite ^ /$1? last; }",
    'if ($known = "") { set $kind2 unknown; }',
    "if (-f $request_filename) { return 418; }",
    "if (!-e /nonexistent/$uri) { set $kind2 missing; }",
]
#: Locations that are there where a line of the server leads to them.
_LED_TO = ["@fallback", "= /sorry", "= /auth"]
#: What other lines ask for exists in any case: nginx refuses a variable that nothing sets.
_MAP_KNOWN = '$uri $known { default none; "~^/(?<room>[a-z]+)/(?<rest>.+)$" x; "~(?<letter>[a-c])" y; }'
_SERVER_LINES = [
    "merge_slashes off;",
    "underscores_in_headers on;",
    "ignore_invalid_headers off;",
    "absolute_redirect off;",
    "port_in_redirect off;",
    "server_name_in_redirect on;",
    "server_tokens off;",
    "keepalive_timeout 0;",
    "add_header X-Server here;",
    "error_page 404 /missing;",
    "error_page 500 503 = /chat/;",
    "error_page 404 403 @fallback;",
    "error_page 400 401 403 404 =200 /sorry;",
    "error_page 426 502 = @fallback;",
    "error_page 404 https://away.test/missing;",
    "error_page 404 = $uri/again; recursive_error_pages on;",
    "set_real_ip_from 127.0.0.0/8; real_ip_header X-Forwarded-For;",
    "set_real_ip_from 127.0.0.1; set_real_ip_from 203.0.113.0/24; real_ip_header X-Forwarded-For; real_ip_recursive on;",
    "client_header_buffer_size 256; large_client_header_buffers 2 512;",
    "client_max_body_size 4;",
    "limit_req zone=rate burst=3 nodelay;",
    "auth_request /auth;",
    "keepalive_requests 1;",
    "chunked_transfer_encoding off;",
    "etag off; if_modified_since off;",
]
_LOCATION_LINES = [
    "add_header X-Location here always;",
    "add_header X-Location plain;",
    "proxy_hide_header X-Powered-By;",
    "proxy_pass_header Server;",
    "proxy_pass_header Date;",
    "proxy_redirect off;",
    "proxy_redirect default;",
    "proxy_redirect http://127.0.0.1:13000/ /moved/;",
    "proxy_redirect / /app/;",
    "proxy_intercept_errors on;",
    "proxy_pass_request_headers off;",
    "proxy_pass_request_body off;",
    "proxy_method GET;",
    "proxy_buffering off;",
    "proxy_request_buffering off;",
    "expires off;",
    "allow 127.0.0.1; deny all;",
    "deny 127.0.0.1;",
    "internal;",
    "proxy_next_upstream off;",
    "proxy_next_upstream error http_503 http_404;",
    "proxy_next_upstream error timeout invalid_header non_idempotent http_500 http_403 http_404;",
    "proxy_next_upstream_tries 1;",
    "satisfy any; deny all; auth_basic closed; auth_basic_user_file nobody;",
    "satisfy all; allow all; auth_basic closed; auth_basic_user_file nobody;",
    'auth_basic "say \\"friend\\""; auth_basic_user_file nobody;',
    "auth_request /auth; auth_request_set $seen $upstream_status; add_header X-Seen $seen always;",
    "auth_request off;",
    "limit_req zone=rate burst=1 nodelay; limit_req_status 429;",
    "limit_req zone=rate; limit_req_dry_run on;",
    "limit_conn open 5; limit_conn_status 444;",
    "error_page 404 500 = @fallback; proxy_intercept_errors on;",
    "error_page 426 400 /sorry; proxy_intercept_errors on;",
    "error_page 503 =307 https://away.test/; proxy_intercept_errors on;",
    "try_files /nonexistent @fallback;",
    "try_files $uri $uri/ /ws?$args;",
    "try_files /nonexistent =503;",
    "proxy_set_body x$request_body;",
    "proxy_buffer_size 256; proxy_buffers 4 256;",
    "proxy_ignore_headers X-Accel-Redirect Set-Cookie;",
    "proxy_cookie_path / /app; proxy_cookie_domain off;",
    "proxy_cookie_flags ~ secure samesite=strict;",
    "default_type text/x-own; types { }",
    "expires 1h;",
    "expires -1;",
    "add_header Cache-Control private;",
    "limit_except GET { deny all; }",
    "client_max_body_size 4;",
    "absolute_redirect off;",
    "keepalive_timeout 0;",
    "msie_padding off; server_tokens off;",
]


def configuration(random: Random) -> str:
    """nginx refuses a few of them: what it says then is an observation too."""
    groups = random.sample(["app", "api"], random.choice([0, 1, 1, 2]))
    blocks = [f"map $http_upgrade $connection_upgrade {{ {random.choice(_MAP_UPGRADE)} }}"]
    blocks.append(f"map {random.choice(_MAP_KIND)}")
    blocks.append(f"map {_MAP_KNOWN}")
    blocks.append(f"map $kind $chained {{ {random.choice(_MAP_CHAINED)} }}")
    blocks += [random.choice(_GEO), random.choice(_SPLIT), _ZONES]
    blocks += [_upstream(random, name) for name in groups]
    blocks += _some(random, _headers(random), 0.2)
    names = random.sample(list(SERVERS), random.choice([1, 1, 2, 3]))
    default = random.randrange(len(names)) if random.random() < 0.4 else None
    blocks += [_server(random, name, groups, number == default) for number, name in enumerate(names)]
    return "events {}\nhttp {\n" + _indented(blocks) + "}\n"


def _upstream(random: Random, name: str) -> str:
    ports = random.sample([13000, 13001, 13002, REFUSED_PORT], random.choice([1, 2, 2, 3]))
    servers = [f"server 127.0.0.1:{port}{random.choice(['', '', '', ' weight=2', ' weight=3'])};" for port in ports]
    if len(servers) > 1 and random.random() < 0.2:
        servers[-1] = servers[-1].replace(";", random.choice([" backup;", " down;", " max_fails=0;"]))
    if random.random() < 0.15:
        servers.insert(0, random.choice(["least_conn;", "ip_hash;", "hash $uri;"]))
    if random.random() < 0.15:
        servers.append("keepalive 4;")
    return f"upstream {name} {{\n" + _indented(servers) + "}"


def _server(random: Random, name: str, groups: list[str], is_default: bool) -> str:
    lines = [f"listen {LISTENER}{' default_server' if is_default else ''};", f"server_name {name};"]
    lines += _some(random, [random.choice(_SERVER_LINES)], 0.5)
    lines += _some(random, _headers(random), 0.45)
    lines += _some(random, [random.choice(_IFS)], 0.12)
    lines += _some(random, [random.choice(_REWRITES)], 0.15)
    lines += _some(random, [random.choice(_RETURNS)], 0.04)
    kinds = random.sample([kind for kind in LOCATIONS if kind not in _LED_TO], random.randint(2, 5))
    if "/" not in kinds and random.random() < 0.7:
        kinds.append("/")
    lines += [_location(random, kind, groups) for kind in kinds]
    lines += [_location(random, kind, groups) for kind in _LED_TO if _asked_for(kind, lines)]
    return "server {\n" + _indented(lines) + "}"


def _asked_for(kind: str, lines: list[str]) -> bool:
    """Whether some line of the server leads there."""
    return kind.removeprefix("= ") in "\n".join(lines)


def _location(random: Random, kind: str, groups: list[str], nested: bool = False) -> str:
    lines = []
    lines += _some(random, [random.choice(_REWRITES)], 0.12)
    lines += _some(random, [random.choice(_IFS)], 0.1)
    if random.random() < 0.2:
        lines.append(random.choice(_RETURNS))
    else:
        lines += _some(random, _headers(random), 0.7)
        if random.random() < 0.92:
            lines += _pass(random, kind, groups)
        lines += _some(random, [random.choice(_LOCATION_LINES)], 0.35)
    if not nested and kind.startswith("/") and kind != "/" and random.random() < 0.15:
        inner = kind.rstrip("/") + random.choice(["/inner", "/fast"])
        lines.append(_location(random, random.choice([inner, f"= {inner}", r"~ inner$"]), groups, nested=True))
    return f"location {kind} {{\n" + _indented(lines) + "}"


def _pass(random: Random, kind: str, groups: list[str]) -> list[str]:
    target = random.choice([*groups, *groups, "127.0.0.1:13000", "127.0.0.1:13001"])
    # With a URI nginx refuses it in a location by regular expression; once in a while, let it.
    uri = (
        "" if kind.startswith(("~", "@")) and random.random() < 0.985 else random.choice(["", "", "", "/", "/base/", "/b?x=1"])
    )
    if random.random() < 0.06:
        ending = random.choice(["", "$request_uri", "/v", "$uri$is_args$args", "/b?$args", "?only=args"])
        return [f"set $target {random.choice(['127.0.0.1:13000', *groups])}; proxy_pass http://$target{ending};"]
    return [f"proxy_pass http://{target}{uri};"]


def _headers(random: Random) -> list[str]:
    """The recipe, or a part of it, or something else: at any level, so that inheritance shows."""
    lines = _some(random, ["proxy_http_version 1.1;"], 0.8)
    lines += _some(random, [f"proxy_set_header Upgrade {_mostly(random, _UPGRADES)};"], 0.8)
    lines += _some(random, [f"proxy_set_header Connection {_mostly(random, _CONNECTIONS)};"], 0.8)
    lines += _some(random, [f"proxy_set_header Host {random.choice(_HOSTS)};"], 0.5)
    for header in random.sample(_FURTHER_HEADERS, random.choice([0, 0, 1, 2, 4])):
        lines.append(f"proxy_set_header {header};")
    random.shuffle(lines)
    return lines


def _mostly(random: Random, values: list[str]) -> str:
    return values[0] if random.random() < 0.6 else random.choice(values)


def _some(random: Random, lines: list[str], chance: float) -> list[str]:
    return lines if random.random() < chance else []


def _indented(lines: list[str]) -> str:
    return "".join(f"    {line}\n" for block in lines for line in block.split("\n"))
