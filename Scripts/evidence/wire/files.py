"""Capture files: pcap of every kind that libpcap reads, pcapng with all blocks that hold packets."""

from dataclasses import dataclass

#: The first packet; a second lies between two packets.
BEGAN = 1_700_000_000 * 10**9


@dataclass(frozen=True)
class Packet:
    """A packet as a capture holds it; `original` is its length on the wire where less was captured."""

    data: bytes
    at: int
    link: int = 1
    original: int | None = None

    @property
    def length(self) -> int:
        return len(self.data) if self.original is None else self.original


def timed(frames, link: int = 1) -> list[Packet]:
    """Packets a millisecond and a bit apart, which shows what resolution a file keeps."""
    return [Packet(frame, BEGAN + number * 1_000_001, link) for number, frame in enumerate(frames)]


def pcap(
    packets: list[Packet],
    *,
    order: str = "little",
    nanoseconds: bool = False,
    modified: bool = False,
    version: tuple[int, int] = (2, 4),
    swapped_lengths: bool = False,
    snap_length: int = 262144,
) -> bytes:
    """`modified` is Kuznetzov's variant, whose records have eight bytes more."""
    magic = 0xA1B2CD34 if modified else 0xA1B23C4D if nanoseconds else 0xA1B2C3D4
    link = packets[0].link if packets else 1
    unit = 1 if nanoseconds else 1000
    number = _numbers(order)
    parts = [
        number(4, magic), number(2, version[0]), number(2, version[1]), bytes(8), number(4, snap_length),
        number(4, link),
    ]  # fmt: skip
    for packet in packets:
        lengths = [len(packet.data), packet.length]
        if swapped_lengths:
            lengths.reverse()
        seconds, rest = divmod(packet.at, 10**9)
        parts += [number(4, seconds), number(4, rest // unit), *(number(4, length) for length in lengths)]
        if modified:
            parts.append(number(4, 2) + number(2, 0x0800) + bytes(2))
        parts.append(packet.data)
    return b"".join(parts)


@dataclass(frozen=True)
class Interface:
    """An interface of a pcapng file: `resolution` is the byte of if_tsresol, `offset` the seconds of if_tsoffset."""

    link: int = 1
    resolution: int | None = None
    offset: int | None = None
    snap_length: int = 0

    def ticks(self, at: int) -> int:
        resolution = 6 if self.resolution is None else self.resolution
        per_second = 2 ** (resolution & 0x7F) if resolution & 0x80 else 10**resolution
        at -= (self.offset or 0) * 10**9
        return at * per_second // 10**9


class Section:
    """A section of a pcapng file, block by block (draft-ietf-opsawg-pcapng §4)."""

    def __init__(self, *interfaces: Interface, order: str = "little", length: int = 2**64 - 1):
        self._number = _numbers(order)
        self._interfaces = interfaces
        version = self._number(2, 1) + self._number(2, 0)
        self._blocks = [self._block(0x0A0D0D0A, self._number(4, 0x1A2B3C4D) + version + self._number(8, length))]
        for interface in interfaces:
            self._describe(interface)

    @property
    def data(self) -> bytes:
        return b"".join(self._blocks)

    def enhanced(self, packet: Packet, interface: int = 0, options: list[tuple[int, bytes]] | None = None) -> None:
        ticks = self._interfaces[interface].ticks(packet.at)
        body = self._number(4, interface) + self._number(4, ticks >> 32) + self._number(4, ticks % 2**32)
        body += self._number(4, len(packet.data)) + self._number(4, packet.length) + _padded(packet.data)
        self._add(6, body + self._options(options or []))

    def simple(self, packet: Packet) -> None:
        self._add(3, self._number(4, packet.length) + _padded(packet.data))

    def obsolete(self, packet: Packet, interface: int = 0) -> None:
        ticks = self._interfaces[interface].ticks(packet.at)
        body = self._number(2, interface) + self._number(2, 0xFFFF)
        body += self._number(4, ticks >> 32) + self._number(4, ticks % 2**32)
        self._add(2, body + self._number(4, len(packet.data)) + self._number(4, packet.length) + _padded(packet.data))

    def other(self, kind: int, body: bytes) -> None:
        """A block that holds no packet."""
        self._add(kind, _padded(body))

    def _describe(self, interface: Interface) -> None:
        options = [(2, b"eth0")]
        if interface.resolution is not None:
            options.append((9, bytes([interface.resolution])))
        if interface.offset is not None:
            options.append((14, self._number(8, interface.offset % 2**64)))
        body = self._number(2, interface.link) + bytes(2) + self._number(4, interface.snap_length)
        self._add(1, body + self._options(options))

    def _options(self, options: list[tuple[int, bytes]]) -> bytes:
        if not options:
            return b""
        parts = [self._number(2, code) + self._number(2, len(value)) + _padded(value) for code, value in options]
        return b"".join(parts) + bytes(4)

    def _add(self, kind: int, body: bytes) -> None:
        self._blocks.append(self._block(kind, body))

    def _block(self, kind: int, body: bytes) -> bytes:
        length = self._number(4, 12 + len(body))
        return self._number(4, kind) + length + body + length


def pcapng(packets: list[Packet], interface: Interface | None = None, order: str = "little") -> bytes:
    section = Section(interface or Interface(packets[0].link), order=order)
    for packet in packets:
        section.enhanced(packet)
    return section.data


def _numbers(order: str):
    return lambda size, value: value.to_bytes(size, order)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)
