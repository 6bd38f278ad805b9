"""How connections begin and end: SYN, FIN and RST in every order, ports used again, TCP Fast Open."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace

from cases.case import Case, of_altered, of_segments
from dialogue import chat, short
from wire.tcp import ACK, FIN, PSH, RST, SYN, Connection, Segment


def cases() -> Iterator[Case]:
    yield from _beginnings()
    yield from _endings()


def _beginnings() -> Iterator[Case]:
    def without(*numbers: int) -> Callable[[list[Segment]], list[Segment]]:
        return lambda segments: [segment for number, segment in enumerate(segments) if number not in numbers]

    yield of_altered("begin-no-syn", "the handshake of TCP is not in the capture", without(0, 1, 2))
    yield of_altered("begin-no-answer", "the SYN/ACK is not in the capture", without(1))
    yield of_altered(
        "begin-ack-first", "the handshake of TCP in the wrong order", lambda all: [all[1], all[0], *all[2:]]
    )
    yield of_altered(
        "begin-simultaneous", "a simultaneous open (RFC 9293 §3.5)",
        lambda all: [all[0], replace(all[1], flags=SYN, acknowledgement=0), all[1], *all[2:]],
    )  # fmt: skip
    yield _fast_open(is_accepted=True)
    yield _fast_open(is_accepted=False)
    first, second = Connection(), Connection(client_start=77_000_000, server_start=88_000_000)
    one, other = chat(), short()
    carried = [(first, one, first.whole(one.sends)), (second, other, second.whole(other.sends))]
    yield of_segments("ports-reused", "the same addresses and ports again after the end", carried)
    broken = Connection()
    one = short(closes=False)
    carried = [(broken, one, broken.open() + broken.data(one.sends)), carried[1]]
    other = short()
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
    yield from _closing_orders()
    dialogue, connection = chat(), Connection()
    *data, last = connection.open() + connection.data(dialogue.sends)
    connection.following[last.party] += 1
    segments = [*data, replace(last, flags=FIN | ACK | PSH), *connection.shut("client")]
    yield of_segments(
        "end-fin-with-data", "a FIN in the segment of the last frame", [(connection, dialogue, segments)],
        ended_by="server",
    )  # fmt: skip


def _closing_orders() -> Iterator[Case]:
    """Two FINs and a RST in every order: the first one says how the connection ended."""
    flags = {"client-fin": FIN | ACK, "server-fin": FIN | ACK, "client-rst": RST | ACK, "server-rst": RST | ACK}
    for count in (2, 3):
        for order in itertools.permutations(flags, count):
            dialogue, connection = chat(), Connection()
            segments = connection.open() + connection.data(dialogue.sends)
            segments += [connection.segment(name.split("-")[0], flags[name]) for name in order]
            by, how = order[0].split("-")
            yield of_segments(
                f"end-{'-'.join(order)}", f"an end by {', then '.join(order)}", [(connection, dialogue, segments)],
                ending=how, ended_by=by,
            )  # fmt: skip
