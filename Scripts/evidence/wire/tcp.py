"""Segments (RFC 9293 §3.1), and the packets of a whole connection from what its two ends send."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from wire.ip import Network, checksum

FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


@dataclass(frozen=True)
class Segment:
    """What one end sends in one packet; `send` says which of the dialogue's sends it carries."""

    party: str
    sequence: int
    acknowledgement: int
    flags: int
    payload: bytes = b""
    send: int | None = None

    def end(self) -> int:
        """The sequence number behind it."""
        return self.sequence + len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN)


@dataclass
class Connection:
    """Two ends, and how far each has come; segments are made in the order of the calls."""

    network: Network = field(default_factory=Network)
    client_port: int = 40000
    server_port: int = 80
    client_start: int = 1000
    server_start: int = 5_000_000
    #: Of every segment; a multiple of four bytes.
    options: bytes = b""

    def __post_init__(self) -> None:
        #: The next sequence number of each end.
        self.following = {"client": self.client_start, "server": self.server_start}

    def segment(self, party: str, flags: int = ACK, payload: bytes = b"", send: int | None = None) -> Segment:
        other = "server" if party == "client" else "client"
        acknowledgement = self.following[other] if flags & ACK else 0
        made = Segment(party, self.following[party], acknowledgement, flags, payload, send)
        self.following[party] = made.end()
        return made

    def open(self) -> list[Segment]:
        return [self.segment("client", SYN), self.segment("server", SYN | ACK), self.segment("client")]

    def shut(self, first: str = "client") -> list[Segment]:
        second = "server" if first == "client" else "client"
        return [self.segment(first, FIN | ACK), self.segment(second, FIN | ACK), self.segment(first)]

    def data(self, sends: Iterable[tuple[str, bytes]], mss: int = 1400) -> list[Segment]:
        """Each send starts a segment of its own; what is longer than `mss` takes several."""
        segments = []
        for number, (party, payload) in enumerate(sends):
            for start in range(0, len(payload), mss):
                segments.append(self.segment(party, ACK | PSH, payload[start : start + mss], number))
        return segments

    def whole(self, sends: Iterable[tuple[str, bytes]], mss: int = 1400) -> list[Segment]:
        return [*self.open(), *self.data(sends, mss), *self.shut()]

    def datagram(self, segment: Segment, **changes) -> bytes:
        """The IP datagram that carries a segment."""
        return self.network.datagram(segment.party, 6, self.encoded(segment), **changes)

    def datagrams(self, segments: Iterable[Segment]) -> Iterator[bytes]:
        return (self.datagram(segment) for segment in segments)

    def encoded(self, segment: Segment, *, sum_is_right: bool = True) -> bytes:
        ports = [self.client_port, self.server_port]
        if segment.party == "server":
            ports.reverse()
        header = b"".join(
            [
                ports[0].to_bytes(2, "big"),
                ports[1].to_bytes(2, "big"),
                (segment.sequence % 2**32).to_bytes(4, "big"),
                (segment.acknowledgement % 2**32).to_bytes(4, "big"),
                bytes([(5 + len(self.options) // 4) << 4, segment.flags]),
                (64240).to_bytes(2, "big"),
                bytes(4),
                self.options,
            ]
        )
        data = header + segment.payload
        pseudo = self.network.pseudo_header(segment.party, 6, len(data))
        total = checksum(pseudo + data) if sum_is_right else 0xBAD0
        return data[:16] + total.to_bytes(2, "big") + data[18:]


def moved(segment: Segment, offset: int, payload: bytes) -> Segment:
    """The same segment with other bytes, `offset` further on."""
    return replace(segment, sequence=segment.sequence + offset, payload=payload)
