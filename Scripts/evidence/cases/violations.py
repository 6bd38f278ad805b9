"""Every violation that frames, messages and close frames can hold, with its packet and the end at fault."""

import random
from collections.abc import Callable, Iterator

from cases.case import Case, of_dialogue
from dialogue import PARTIES, Dialogue, Session
from wire.websocket import BINARY, CLOSE, PING, TEXT, Deflater


def cases() -> Iterator[Case]:
    yield from _frames()
    yield from _messages()
    yield from _compression()
    yield from _closes()


def _of_both(name: str, code: str, plant: Callable[[Session, str], None], deflate: str | None = None) -> Iterator[Case]:
    """The same violation by either end, between messages that are as they should be."""
    for party in PARTIES:
        dialogue = Dialogue()
        session = dialogue.upgrade(offer=deflate and _offer(deflate), answer=deflate)
        if deflate:
            session.deflaters = {end: Deflater() for end in PARTIES}
        session.message(party, "before")
        plant(session, party)
        if not session.closes[party]:
            session.message(party, "behind")
            session.bye()
        yield of_dialogue(f"violation-{name}-{party}", f"{code} by the {party}", dialogue)


def _offer(answer: str) -> str:
    """An offer that the answer fits."""
    return answer.replace("client_max_window_bits=9", "client_max_window_bits")


def _planted(code: str, opcode: int, payload: bytes = b"", **how) -> Callable[[Session, str], None]:
    def plant(session: Session, party: str) -> None:
        session.frame(party, opcode, payload, violates=code, **how)
        if opcode in (TEXT, BINARY) and how.get("fin", True):
            session.told(party, opcode, payload)

    return plant


def _frames() -> Iterator[Case]:
    for party, code in (("client", "ws.frame.unmasked"), ("server", "ws.frame.masked")):
        dialogue = Dialogue()
        session = dialogue.upgrade()
        session.frame(party, TEXT, b"Hello", masked=party == "server", violates=code)
        session.told(party, TEXT, b"Hello")
        yield of_dialogue(f"violation-{code.removeprefix('ws.frame.')}", code, session.bye())
    for opcode in (3, 7, 11, 15):
        yield from _of_both(
            f"opcode-{opcode}", "ws.frame.reserved-opcode", _planted("ws.frame.reserved-opcode", opcode, b"?")
        )
    for bit, rsv in ((1, 4), (2, 2), (3, 1)):
        code = f"ws.frame.rsv{bit}"

        def plant(session: Session, party: str, code: str = code, rsv: int = rsv) -> None:
            session.frame(party, TEXT, b"a", rsv=rsv, violates=code)
            # Nobody knows what the bit means, so that the message is counted and not read.
            session.told_digest(party, TEXT, 1, None)

        yield from _of_both(f"rsv{bit}", code, plant)
        yield from _of_both(f"rsv{bit}-ping", code, _planted(code, PING, rsv=rsv))
    for size, length in ((2, 5), (8, 5), (8, 300)):
        yield from _of_both(
            f"length-{length}-in-{size}", "ws.frame.length-not-minimal",
            _planted("ws.frame.length-not-minimal", BINARY, bytes(length), length_bytes=size),
        )  # fmt: skip
    for party in PARTIES:
        dialogue = Dialogue()
        session = dialogue.upgrade()
        session.message(party, "before")
        dialogue.send(
            party, bytes([0x82, (party == "client") << 7 | 127, 0x80, 0, 0, 0, 0, 0, 0, 5]) + b"\x37\xfa\x21\x3d?"
        )
        session.violates("ws.frame.length-top-bit", party)
        session.complete, session.losses = False, ["ws.frame.unreadable"]
        yield of_dialogue(f"violation-length-top-bit-{party}", "ws.frame.length-top-bit", dialogue)
    too_long = "ws.control.too-long"
    yield from _of_both("control-too-long", too_long, _planted(too_long, PING, bytes(126)))
    yield from _of_both(
        "control-fragmented", "ws.control.fragmented", _planted("ws.control.fragmented", PING, fin=False)
    )
    yield from _of_both(
        "control-compressed",
        "ws.control.compressed",
        _planted("ws.control.compressed", PING, b"a", rsv=4),
        "permessage-deflate",
    )


def _messages() -> Iterator[Case]:
    def interrupted(session: Session, party: str) -> None:
        session.frame(party, TEXT, b"given up", fin=False)
        session.frame(party, TEXT, b"new", violates="ws.message.interrupted")
        session.told(party, TEXT, b"new")

    stray = "ws.message.stray-continuation"
    yield from _of_both("stray-continuation", stray, _planted(stray, 0, b"?"))
    yield from _of_both("interrupted", "ws.message.interrupted", interrupted)
    for name, payload in (
        ("byte", b"A\xffA"),
        ("cut", b"A\xc3"),
        ("surrogate", b"\xed\xa0\x80"),
        ("overlong", b"\xc0\x80"),
    ):
        yield from _of_both(f"utf8-{name}", "ws.message.utf8", _planted("ws.message.utf8", TEXT, payload))

    def across(session: Session, party: str) -> None:
        session.frame(party, TEXT, b"\xed", fin=False)
        session.ping(party)
        session.frame(party, 0, b"\xa0", fin=False)
        session.frame(party, 0, b"\x80", violates="ws.message.utf8")
        session.told(party, TEXT, b"\xed\xa0\x80")

    yield from _of_both("utf8-across-fragments", "ws.message.utf8", across)


def _compression() -> Iterator[Case]:
    deflate = "permessage-deflate"

    def continued(session: Session, party: str) -> None:
        data = session.deflaters[party].message(b"Hello")
        session.frame(party, TEXT, data[:3], fin=False, rsv=4)
        session.frame(party, 0, data[3:], rsv=4, violates="ws.message.compressed-continuation")
        session.told(party, TEXT, b"Hello")

    def invalid(session: Session, party: str) -> None:
        session.frame(party, TEXT, b"\xff\xff\xff", rsv=4, violates="ws.deflate.invalid")
        session.told_digest(party, TEXT, 0, None)

    def unfinished(session: Session, party: str) -> None:
        """All bytes are there, and the last block has no end."""
        session.frame(party, BINARY, Deflater().message(b"Hello")[:-1], rsv=4, violates="ws.deflate.unfinished")
        session.told(party, BINARY, b"Hello")

    def too_far(session: Session, party: str) -> None:
        noise = random.Random(3).randbytes(600)
        session.frame(party, BINARY, Deflater().message(noise * 2), rsv=4, violates="ws.deflate.window")
        session.told(party, BINARY, noise * 2)

    yield from _of_both("compressed-continuation", "ws.message.compressed-continuation", continued, deflate)
    yield from _of_both("deflate-invalid", "ws.deflate.invalid", invalid, deflate)
    yield from _of_both("deflate-unfinished", "ws.deflate.unfinished", unfinished, deflate)
    windows = "; client_max_window_bits=9; server_max_window_bits=9"
    yield from _of_both("deflate-window", "ws.deflate.window", too_far, deflate + windows)


def _closes() -> Iterator[Case]:
    def short(session: Session, party: str) -> None:
        session.frame(party, CLOSE, b"\x03", violates="ws.close.length")
        session.closes[party] = [None, ""]

    yield from _of_both("close-1-byte", "ws.close.length", short)
    for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535):

        def plant(session: Session, party: str, code: int = code) -> None:
            session.close(party, code, violates="ws.close.code")

        yield from _of_both(f"close-{code}", "ws.close.code", plant)

    def unreadable(session: Session, party: str) -> None:
        session.frame(party, CLOSE, b"\x03\xe8\xc0\x80", violates="ws.close.utf8")
        session.closes[party] = [1000, "\ufffd\ufffd"]

    yield from _of_both("close-utf8", "ws.close.utf8", unreadable)

    def more(session: Session, party: str) -> None:
        session.close(party)
        session.dialogue.send(party, b"\x81\x80" + bytes(4) if party == "client" else b"\x81\x00")
        session.violates("ws.close.data-after", party)

    yield from _of_both("data-after-close", "ws.close.data-after", more)
