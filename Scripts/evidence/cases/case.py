"""A capture with its truth."""

from collections.abc import Callable
from dataclasses import dataclass

from dialogue import PARTIES, Dialogue, Place, Session, chat
from wire import links
from wire.files import Packet, pcap, timed
from wire.tcp import Connection, Segment

#: A connection, what is said on it, and the segments that carry it.
Carried = tuple[Connection, Dialogue, list[Segment]]


@dataclass(frozen=True)
class Case:
    """`truth` says what `inspect --frames --format json` must find; what it does not mention may be anything."""

    name: str
    shows: str
    data: bytes
    truth: dict
    suffix: str = "pcap"

    @property
    def file_name(self) -> str:
        return f"{self.name}.{self.suffix}"


def of_dialogue(
    name: str,
    shows: str,
    dialogue: Dialogue,
    *,
    connection: Connection | None = None,
    mss: int = 1400,
    ending: str = "fin",
    ended_by: str | None = "client",
    **how,
) -> Case:
    """Everything in order, each send in segments of its own."""
    connection = connection or Connection()
    segments = connection.whole(dialogue.sends, mss)
    case = of_segments(name, shows, [(connection, dialogue, segments)], ending=ending, ended_by=ended_by, **how)
    for session, truth in zip(dialogue.sessions, case.truth["sessions"], strict=True):
        _add_packets(session, truth, segments)
    return case


def of_built(name: str, shows: str, build: Callable[[Dialogue], None], **how) -> Case:
    """The same of a dialogue about HTTP that a function fills."""
    dialogue = Dialogue()
    build(dialogue)
    return of_dialogue(f"http-{name}", shows, dialogue, **how)


def of_segments(
    name: str,
    shows: str,
    carried: list[Carried],
    *,
    wrap: Callable[[bytes], bytes] = links.ethernet,
    link: int = links.ETHERNET,
    write: Callable[[list[Packet]], bytes] = pcap,
    suffix: str = "pcap",
    ending: str = "fin",
    ended_by: str | None = "client",
) -> Case:
    """The segments of one connection after those of the other, each in a packet."""
    frames = [wrap(datagram) for connection, _, segments in carried for datagram in connection.datagrams(segments)]
    packets = timed(frames, link)
    truth = {
        "packets": len(packets),
        "sessions": [
            truth_of(session, connection, ending, ended_by)
            for connection, dialogue, _ in carried
            for session in dialogue.sessions
        ],
    }
    return Case(name, shows, write(packets), truth, suffix)


def of_altered(
    name: str, shows: str, alter: Callable[[list[Segment]], list[Segment]], ended_by: str | None = "client"
) -> Case:
    """The segments of a chat, otherwise than they were sent; without `ended_by` any end may come first."""
    dialogue, connection = chat(), Connection()
    segments = alter(connection.whole(dialogue.sends))
    case = of_segments(name, shows, [(connection, dialogue, segments)], ended_by=ended_by)
    if ended_by is None:
        for session in case.truth["sessions"]:
            del session["close"]["ending"], session["close"]["endedBy"]
    return case


def of_packets(
    name: str,
    shows: str,
    packets: list[Packet],
    dialogue: Dialogue,
    connection: Connection,
    *,
    write: Callable[[list[Packet]], bytes] = pcap,
    suffix: str = "pcap",
    ending: str | None = "fin",
    ended_by: str | None = "client",
) -> Case:
    """Packets of one's own making."""
    sessions = [truth_of(session, connection, ending, ended_by) for session in dialogue.sessions]
    return Case(name, shows, write(packets), {"packets": len(packets), "sessions": sessions}, suffix)


def truth_of(session: Session, connection: Connection, ending: str | None, ended_by: str | None) -> dict:
    method, target, version = session.start_line
    frames = {party: [shown for shown, _ in session.frames[party]] for party in PARTIES}
    truth = {
        "kind": session.kind,
        "client": _endpoint(connection.network.client, connection.client_port),
        "server": _endpoint(connection.network.server, connection.server_port),
        "request": {"method": method, "target": target, "version": version},
        "status": session.status,
        "complete": session.complete,
        "frames": frames,
        "messages": session.messages,
    }
    if session.certain is not None:
        certain = {party: session.certain.get(party) for party in PARTIES}
        return truth | {
            "complete": False,
            "sent": frames,
            "frames": {party: frames[party][: certain[party]] for party in PARTIES},
            "messages": {party: session.messages[party][: certain[party]] for party in PARTIES},
        }
    if session.is_contested:
        return truth | {"complete": False, "named": ["tcp.overlap-conflict"]}
    if session.is_draft:
        return truth | {"losses": session.losses}
    close = dict(session.closes)
    if ending is not None:
        # An exchange that another one follows is over before its connection is.
        is_last = session is session.dialogue.sessions[-1]
        close |= {"ending": ending if is_last else "open", "endedBy": ended_by if is_last else None}
    return truth | {
        "acceptValid": session.accept_valid,
        "subprotocol": session.subprotocol,
        "extensions": session.extensions,
        "close": close,
        "violations": [{"code": code, "direction": party} for code, party, _ in session.violations],
        "losses": session.losses,
    }


def _add_packets(session: Session, truth: dict, segments: list[Segment]) -> None:
    """The number of the packet that completes each frame, and of the one that breaks each rule."""
    ends: dict[int, list[tuple[int, int]]] = {}
    for number, segment in enumerate(segments, start=1):
        if segment.send is not None:
            before = ends.setdefault(segment.send, [(0, 0)])
            before.append((before[-1][0] + len(segment.payload), number))

    def packet(place: Place) -> int:
        return next(number for end, number in ends[place.send] if end >= place.end)

    for party in PARTIES:
        for shown, (_, place) in zip(truth["frames"][party], session.frames[party], strict=False):
            shown["packet"] = packet(place)
    for shown, (_, _, place) in zip(truth.get("violations", []), session.violations, strict=False):
        shown["packet"] = packet(place)


def _endpoint(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
