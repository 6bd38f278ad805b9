"""A capture and a configuration whose every text tries to become something else."""

import base64
import hashlib
import struct

#: What a script of the capture would leave on the page.
MARK = "data-owned"
ACT = f"document.documentElement.setAttribute('{MARK}','1');console.log('owned');fetch('http://wsreplay.invalid/owned')"
SCRIPT = f"<script>{ACT}</script>"
IMAGE = f'<img src="http://wsreplay.invalid/image" onerror="{ACT}">'
#: Text of the payloads that must be on the page, as text.
WITNESSES = ["wsreplay.invalid/owned", "wsreplay.invalid/image", "witness-agent", "witness-origin", "witness-reason",
             "witness-comment", "witness-target"]  # fmt: skip
BREAKOUTS = ["</script>", "</style>", "</title>", "</pre>", "</details>", "-->", "]]>", '"', "'", "&lt;", "&#60;", "`"]
CONTROLS = "\x1b]0;owned\x07\x1b[31mred\x1b[0m\u202eright to left\u202c\u2066isolated\u2069"

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = base64.b64encode(hashlib.sha1((KEY + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()


def configuration() -> str:
    return f"""events {{}}
http {{
    server {{
        listen 8080;
        # witness-comment {SCRIPT} {IMAGE} {"".join(BREAKOUTS)}
        location / {{
            proxy_pass http://127.0.0.1:3000;
            proxy_set_header X-Note '{SCRIPT.replace("'", '"')}';
            proxy_set_header X-Link "javascript:{MARK}";
            proxy_set_header Host "{IMAGE.replace('"', "")}";
        }}
    }}
}}
"""


def capture() -> bytes:
    """A session that nginx forwards without its Upgrade line, so that all of it is reported."""
    target = "/witness-target?a=%3Cscript%3E&b=" + (SCRIPT + IMAGE).replace(" ", "/")
    request = "\r\n".join([
        f"GET {target} HTTP/1.1",
        "Host: chat.example.test:8080",
        f"User-Agent: witness-agent {SCRIPT}{IMAGE}{''.join(BREAKOUTS)}",
        f"Origin: witness-origin\"><svg/onload=\"{ACT}\"><a href=\"javascript:{ACT}\">",
        f"X-Controls: {CONTROLS}",
        *(f"X-Breakout-{number}: {text}{SCRIPT}" for number, text in enumerate(BREAKOUTS)),
        "Upgrade: websocket", "Connection: Upgrade", f"Sec-WebSocket-Key: {KEY}", "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Protocol: {SCRIPT.replace(' ', '')}", "\r\n",
    ])  # fmt: skip
    response = "\r\n".join([
        f"HTTP/1.1 101 witness-reason {SCRIPT}", "Upgrade: websocket", "Connection: Upgrade",
        f"Sec-WebSocket-Accept: {ACCEPT}", f"Server: nginx/1.22.1{IMAGE}", f"X-Controls: {CONTROLS}", "\r\n",
    ])  # fmt: skip
    text = (SCRIPT + IMAGE + CONTROLS).encode()
    close = struct.pack(">H", 4000) + SCRIPT[:100].encode()
    conversation = [
        (True, request.encode()), (False, response.encode()),
        (True, frame(1, text, masked=True)), (False, frame(1, text)), (False, frame(2, text)),
        (False, frame(8, close)), (True, frame(8, close, masked=True)),
    ]  # fmt: skip
    return pcap(conversation)


def frame(opcode: int, payload: bytes, masked: bool = False) -> bytes:
    length = len(payload)
    size = bytes([length]) if length < 126 else b"\x7e" + struct.pack(">H", length)
    if masked:
        # With a key of zeros a masked payload is what it was.
        size = bytes([size[0] | 0x80]) + size[1:] + bytes(4)
    return bytes([0x80 | opcode]) + size + payload


def pcap(conversation: list[tuple[bool, bytes]]) -> bytes:
    """One TCP connection, link type RAW, a millisecond from packet to packet."""
    records: list[bytes] = []
    sequence = {True: 1000, False: 5000}

    def send(from_client: bool, flags: int, payload: bytes = b"") -> None:
        ports = (50000, 8080) if from_client else (8080, 50000)
        ends = (b"\x0a\0\0\x01", b"\x0a\0\0\x02") if from_client else (b"\x0a\0\0\x02", b"\x0a\0\0\x01")
        acknowledged = 0 if flags == 2 else sequence[not from_client]
        tcp = struct.pack(">HHIIBBHHH", *ports, sequence[from_client], acknowledged, 0x50, flags, 65535, 0, 0)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 40 + len(payload), 0, 0, 64, 6, 0) + ends[0] + ends[1]
        packet = ip + tcp + payload
        records.append(struct.pack("<IIII", 1_700_000_000, len(records) * 1000, len(packet), len(packet)) + packet)
        sequence[from_client] += len(payload) + (1 if flags & 3 else 0)

    send(True, 0x02)
    send(False, 0x12)
    send(True, 0x10)
    for from_client, data in conversation:
        for start in range(0, len(data), 1400):
            send(from_client, 0x18, data[start : start + 1400])
    for flags, from_client in [(0x11, True), (0x11, False), (0x10, True)]:
        send(from_client, flags)
    return struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101) + b"".join(records)
