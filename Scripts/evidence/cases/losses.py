"""Captures that lack some of what was sent: what stands before a loss is certain, and the session is not complete."""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Carried, Case, of_packets, of_segments
from dialogue import Dialogue, numbered
from wire import links
from wire.files import BEGAN, Packet
from wire.tcp import Connection, Segment


def cases() -> Iterator[Case]:
    dialogue, connection = numbered(), Connection()
    segments = connection.whole(dialogue.sends)
    lost = _number_of(segments, 3)
    yield of_segments(
        "lost-segment", "a segment is missing", [_part(dialogue, connection, segments[:lost] + segments[lost + 1 :])]
    )
    dialogue, connection = numbered(), Connection()
    segments = connection.whole(dialogue.sends)
    late = replace(segments[lost], payload=b"#" * len(segments[lost].payload))
    behind = segments[lost + 1 : lost + 2]
    yield of_segments(
        "hole-filled-twice", "a hole that is filled twice with different bytes, of which the first count",
        [(connection, dialogue.contested(), [*segments[:lost], *behind, segments[lost], late, *segments[lost + 2 :]])],
    )  # fmt: skip
    dialogue, connection = numbered(), Connection()
    frames = [links.ethernet(datagram) for datagram in connection.datagrams(connection.whole(dialogue.sends))]
    cut = [Packet(frame[:400], BEGAN + number * 10**6, 1, len(frame)) for number, frame in enumerate(frames)]
    yield of_packets("snaplen", "packets cut at 400 bytes", cut, _partial(dialogue, 1), connection)
    dialogue, connection = numbered(), Connection()
    segments = connection.whole(dialogue.sends)
    # How much of such a session a reader shows, and with what confidence, is no matter of construction.
    case = of_segments(
        "begin-in-session", "the capture begins behind the handshake", [(connection, dialogue, segments[5:])]
    )
    case.truth.update(sessions=None, sent=case.truth["sessions"])
    yield case


def _number_of(segments: list[Segment], send: int) -> int:
    return next(number for number, segment in enumerate(segments) if segment.send == send)


def _part(dialogue: Dialogue, connection: Connection, segments: list[Segment]) -> Carried:
    return connection, _partial(dialogue, 1), segments


def _partial(dialogue: Dialogue, frames: int) -> Dialogue:
    """Only so many frames and messages of the server are certain; those of the client all are."""
    for session in dialogue.sessions:
        session.partial = True
        session.frames["server"] = session.frames["server"][:frames]
        session.messages["server"] = session.messages["server"][:frames]
    return dialogue
