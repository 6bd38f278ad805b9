"""IP datagrams: RFC 791, RFC 8200, their fragments and extension headers."""

import ipaddress
from dataclasses import dataclass, field
from itertools import count

HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS = 0, 43, 44, 60
IPV4_IN_IP, TCP, UDP, IPV6_IN_IP, GRE = 4, 6, 17, 41, 47


@dataclass
class Network:
    """The addresses of both ends; identifications count up."""

    client: str = "10.1.0.1"
    server: str = "10.2.0.2"
    _identifications: count = field(default_factory=lambda: count(1))

    @property
    def version(self) -> int:
        return ipaddress.ip_address(self.client).version

    def ends(self, party: str) -> tuple[str, str]:
        return (self.client, self.server) if party == "client" else (self.server, self.client)

    def datagram(self, party: str, protocol: int, payload: bytes, **changes) -> bytes:
        source, target = self.ends(party)
        if self.version == 4:
            return ipv4(source, target, protocol, payload, identification=next(self._identifications), **changes)
        return ipv6(source, target, protocol, payload, **changes)

    def pseudo_header(self, party: str, protocol: int, length: int) -> bytes:
        source, target = (packed(end) for end in self.ends(party))
        if self.version == 4:
            return source + target + bytes([0, protocol]) + length.to_bytes(2, "big")
        return source + target + length.to_bytes(4, "big") + bytes([0, 0, 0, protocol])


def packed(address: str) -> bytes:
    return ipaddress.ip_address(address).packed


def checksum(data: bytes) -> int:
    """RFC 1071."""
    data += bytes(len(data) % 2)
    total = sum(int.from_bytes(data[i : i + 2], "big") for i in range(0, len(data), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ipv4(
    source: str,
    target: str,
    protocol: int,
    payload: bytes,
    *,
    identification: int = 1,
    total_length: int | None = None,
    fragment_offset: int = 0,
    more_fragments: bool = False,
    options: bytes = b"",
) -> bytes:
    length = 20 + len(options) + len(payload) if total_length is None else total_length
    header = b"".join(
        [
            bytes([4 << 4 | (5 + len(options) // 4), 0]),
            length.to_bytes(2, "big"),
            identification.to_bytes(2, "big"),
            (more_fragments << 13 | fragment_offset // 8).to_bytes(2, "big"),
            bytes([64, protocol, 0, 0]),
            packed(source),
            packed(target),
            options,
        ]
    )
    return header[:10] + checksum(header).to_bytes(2, "big") + header[12:] + payload


def ipv6(source: str, target: str, protocol: int, payload: bytes, *, payload_length: int | None = None) -> bytes:
    length = len(payload) if payload_length is None else payload_length
    return (
        bytes([6 << 4, 0, 0, 0])
        + length.to_bytes(2, "big")
        + bytes([protocol, 64])
        + packed(source)
        + packed(target)
        + payload
    )


def extension(following: int, data: bytes = b"") -> bytes:
    """An IPv6 extension header (RFC 8200 §4) padded with PadN to a multiple of eight bytes."""
    gap = -(2 + len(data)) % 8
    if gap == 1:
        data += bytes(1)
    elif gap > 1:
        data += bytes([1, gap - 2]) + bytes(gap - 2)
    return bytes([following, (2 + len(data)) // 8 - 1]) + data


def fragments(datagram: bytes, size: int) -> list[bytes]:
    """The datagram in parts of that many payload bytes, a multiple of eight."""
    version = datagram[0] >> 4
    header_length = 20 if version == 4 else 40
    payload = datagram[header_length:]
    return [fragment(datagram, start, start + size) for start in range(0, len(payload), size)]


def fragment(datagram: bytes, start: int, end: int, payload: bytes | None = None) -> bytes:
    """The part of a datagram from one place of its payload to another, or other bytes in that place."""
    version = datagram[0] >> 4
    body = datagram[20 if version == 4 else 40 :]
    part = payload if payload is not None else body[start:end]
    more = end < len(body)
    if version == 4:
        source, target = (str(ipaddress.ip_address(datagram[i : i + 4])) for i in (12, 16))
        return ipv4(
            source,
            target,
            datagram[9],
            part,
            identification=int.from_bytes(datagram[4:6], "big"),
            fragment_offset=start,
            more_fragments=more,
        )
    source, target = (str(ipaddress.ip_address(datagram[i : i + 16])) for i in (8, 24))
    header = bytes([datagram[6], 0]) + (start | more).to_bytes(2, "big") + (0x1234).to_bytes(4, "big")
    return ipv6(source, target, FRAGMENT, header + part)
