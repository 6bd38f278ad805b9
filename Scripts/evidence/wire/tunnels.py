"""What carries an IP datagram or an Ethernet frame inside another IP datagram."""

from wire import links
from wire.ip import GRE, IPV4_IN_IP, IPV6_IN_IP, UDP, Network

OUTER = Network("192.0.2.1", "192.0.2.2")
OUTER6 = Network("2001:db8:ffff::1", "2001:db8:ffff::2")


def udp(payload: bytes, port: int, network: Network = OUTER) -> bytes:
    header = (55555).to_bytes(2, "big") + port.to_bytes(2, "big") + (8 + len(payload)).to_bytes(2, "big") + bytes(2)
    return network.datagram("client", UDP, header + payload)


def vxlan(datagram: bytes, port: int = 4789, frame=links.ethernet, network: Network = OUTER) -> bytes:
    """RFC 7348 §5."""
    return udp(bytes.fromhex("0800000000002a00") + frame(datagram), port, network)


def geneve(datagram: bytes, options: bytes = b"", is_ethernet: bool = True) -> bytes:
    """RFC 8926 §3.4."""
    kind = 0x6558 if is_ethernet else links.ethertype(datagram)
    header = bytes([len(options) // 4, 0]) + kind.to_bytes(2, "big") + bytes.fromhex("00002a00") + options
    return udp(header + (links.ethernet(datagram) if is_ethernet else datagram), 6081)


def gre(
    datagram: bytes,
    *,
    key: bool = False,
    sequence: bool = False,
    checksum: bool = False,
    frame=None,
    network: Network = OUTER,
) -> bytes:
    """RFC 2784 §2 and RFC 2890 §2; `frame` puts an Ethernet frame inside."""
    kind = 0x6558 if frame else links.ethertype(datagram)
    header = (checksum << 15 | key << 13 | sequence << 12).to_bytes(2, "big") + kind.to_bytes(2, "big")
    header += bytes(4) * checksum + bytes.fromhex("00000007") * key + bytes.fromhex("00000001") * sequence
    return network.datagram("client", GRE, header + (frame(datagram) if frame else datagram))


def erspan(datagram: bytes) -> bytes:
    """Type II: a GRE header with a sequence number, eight bytes, an Ethernet frame."""
    header = bytes.fromhex("100088be00000001") + bytes.fromhex("1001000100000000")
    return OUTER.datagram("client", GRE, header + links.ethernet(datagram))


def in_ip(datagram: bytes, network: Network = OUTER) -> bytes:
    """RFC 2003, RFC 2473."""
    return network.datagram("client", IPV4_IN_IP if datagram[0] >> 4 == 4 else IPV6_IN_IP, datagram)


def gtp(datagram: bytes, optional: bytes = b"", flags: int = 0) -> bytes:
    """3GPP TS 29.281 §5: `optional` is what stands between the eight bytes and the datagram."""
    header = bytes([0x30 | flags, 255]) + (len(optional) + len(datagram)).to_bytes(2, "big") + bytes.fromhex("00000001")
    return udp(header + optional + datagram, 2152)
