"""What stands in front of an IP datagram, by link type (tcpdump.org/linktypes.html)."""

NULL, ETHERNET, PPP, RAW_BSD, RAW_OPENBSD, PPP_HDLC, PPP_ETHER = 0, 1, 9, 12, 14, 50, 51
RAW, LOOP, SLL, IPV4, IPV6, SLL2 = 101, 108, 113, 228, 229, 276

_ADDRESSES = bytes.fromhex("020000000002020000000001")


def ethertype(datagram: bytes) -> int:
    return 0x0800 if datagram[0] >> 4 == 4 else 0x86DD


def typed(datagram: bytes) -> bytes:
    """The EtherType and the datagram."""
    return ethertype(datagram).to_bytes(2, "big") + datagram


def ethernet(datagram: bytes) -> bytes:
    """A frame as a network card sends it: short ones are padded to 60 bytes."""
    return (_ADDRESSES + typed(datagram)).ljust(60, b"\x00")


def tagged(datagram: bytes, *tags: tuple[int, int]) -> bytes:
    """802.1Q and its relatives: each tag is a protocol identifier and a VLAN number."""
    stack = b"".join(kind.to_bytes(2, "big") + vlan.to_bytes(2, "big") for kind, vlan in tags)
    return _ADDRESSES + stack + typed(datagram)


def snap(datagram: bytes) -> bytes:
    """IEEE 802.3 with a length, LLC and SNAP (RFC 1042)."""
    body = bytes.fromhex("aaaa03000000") + typed(datagram)
    return (_ADDRESSES + len(body).to_bytes(2, "big") + body).ljust(60, b"\x00")


def labelled(datagram: bytes, *labels: int) -> bytes:
    """MPLS labels (RFC 3032), the last one with the bottom-of-stack bit."""
    entries = [label << 12 | (label == labels[-1]) << 8 | 64 for label in labels]
    return b"".join(entry.to_bytes(4, "big") for entry in entries) + datagram


def mpls(datagram: bytes, *labels: int) -> bytes:
    return _ADDRESSES + bytes.fromhex("8847") + labelled(datagram, *labels)


def pseudowire(datagram: bytes) -> bytes:
    """Ethernet over MPLS with a control word (RFC 4448 §4.6)."""
    return _ADDRESSES + bytes.fromhex("8847") + labelled(bytes(4) + _ADDRESSES + typed(datagram), 77)


def ppp(datagram: bytes) -> bytes:
    """The protocol field of PPP and the datagram (RFC 1661 §2)."""
    return (b"\x00\x21" if datagram[0] >> 4 == 4 else b"\x00\x57") + datagram


def pppoe(datagram: bytes) -> bytes:
    """A PPPoE session header (RFC 2516 §4) and what follows."""
    inner = ppp(datagram)
    return bytes.fromhex("11000001") + len(inner).to_bytes(2, "big") + inner


def pppoe_over_ethernet(datagram: bytes) -> bytes:
    return (_ADDRESSES + bytes.fromhex("8864") + pppoe(datagram)).ljust(60, b"\x00")


def family(datagram: bytes, order: str, inet6: int = 30) -> bytes:
    """NULL and LOOP: the address family, in the order of the machine that wrote it, or in network order."""
    return (2 if datagram[0] >> 4 == 4 else inet6).to_bytes(4, order) + datagram


def sll(datagram: bytes) -> bytes:
    return bytes.fromhex("0000000100060200000000010000") + typed(datagram)


def sll_tagged(datagram: bytes) -> bytes:
    return bytes.fromhex("000000010006020000000001000081000007") + typed(datagram)


def sll2(datagram: bytes) -> bytes:
    protocol = ethertype(datagram).to_bytes(2, "big")
    return protocol + bytes.fromhex("000000000002000100060200000000010000") + datagram
