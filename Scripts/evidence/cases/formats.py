"""The formats of capture files."""

import gzip
from collections.abc import Iterator
from functools import partial

from cases.case import Case, of_dialogue, of_packets
from dialogue import chat
from wire import links
from wire.files import Interface, Packet, Section, pcap, pcapng, timed
from wire.tcp import Connection


def cases() -> Iterator[Case]:
    for order in ("little", "big"):
        for nanoseconds in (False, True):
            unit = "nanoseconds" if nanoseconds else "microseconds"
            write = partial(pcap, order=order, nanoseconds=nanoseconds)
            yield _timed(f"pcap-{order}-{unit}", f"pcap, {order}-endian, {unit}", write, 1 if nanoseconds else 1000)
        yield _timed(
            f"pcap-{order}-modified",
            f"pcap, {order}-endian, Kuznetzov's variant",
            partial(pcap, order=order, modified=True),
        )
        yield _timed(f"pcapng-{order}", f"pcapng, {order}-endian", partial(pcapng, order=order), suffix="pcapng")
    for version, name in (((2, 2), "2.2"), ((2, 3), "2.3"), ((543, 0), "543.0")):
        write = partial(pcap, version=version, swapped_lengths=version != (2, 3))
        yield _with_cut_packet(f"pcap-version-{name}", f"pcap of version {name}, lengths in their old order", write)
    yield from _pcapng_times()
    yield from _pcapng_blocks()
    yield _timed(
        "pcap-gzip", "pcap, compressed", lambda packets: gzip.compress(pcap(packets), mtime=0), suffix="pcap.gz"
    )
    yield _timed(
        "pcap-gzip-members", "pcap, compressed in two members, as `cat a.gz b.gz` leaves it",
        lambda packets: b"".join(gzip.compress(part, mtime=0) for part in _halves(pcap(packets))), suffix="pcap.gz",
    )  # fmt: skip
    yield _timed(
        "pcapng-gzip", "pcapng, compressed", lambda packets: gzip.compress(pcapng(packets), mtime=0), suffix="pcapng.gz"
    )


def _pcapng_times() -> Iterator[Case]:
    for name, resolution, unit in (
        ("milliseconds", 3, 10**6), ("microseconds", 6, 1000), ("nanoseconds", 9, 1), ("picoseconds", 12, 1),
    ):  # fmt: skip
        # Picoseconds since 1970 need more than 64 bits, so that their writers move the beginning.
        offset = 1_700_000_000 if resolution > 9 else None
        write = partial(pcapng, interface=Interface(resolution=resolution, offset=offset))
        yield _timed(f"pcapng-{name}", f"pcapng with instants in {name}", write, unit, "pcapng")
    for bits in (10, 20, 32):
        write = partial(pcapng, interface=Interface(resolution=0x80 | bits))
        yield _timed(f"pcapng-2-{bits}", f"pcapng with instants in 2^-{bits} s", write, None, "pcapng", 2**bits)
    for offset in (-3600, 86400):
        write = partial(pcapng, interface=Interface(offset=offset))
        yield _timed(f"pcapng-offset{offset:+}", f"pcapng with if_tsoffset {offset}", write, 1000, "pcapng")


def _pcapng_blocks() -> Iterator[Case]:
    yield _timed("pcapng-simple", "Simple Packet Blocks, which have no instants", _simple, None, "pcapng")
    yield _timed("pcapng-obsolete", "obsolete Packet Blocks", _obsolete, 1000, "pcapng")
    yield _timed(
        "pcapng-other-blocks", "blocks without packets between those with, and options", _others, 1000, "pcapng"
    )
    yield _timed("pcapng-sections", "two sections of different byte orders", _sections, 1000, "pcapng")
    dialogue, connection = chat(), Connection()
    section = Section(Interface(links.ETHERNET, resolution=9), Interface(links.RAW, resolution=6), Interface(links.SLL))
    count = 0
    for segment in connection.whole(dialogue.sends):
        datagram = connection.datagram(segment)
        number = {"client": 1, "server": 0}[segment.party] if count % 5 else 2
        frame = (links.ethernet, lambda raw: raw, links.sll)[number](datagram)
        section.enhanced(timed([frame] * (count + 1))[count], number)
        count += 1
    packets = [Packet(b"", 0)] * count
    yield of_packets(
        "pcapng-interfaces", "three interfaces of different link types, resolutions and directions in one connection",
        packets, dialogue, connection, write=lambda _: section.data, suffix="pcapng",
    )  # fmt: skip


def _timed(name: str, shows: str, write, unit: int | None = 1000, suffix: str = "pcap", per_second: int = 0) -> Case:
    """A case whose truth has the instant of the first request, as far as the file keeps it."""
    case = of_dialogue(name, shows, chat(), write=write, suffix=suffix)
    # The first request is the fourth packet.
    at = timed([b""] * 4)[3].at
    if per_second:
        at = (at * per_second // 10**9) * 10**9 // per_second
    elif unit:
        at -= at % unit
    else:
        return case
    case.truth["sessions"][0]["request"]["at"] = f"{at // 10**9}.{at % 10**9:09d}"
    return case


def _with_cut_packet(name: str, shows: str, write) -> Case:
    """In front, a packet that was not captured whole: only there do the two lengths differ."""
    dialogue, connection = chat(), Connection()
    frames = [links.ethernet(datagram) for datagram in connection.datagrams(connection.whole(dialogue.sends))]
    other = links.ethernet(connection.network.datagram("client", 17, bytes(200)))
    packets = [Packet(other[:60], timed([b""])[0].at, 1, len(other)), *timed(frames)]
    return of_packets(name, shows, packets, dialogue, connection, write=write)


def _simple(packets: list[Packet]) -> bytes:
    section = Section(Interface())
    for packet in packets:
        section.simple(packet)
    return section.data


def _obsolete(packets: list[Packet]) -> bytes:
    section = Section(Interface(), order="big")
    for packet in packets:
        section.obsolete(packet)
    return section.data


def _others(packets: list[Packet]) -> bytes:
    section = Section(Interface())
    for packet, kind in zip(packets, [4, 5, 0xBAD, 10, 0x40000BAD] * len(packets), strict=False):
        # Each with a body of zeros that is long enough to be one of its kind.
        section.other(kind, bytes(12))
        section.enhanced(packet, options=[(1, b"a comment"), (2, bytes(4))])
    section.other(5, bytes(12))
    return section.data


def _sections(packets: list[Packet]) -> bytes:
    middle = len(packets) // 2
    return pcapng(packets[:middle], order="big") + pcapng(packets[middle:], Interface(resolution=9), order="little")


def _halves(data: bytes) -> tuple[bytes, bytes]:
    return data[: len(data) // 2], data[len(data) // 2 :]
