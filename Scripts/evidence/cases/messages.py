"""Messages: lengths, fragments, permessage-deflate with every combination of parameters, other extensions."""

import hashlib
import itertools
import zlib
from collections.abc import Iterator

from cases.case import Case, of_dialogue
from dialogue import Dialogue
from wire.websocket import BINARY, TEXT, Deflater

_WORDS = "the quick brown fox jumps over the lazy dog; "


def cases() -> Iterator[Case]:
    yield from _plain()
    yield from _deflated()
    yield from _bombs()
    yield from _extensions()


def _plain() -> Iterator[Case]:
    dialogue = Dialogue()
    session = dialogue.upgrade()
    for length in (0, 1, 125, 126, 127, 1000, 65_535, 65_536, 70_000):
        session.message("client", bytes(length))
        session.message("server", "x" * length)
    yield of_dialogue("messages-lengths", "payload lengths around the borders of the header", session.bye())
    dialogue = Dialogue()
    session = dialogue.upgrade()
    text = "Gr\u00fc\u00dfe \u20ac \U0001f600"
    session.message("client", text, cuts=tuple(range(1, len(text.encode()))))
    session.message("server", text, cuts=(0, 0, 3, 3))
    yield of_dialogue("messages-fragments", "a frame a byte, through characters; empty fragments", session.bye())
    dialogue = Dialogue()
    session = dialogue.upgrade()
    session.frame("server", TEXT, b"Hel", fin=False)
    session.frame("client", BINARY, b"\x01", fin=False)
    session.ping("server", b"between")
    session.pong("client", b"between")
    session.frame("server", 0, b"lo")
    session.told("server", TEXT, b"Hello")
    session.frame("client", 0, b"\x02")
    session.told("client", BINARY, b"\x01\x02")
    yield of_dialogue("messages-interleaved", "control frames inside fragmented messages of both ends", session.bye())
    dialogue = Dialogue()
    session = dialogue.upgrade()
    for number in range(200):
        session.message("server", f"{number}", joined=True)
    yield of_dialogue(
        "messages-200-in-a-segment", "many frames in a segment, one of them cut by its end", session.bye()
    )
    for name, code, reason in (("1001", 1001, "going away"), ("empty", None, ""), ("4999", 4999, "\u20ac" * 41)):
        dialogue = Dialogue()
        session = dialogue.upgrade()
        session.close("server", code, reason)
        session.close("client", code)
        yield of_dialogue(f"close-{name}", f"a close with {code} and \u201c{reason[:10]}\u201d", dialogue)
    dialogue = Dialogue()
    dialogue.upgrade().message("client", "bye")
    yield of_dialogue("close-none", "a connection that ends without close frames", dialogue)


def _deflated() -> Iterator[Case]:
    """Takeover of each end, window bits of each end: the parameters of one end say nothing about the other."""
    for client_takeover, server_takeover in itertools.product((True, False), repeat=2):
        for client_bits, server_bits in ((15, 15), (9, 15), (15, 9), (10, 12), (8, 8)):
            parameters = [] if client_takeover else ["client_no_context_takeover"]
            parameters += [] if server_takeover else ["server_no_context_takeover"]
            parameters += [f"client_max_window_bits={client_bits}"] if client_bits < 15 else []
            parameters += [f"server_max_window_bits={server_bits}"] if server_bits < 15 else []
            deflaters = (Deflater(client_takeover, client_bits), Deflater(server_takeover, server_bits))
            answer = "; ".join(["permessage-deflate", *parameters])
            offer = "; ".join(["permessage-deflate", *(part for part in parameters if part[0] == "s")])
            offer += "; client_max_window_bits" if client_bits < 15 else ""
            name = f"deflate-{'takeover' if client_takeover else 'reset'}-{client_bits}"
            name += f"-{'takeover' if server_takeover else 'reset'}-{server_bits}"
            yield _compressed(name, offer, answer, deflaters, is_short=min(client_bits, server_bits) == 8)


def _compressed(name: str, offer: str, answer: str, deflaters: tuple[Deflater, Deflater], is_short: bool) -> Case:
    dialogue = Dialogue()
    session = dialogue.upgrade(offer=offer, answer=answer, deflaters=deflaters)
    for number in range(4):
        # With a window of 8 bits zlib would look back further than allowed in anything longer.
        text = f"{number}: {_WORDS}" if not is_short else f"{number}{_WORDS[:40]}"
        for party in ("client", "server"):
            if is_short:
                session.deflaters = {end: Deflater(takeover=False) for end in session.deflaters}
            repeated = text if is_short else text * (1 + 5 * number)
            session.message(party, repeated, compressed=True, cuts=(3, 9) if number % 2 else ())
            session.message(party, f"not compressed {number}")
        session.ping("server", b"?")
    session.message("client", b"", compressed=not is_short)
    return of_dialogue(name, answer, session.bye())


def _bombs() -> Iterator[Case]:
    """More bytes than the capture has: they are counted, and never all kept."""
    dialogue = Dialogue()
    session = dialogue.upgrade()
    session.message("client", "300 KiB " * (300 * 128))
    yield of_dialogue("large-masked", "a masked text of 300 KiB", session.bye())
    yield bomb("large-inflated-16", 16)


def bomb(name: str, mebibytes: int) -> Case:
    """A message of so many MiB of the letter a, compressed to a thousandth."""
    deflater, digest, block = zlib.compressobj(9, zlib.DEFLATED, -15), hashlib.sha256(), b"a" * (1 << 20)
    parts = []
    for _ in range(mebibytes):
        parts.append(deflater.compress(block))
        digest.update(block)
    parts.append(deflater.flush(zlib.Z_SYNC_FLUSH)[:-4])
    dialogue = Dialogue()
    session = dialogue.upgrade(offer="permessage-deflate", answer="permessage-deflate")
    session.frame("server", TEXT, b"".join(parts), rsv=4)
    session.told_digest("server", TEXT, mebibytes << 20, digest.hexdigest())
    size = sum(len(part) for part in parts) // 1000
    return of_dialogue(name, f"a message of {mebibytes} MiB in a file of {size} kB", session.bye(), mss=60_000)


def _extensions() -> Iterator[Case]:
    for name, extension in (("unknown", "x-scramble; level=3"), ("webkit", "x-webkit-deflate-frame")):
        dialogue = Dialogue()
        session = dialogue.upgrade(offer=extension, answer=extension)
        session.losses = ["ws.extension.unknown"]
        session.complete = False
        session.frame("server", TEXT, b"\x01\x02", rsv=4)
        session.told_digest("server", TEXT, 2, None)
        yield of_dialogue(f"extension-{name}", f"the extension {extension}, which nobody can read here", session.bye())
    dialogue = Dialogue()
    session = dialogue.upgrade(offer="permessage-deflate, x-other", answer=None)
    session.message("client", "plain")
    yield of_dialogue("extension-declined", "extensions that the server does not take", session.bye())
