"""What TCP does to a stream on its way into a capture."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from cases.case import Carried, Case, of_dialogue, of_packets, of_segments
from dialogue import Dialogue, chat
from wire import links
from wire.files import BEGAN, Packet, timed
from wire.ip import Network
from wire.tcp import ACK, FIN, PSH, RST, SYN, Connection, Segment, moved


def cases() -> Iterator[Case]:
    yield from _orders()
    yield from _repetitions()
    yield from _offload()
    yield from _beginnings()
    yield from _endings()
    yield from _losses()


def _orders() -> Iterator[Case]:
    def swapped(segments: list[Segment]) -> list[Segment]:
        """Each pair of neighbours of the same end changes places."""
        segments = list(segments)
        for index in range(3, len(segments) - 4):
            if segments[index].party == segments[index + 1].party and segments[index].payload:
                segments[index : index + 2] = reversed(segments[index : index + 2])
        return segments

    def shuffled(segments: list[Segment]) -> list[Segment]:
        body = segments[3:-3]
        random.Random(7).shuffle(body)
        return segments[:3] + body + segments[-3:]

    def client_last(segments: list[Segment]) -> list[Segment]:
        """One queue of a network card was read before the other."""
        return sorted(segments, key=lambda segment: segment.party, reverse=True)

    def fin_first(segments: list[Segment]) -> list[Segment]:
        return segments[:3] + segments[-3:-1] + segments[3:-3] + segments[-1:]

    yield _altered("order-swapped", "neighbours that changed places", swapped)
    dialogue, connection = _numbered(), Connection()
    carried = [(connection, dialogue, shuffled(connection.whole(dialogue.sends, mss=50)))]
    yield of_segments("order-shuffled", "segments in any order", carried)
    yield _altered("order-server-first", "all packets of the server before those of the client", client_last, None)
    yield _altered("order-fin-first", "FINs before the data", fin_first)
    yield of_dialogue("bytes-1", "one byte in a segment", _short(), mss=1)
    yield of_dialogue("bytes-7", "seven bytes in a segment", chat(), mss=7)
    for party, start in (("client", 2**32 - 200), ("server", 2**32 - 1), ("both", 2**32 - 1000)):
        starts = {f"{end}_start": start for end in ("client", "server") if party in (end, "both")}
        connection = Connection(**starts)
        yield of_dialogue(f"wrap-{party}", f"sequence numbers that wrap, {party}", chat(), connection=connection)


def _repetitions() -> Iterator[Case]:
    def doubled(segments: list[Segment]) -> list[Segment]:
        return [copy for segment in segments for copy in (segment, segment)]

    def retransmitted(segments: list[Segment]) -> list[Segment]:
        """Every third segment comes again later."""
        made: list[Segment] = []
        for number, segment in enumerate(segments[:-3]):
            made.append(segment)
            if number % 3 == 0 and number > 3:
                made.append(segments[number - 2])
        return made + segments[-3:]

    def merged(segments: list[Segment]) -> list[Segment]:
        """A retransmission that starts in the middle of one segment and ends in the middle of the next."""
        made: list[Segment] = []
        for before, segment in zip([None, *segments], segments, strict=False):
            if before and before.party == segment.party and before.payload and segment.payload:
                half, start = len(before.payload) // 2, len(segment.payload) // 2
                made.append(moved(before, half, before.payload[half:] + segment.payload[:start]))
            made.append(segment)
        return made

    def probed(segments: list[Segment]) -> list[Segment]:
        """Keep-alive probes: an old sequence number, with a byte and without (RFC 9293 §3.8.4)."""
        made = []
        for number, segment in enumerate(segments):
            if number > 3 and segment.payload and number % 2:
                made += [moved(segment, -1, b"\x00"), moved(segment, -1, b"")]
            made.append(segment)
        return made

    def window_probed(segments: list[Segment]) -> list[Segment]:
        """Zero-window probes: one byte ahead of what is sent."""
        return [
            part
            for segment in segments
            for part in ([replace(segment, payload=segment.payload[:1])] if len(segment.payload) > 1 else [])
            + [segment]
        ]

    def contradicted(segments: list[Segment]) -> list[Segment]:
        """Every segment comes again with other bytes: the first copy counts."""
        return [
            copy
            for segment in segments
            for copy in (segment, *([replace(segment, payload=b"#" * len(segment.payload))] if segment.payload else []))
        ]

    yield _altered("twice-all", "every packet captured twice", doubled)
    yield _altered("twice-some", "retransmissions", retransmitted)
    yield _altered("twice-merged", "retransmissions that span two segments", merged)
    yield _altered("probes-keep-alive", "keep-alive probes", probed)
    yield _altered("probes-window", "zero-window probes", window_probed)
    yield _conflicting(
        "twice-different", "retransmissions with different bytes, of which the first count", contradicted
    )


def _offload() -> Iterator[Case]:
    dialogue, connection = chat(), Connection()
    segments = connection.whole(dialogue.sends, mss=60_000)
    frames = [links.ethernet(connection.datagram(segment, total_length=0)) for segment in segments]
    # Padding would count: with a length of 0 the packet reaches to the end of what was captured.
    frames = [frame[: 14 + 20 + 20 + len(segment.payload)] for frame, segment in zip(frames, segments, strict=True)]
    yield of_packets("offload-length-0", "segmentation offload: IPv4 length 0", timed(frames), dialogue, connection)
    dialogue, connection = chat(), Connection(Network("2001:db8::1", "2001:db8::2"))
    frames = [
        links.ethernet(connection.datagram(segment, payload_length=0))
        for segment in connection.whole(dialogue.sends, mss=60_000)
    ]
    yield of_packets("offload-v6-length-0", "segmentation offload: IPv6 length 0", timed(frames), dialogue, connection)
    dialogue, connection = chat(), Connection()
    frames = [
        links.ethernet(connection.network.datagram(segment.party, 6, connection.encoded(segment, sum_is_right=False)))
        for segment in connection.whole(dialogue.sends)
    ]
    yield of_packets("offload-checksums", "checksums left to the network card", timed(frames), dialogue, connection)


def _beginnings() -> Iterator[Case]:
    def without(*numbers: int) -> Callable[[list[Segment]], list[Segment]]:
        return lambda segments: [segment for number, segment in enumerate(segments) if number not in numbers]

    yield _altered("begin-no-syn", "the handshake of TCP is not in the capture", without(0, 1, 2))
    yield _altered("begin-no-answer", "the SYN/ACK is not in the capture", without(1))
    yield _altered("begin-ack-first", "the handshake of TCP in the wrong order", lambda all: [all[1], all[0], *all[2:]])
    yield _altered(
        "begin-simultaneous", "a simultaneous open (RFC 9293 §3.5)",
        lambda all: [all[0], replace(all[1], flags=SYN, acknowledgement=0), all[1], *all[2:]],
    )  # fmt: skip
    yield _fast_open(is_accepted=True)
    yield _fast_open(is_accepted=False)
    first, second = Connection(), Connection(client_start=77_000_000, server_start=88_000_000)
    one, other = chat(), _short()
    carried = [(first, one, first.whole(one.sends)), (second, other, second.whole(other.sends))]
    yield of_segments("ports-reused", "the same addresses and ports again after the end", carried)
    broken = Connection()
    one = _short(closes=False)
    carried = [(broken, one, broken.open() + broken.data(one.sends)), carried[1]]
    other = _short()
    third = Connection(client_start=99_000_000, server_start=11_000_000)
    carried[1] = (third, other, third.whole(other.sends))
    case = of_segments("ports-reused-at-once", "the same ports again, and the first connection never ended", carried)
    case.truth["sessions"][0]["close"] |= {"ending": "open", "endedBy": None}
    yield case


def _fast_open(is_accepted: bool) -> Case:
    dialogue, connection = chat(), Connection()
    request = dialogue.sends[0][1]
    syn = Segment("client", connection.client_start, 0, SYN, request)
    if is_accepted:
        connection.following["client"] += 1 + len(request)
        answer = connection.segment("server", SYN | ACK)
        segments = [syn, answer, connection.segment("client"), *connection.data(dialogue.sends[1:]), *connection.shut()]
    else:
        connection.following["client"] += 1
        answer = connection.segment("server", SYN | ACK)
        segments = [syn, answer, connection.segment("client"), *connection.data(dialogue.sends), *connection.shut()]
    name = "accepted" if is_accepted else "refused"
    return of_segments(f"fast-open-{name}", f"TCP Fast Open, {name}", [(connection, dialogue, segments)])


def _endings() -> Iterator[Case]:
    def ended(name: str, shows: str, how: str, by: str | None, end: Callable[[Connection], list[Segment]]) -> Case:
        dialogue, connection = chat(), Connection()
        segments = connection.open() + connection.data(dialogue.sends) + end(connection)
        return of_segments(f"end-{name}", shows, [(connection, dialogue, segments)], ending=how, ended_by=by)

    def crossing(connection: Connection) -> list[Segment]:
        """Both FINs are on their way at once."""
        client = connection.segment("client", FIN | ACK)
        server = replace(connection.segment("server", FIN | ACK), acknowledgement=client.sequence)
        return [client, server, connection.segment("client"), connection.segment("server")]

    def half(connection: Connection) -> list[Segment]:
        return [connection.segment("client", FIN | ACK), connection.segment("server")]

    def reset_after_fin(connection: Connection) -> list[Segment]:
        return [connection.segment("client", FIN | ACK), connection.segment("server", RST | ACK)]

    def reset_with_text(connection: Connection) -> list[Segment]:
        return [connection.segment("server", RST | ACK, b"go away")]

    def stray_reset(connection: Connection) -> list[Segment]:
        """A RST that no end can have sent, far off in sequence numbers, then an orderly end."""
        far = Segment("server", connection.server_start + 2_000_000_000, 0, RST)
        return [far, *connection.shut()]

    yield ended("server", "the server closes first", "fin", "server", lambda it: it.shut("server"))
    yield ended("crossing", "both ends close at once", "fin", "client", crossing)
    yield ended("half", "one end closes, the other never does", "fin", "client", half)
    yield ended("reset", "a RST", "rst", "server", lambda it: [it.segment("server", RST)])
    yield ended("reset-client", "a RST of the client", "rst", "client", lambda it: [it.segment("client", RST | ACK)])
    yield ended("reset-after-fin", "a RST that answers a FIN", "fin", "client", reset_after_fin)
    yield ended("reset-text", "a RST with a text in it", "rst", "server", reset_with_text)
    yield ended("stray-reset", "a RST out of the window, which ends nothing", "fin", "client", stray_reset)
    yield ended("open", "the capture ends before the connection does", "open", None, lambda it: [])
    dialogue, connection = chat(), Connection()
    *data, last = connection.open() + connection.data(dialogue.sends)
    connection.following[last.party] += 1
    segments = [*data, replace(last, flags=FIN | ACK | PSH), *connection.shut("client")]
    yield of_segments(
        "end-fin-with-data", "a FIN in the segment of the last frame", [(connection, dialogue, segments)],
        ended_by="server",
    )  # fmt: skip


def _losses() -> Iterator[Case]:
    """Not all is in the capture: what is before the loss is certain, and the session is not complete."""
    dialogue, connection = _numbered(), Connection()
    segments = connection.whole(dialogue.sends)
    lost = _number_of(segments, 3)
    yield of_segments(
        "lost-segment", "a segment is missing", [_part(dialogue, connection, segments[:lost] + segments[lost + 1 :])]
    )
    dialogue, connection = _numbered(), Connection()
    segments = connection.whole(dialogue.sends)
    late = replace(segments[lost], payload=b"#" * len(segments[lost].payload))
    behind = segments[lost + 1 : lost + 2]
    yield of_segments(
        "hole-filled-twice", "a hole that is filled twice with different bytes, of which the first count",
        [(connection, _unsure(dialogue), [*segments[:lost], *behind, segments[lost], late, *segments[lost + 2 :]])],
    )  # fmt: skip
    dialogue, connection = _numbered(), Connection()
    frames = [links.ethernet(datagram) for datagram in connection.datagrams(connection.whole(dialogue.sends))]
    cut = [Packet(frame[:400], BEGAN + number * 10**6, 1, len(frame)) for number, frame in enumerate(frames)]
    yield of_packets("snaplen", "packets cut at 400 bytes", cut, _partial(dialogue, 1), connection)
    dialogue, connection = _numbered(), Connection()
    segments = connection.whole(dialogue.sends)
    # How much of such a session a reader shows, and with what confidence, is no matter of construction.
    case = of_segments(
        "begin-in-session", "the capture begins behind the handshake", [(connection, dialogue, segments[5:])]
    )
    case.truth.update(sessions=None, sent=case.truth["sessions"])
    yield case


def _numbered() -> Dialogue:
    """Three small messages of the server, one of them longer than a snapped packet, between two of the client."""
    dialogue = Dialogue()
    session = dialogue.upgrade()
    session.message("server", "one")
    session.message("server", "two " * 150)
    session.message("server", "three")
    session.message("client", "four")
    return session.bye()


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


def _unsure(dialogue: Dialogue) -> Dialogue:
    """All of it is there; whether a conflict makes the session incomplete is for the reader to say."""
    for session in dialogue.sessions:
        session.is_contested = True
    return dialogue


def _short(closes: bool = True) -> Dialogue:
    dialogue = Dialogue()
    session = dialogue.upgrade()
    session.message("client", "a")
    session.message("server", "b" * 200)
    return session.bye() if closes else dialogue


def _altered(
    name: str, shows: str, alter: Callable[[list[Segment]], list[Segment]], ended_by: str | None = "client"
) -> Case:
    dialogue, connection = chat(), Connection()
    segments = alter(connection.whole(dialogue.sends))
    case = of_segments(name, shows, [(connection, dialogue, segments)], ended_by=ended_by)
    if ended_by is None:
        for session in case.truth["sessions"]:
            del session["close"]["ending"], session["close"]["endedBy"]
    return case


def _conflicting(name: str, shows: str, alter: Callable[[list[Segment]], list[Segment]]) -> Case:
    dialogue, connection = chat(), Connection()
    return of_segments(name, shows, [(connection, _unsure(dialogue), alter(connection.whole(dialogue.sends)))])
