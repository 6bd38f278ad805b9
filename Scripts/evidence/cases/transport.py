"""What TCP does to a stream on its way into a capture: order, repetitions, offload, other packets between."""

import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from cases.case import Carried, Case, of_altered, of_dialogue, of_packets, of_segments, truth_of
from dialogue import Dialogue, chat, numbered, short
from wire import links, tunnels
from wire.files import BEGAN, Packet, pcap, timed
from wire.ip import Network
from wire.tcp import Connection, Segment, moved


def cases() -> Iterator[Case]:
    yield from _orders()
    yield from _repetitions()
    yield from _offload()
    yield from _mixtures()


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

    yield of_altered("order-swapped", "neighbours that changed places", swapped)
    dialogue, connection = numbered(), Connection()
    carried = [(connection, dialogue, shuffled(connection.whole(dialogue.sends, mss=50)))]
    yield of_segments("order-shuffled", "segments in any order", carried)
    yield of_altered("order-server-first", "all packets of the server before those of the client", client_last, None)
    yield of_altered("order-fin-first", "FINs before the data", fin_first)
    yield of_dialogue("bytes-1", "one byte in a segment", short(), mss=1)
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

    yield of_altered("twice-all", "every packet captured twice", doubled)
    yield of_altered("twice-some", "retransmissions", retransmitted)
    yield of_altered("twice-merged", "retransmissions that span two segments", merged)
    yield of_altered("probes-keep-alive", "keep-alive probes", probed)
    yield of_altered("probes-window", "zero-window probes", window_probed)
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


def _mixtures() -> Iterator[Case]:
    """More than one connection, and packets that are none of TCP's."""
    carried: list[Carried] = []
    for number in range(60):
        connection = Connection(client_port=41000 + number, client_start=number * 70_000_000)
        dialogue = short() if number % 3 else chat()
        carried.append((connection, dialogue, connection.whole(dialogue.sends)))
    rounds = itertools.zip_longest(*([(one[0], segment) for segment in one[2]] for one in carried))
    packets = [links.ethernet(one[0].datagram(one[1])) for packets in rounds for one in packets if one]
    yield _mixed("mixture-connections", "60 connections at the same time", packets, carried)
    dialogue, connection = chat(), Connection(options=bytes.fromhex("0101080a0000000100000002"))
    frames = [links.ethernet(datagram) for datagram in connection.datagrams(connection.whole(dialogue.sends))]
    yield of_packets("options", "TCP options in every segment", timed(frames), dialogue, connection)
    dialogue, connection = chat(), Connection()
    noise = [
        bytes.fromhex("ffffffffffff02000000000108060001080006040001") + bytes(20),
        links.ethernet(connection.network.datagram("client", 1, bytes.fromhex("0800f7ff00000000"))),
        links.ethernet(connection.network.datagram("client", 17, bytes.fromhex("d4310035000c0000") + bytes(4))),
        links.ethernet(tunnels.gtp(b"\x00" * 40)),
        links.ethernet(b"\x45"),
        b"",
    ]
    frames = []
    for number, datagram in enumerate(connection.datagrams(connection.whole(dialogue.sends))):
        frames += [links.ethernet(datagram), noise[number % len(noise)]]
    yield of_packets(
        "mixture-noise", "ARP, ICMP, UDP, broken and empty packets between", timed(frames), dialogue, connection
    )
    dialogue, connection = Dialogue(), Connection()
    frames = [Packet(bytes(30), BEGAN, 105)] * 5
    yield of_packets("link-unsupported", "a link type that is not read, which is said", frames, dialogue, connection)
    frames = [links.ethernet(datagram) for datagram in connection.datagrams(connection.whole(chat().sends))]
    cut = [Packet(frame[:40], BEGAN + number * 10**6, 1, len(frame)) for number, frame in enumerate(frames)]
    yield of_packets("snaplen-headers", "packets cut inside their headers", cut, dialogue, connection)


def _mixed(name: str, shows: str, frames: list[bytes], carried: list[Carried]) -> Case:
    """Connections that take turns: their first requests come before the second one of any."""
    turns = itertools.zip_longest(*([(one[0], session) for session in one[1].sessions] for one in carried))
    sessions = [truth_of(one[1], one[0], "fin", "client") for turn in turns for one in turn if one]
    return Case(name, shows, pcap(timed(frames)), {"packets": len(frames), "sessions": sessions})


def _conflicting(name: str, shows: str, alter: Callable[[list[Segment]], list[Segment]]) -> Case:
    dialogue, connection = chat(), Connection()
    return of_segments(name, shows, [(connection, dialogue.contested(), alter(connection.whole(dialogue.sends)))])
