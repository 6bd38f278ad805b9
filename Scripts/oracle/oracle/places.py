"""What random servers and locations are called, each with requests that (nearly) reach it."""

#: server_name → hosts
SERVERS = {
    "app.example.test": ["app.example.test", "APP.example.test:18080", "app.example.test."],
    "*.example.test": ["other.example.test", "example.test", "a.b.example.test"],
    ".wild.test": ["wild.test", "a.b.wild.test"],
    "www.*": ["www.anything", "www.example.test"],
    r"~^(?<sub>\w+)\.re\.test$": ["sub.re.test", "sub.RE.test", "a.sub.re.test"],
    "one.test two.test": ["one.test", "two.test"],
    '""': ["", "127.0.0.1:18080", "unknown.test"],
}

#: location → paths
LOCATIONS = {
    "/": ["/", "/anything", "//ws//x", "/go", "/permanent", "/old/x"],
    "/ws": ["/ws", "/ws?x=1", "/wss", "/ws/%2e%2e/chat/"],
    "/ws/": ["/ws/", "/ws/room?x=1&y=%20", "/ws", "/ws/inner", "/ws/q?room=1"],
    "/chat/": ["/chat/", "/chat/lobby?room=7", "/chat", "/chat/inner", "/chat/?room=", "/static/../chat/x"],
    "/api/v1": ["/api/v1", "/api/v10", "/api/v1/things/..//x", "/api/v1/inner"],
    "/a%20b": ["/a%20b", "/a%2520b", "/a b"],
    "= /ws": ["/ws", "/ws/", "/WS", "/./ws"],
    "= /": ["/", "/?x", "//"],
    "= /live": ["/live", "/abc/live"],
    "^~ /static/": ["/static/a.png", "/static/../ws", "/static/%41%2f%3F.php"],
    "^~ /ws/fast": ["/ws/fast/lane", "/ws/fast", "/ws/faster?room=9"],
    r"~ ^/ws/(.*)$": ["/ws/", "/ws/room?x=1", "/ws/a%20b/c", "/ws/fast/lane"],
    r"~ ^/(?<room>[a-z]+)/live$": ["/abc/live", "/ABC/live", "/abc/live/"],
    r"~* \.(php|PNG)$": ["/pic.png", "/index.PHP?", "/ws/x.php"],
    "@fallback": ["/nonexistent"],
    "= /sorry": ["/sorry"],
    "= /auth": ["/auth"],
    "~ /chat": ["/chat", "/my/chat/room", "/chat/lobby"],
}
