"""Captures that lack some of what was sent: what stands before a loss is certain, and the session is not complete."""

from collections.abc import Iterator
from dataclasses import replace

from cases.case import Carried, Case, of_packets, of_segments
from dialogue import PARTIES, Dialogue, numbered
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
    yield _behind_a_hole()
    yield _begun_in_session()


def _behind_a_hole() -> Case:
    """Masked frames follow a hole: a reader may find them again, and must not make any up."""
    dialogue, connection = _conversation(), Connection()
    segments = connection.whole(dialogue.sends)
    lost = _number_of(segments, 12)
    carried = [(connection, dialogue, segments[:lost] + segments[lost + 1 :])]
    name, shows = "lost-masked-segment", "a segment with a masked frame is missing"
    whole = of_segments(name, shows, carried).truth["sessions"]
    dialogue.sessions[0].certain = {"client": 5}
    case = of_segments(name, shows, carried)
    case.truth["sent"] = whole
    return case


def _begun_in_session() -> Case:
    """No opening handshake: the masked frames prove what the connection speaks, and who is the client."""
    dialogue, connection = _conversation(), Connection()
    segments = connection.whole(dialogue.sends)[5:]
    case = of_segments(
        "begin-in-session", "the capture begins behind the handshake", [(connection, dialogue, segments)]
    )
    known = case.truth["sessions"][0]
    certain = {"client": known["frames"]["client"]}
    tunnel = {end: known[end] for end in PARTIES} | {"frames": certain, "sent": known["frames"]}
    case.truth.update(sessions=[], tunnels=[tunnel], sent=[known])
    return case


def _conversation() -> Dialogue:
    """Twenty questions of the client, each of them answered."""
    dialogue = Dialogue()
    session = dialogue.upgrade()
    for number in range(20):
        session.message("client", f"question {number}: what is {number} times {number}?")
        session.message("server", f"answer {number}: {number * number}")
    return session.bye()


def _number_of(segments: list[Segment], send: int) -> int:
    return next(number for number, segment in enumerate(segments) if segment.send == send)


def _part(dialogue: Dialogue, connection: Connection, segments: list[Segment]) -> Carried:
    return connection, _partial(dialogue, 1), segments


def _partial(dialogue: Dialogue, count: int) -> Dialogue:
    """Only so many frames and messages of the server are certain; those of the client all are."""
    for session in dialogue.sessions:
        session.certain = {"server": count}
    return dialogue
