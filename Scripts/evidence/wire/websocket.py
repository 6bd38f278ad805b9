"""Frames, keys and compressed messages (RFC 6455 §5, §4.2.2; RFC 7692 §7.2.1)."""

import base64
import hashlib
import zlib

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
KEY = "dGhlIHNhbXBsZSBub25jZQ=="


def accept(key: str) -> str:
    digest = hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    return base64.b64encode(digest).decode()


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    fin: bool = True,
    rsv: int = 0,
    key: bytes | None = None,
    length_bytes: int | None = None,
) -> bytes:
    """One frame, masked where there is a key; `length_bytes` 2 or 8 writes the length in more bytes than it needs."""
    if length_bytes is None:
        length_bytes = 0 if len(payload) < 126 else 2 if len(payload) < 1 << 16 else 8
    short = {0: len(payload), 2: 126, 8: 127}[length_bytes]
    head = bytes([fin << 7 | rsv << 4 | opcode, (key is not None) << 7 | short])
    if length_bytes:
        head += len(payload).to_bytes(length_bytes, "big")
    return head + (payload if key is None else key + mask(payload, key))


def masking_key(number: int) -> bytes:
    """A key for each frame that nobody foresees, and that is the same in every run."""
    return hashlib.sha256(number.to_bytes(8, "big")).digest()[:4]


def mask(payload: bytes, key: bytes) -> bytes:
    length = len(payload)
    keys = (key * (length // 4 + 1))[:length]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(keys, "big")).to_bytes(length, "big")


def close_body(code: int | None, reason: str = "") -> bytes:
    return b"" if code is None else code.to_bytes(2, "big") + reason.encode()


class Deflater:
    """Compresses the messages of one direction."""

    def __init__(self, takeover: bool = True, window_bits: int = 15):
        self._takeover = takeover
        # zlib makes no raw stream with a window of 8 bits; one of 9 is the same where no message reaches 256 bytes.
        self._window_bits = max(9, window_bits)
        self._stream = self._new()

    def _new(self):
        return zlib.compressobj(9, zlib.DEFLATED, -self._window_bits)

    def message(self, payload: bytes) -> bytes:
        """The compressed message without its last four bytes 00 00 FF FF."""
        data = self._stream.compress(payload) + self._stream.flush(zlib.Z_SYNC_FLUSH)
        if not self._takeover:
            self._stream = self._new()
        return data[:-4]
