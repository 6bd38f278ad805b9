"""What readers of WebSocket captures are known to get wrong, one thing a capture; rows of the table beside tshark."""

from collections.abc import Iterator

from cases.case import Case, of_dialogue, of_segments
from dialogue import PARTIES, Dialogue
from wire.tcp import Connection
from wire.websocket import Deflater

#: What each row is about, and the name of its capture.
ROWS = (
    ("Compressed both ways, plain messages between", "probe-deflate"),
    ("Control frames inside fragmented messages of both ends", "messages-interleaved"),
    ("Only `client_no_context_takeover`", "probe-deflate-client-reset"),
    ("Only `server_no_context_takeover`", "probe-deflate-server-reset"),
    ("Fragmented and compressed", "probe-deflate-fragmented"),
    ("A masked text of 300 KiB", "large-masked"),
    ("Two segments swapped", "probe-swapped"),
    ("A hole filled twice with different bytes", "hole-filled-twice"),
    ("A segment of the client missing", "lost-masked-segment"),
    ("No opening handshake in the capture", "begin-in-session"),
)
#: The same for violations.
VIOLATIONS = (
    ("A client that does not mask", "violation-unmasked"),
    ("A server that masks", "violation-masked"),
    ("A control frame of 126 bytes", "violation-control-too-long-client"),
    ("A fragmented control frame", "violation-control-fragmented-server"),
    ("A reserved opcode", "violation-opcode-3-client"),
    ("Close code 1005 on the wire", "violation-close-1005-server"),
    ("Text that is no UTF-8", "violation-utf8-byte-server"),
    ("A continuation without a message", "violation-stray-continuation-client"),
    ("A message inside another one", "violation-interrupted-client"),
    ("RSV1 without an extension", "violation-rsv1-server"),
    ("A close frame of one byte", "violation-close-1-byte-client"),
    ("Data behind a close frame", "violation-data-after-close-server"),
    ("A length in more bytes than it needs", "violation-length-5-in-2-client"),
    ("A wrong `Sec-WebSocket-Accept`", "violation-response-accept"),
)


def cases() -> Iterator[Case]:
    yield _deflated("probe-deflate", "compressed both ways with takeover, plain messages between")
    yield _deflated("probe-deflate-client-reset", "only client_no_context_takeover", client_takeover=False)
    yield _deflated("probe-deflate-server-reset", "only server_no_context_takeover", server_takeover=False)
    yield _deflated("probe-deflate-fragmented", "compressed messages in three frames each", cuts=(5, 9))
    yield _swapped()


def _deflated(
    name: str, shows: str, client_takeover: bool = True, server_takeover: bool = True, cuts: tuple[int, ...] = ()
) -> Case:
    answer = "permessage-deflate"
    answer += "" if client_takeover else "; client_no_context_takeover"
    answer += "" if server_takeover else "; server_no_context_takeover"
    dialogue = Dialogue()
    session = dialogue.upgrade(
        offer=answer, answer=answer, deflaters=(Deflater(client_takeover), Deflater(server_takeover))
    )
    for number in range(3):
        for party in PARTIES:
            session.message(party, f"message {number} of the {party}, and of both ends", compressed=True, cuts=cuts)
            if not cuts:
                session.message(party, f"plain {number} of the {party}")
    return of_dialogue(name, shows, session.bye())


def _swapped() -> Case:
    """The second half of a message comes before its first half."""
    dialogue, connection = Dialogue(), Connection()
    session = dialogue.upgrade()
    session.message("server", "before")
    session.message("server", "Z" * 2600)
    session.message("server", "behind")
    segments = connection.whole(session.bye().sends)
    first = next(number for number, segment in enumerate(segments) if segment.send == 3)
    segments[first : first + 2] = segments[first + 1], segments[first]
    return of_segments("probe-swapped", "two segments swapped", [(connection, dialogue, segments)])
