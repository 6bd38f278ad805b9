"""The packets of a capture file as bytes, found by the rules of the formats."""

import struct

_PCAP_ORDERS = {
    b"\xd4\xc3\xb2\xa1": "<", b"\x4d\x3c\xb2\xa1": "<", b"\x34\xcd\xb2\xa1": "<",
    b"\xa1\xb2\xc3\xd4": ">", b"\xa1\xb2\x3c\x4d": ">", b"\xa1\xb2\xcd\x34": ">",
}  # fmt: skip
_PACKET_BLOCKS = (2, 3, 6)


class Records:
    """What stands before the first packet, and each packet with its header and what follows it up to the next."""

    def __init__(self, data: bytes):
        self.is_pcapng = data.startswith(b"\x0a\x0d\x0d\x0a")
        starts = self._pcapng_starts(data) if self.is_pcapng else self._pcap_starts(data)
        self.head = data[: starts[0]] if starts else data
        self.packets = [data[start:end] for start, end in zip(starts, [*starts[1:], len(data)], strict=True)]

    def joined(self, packets: list[bytes]) -> bytes:
        return self.head + b"".join(packets)

    def _pcap_starts(self, data: bytes) -> list[int]:
        order = _PCAP_ORDERS[data[:4]]
        header = 24 if data[:4] in (b"\x34\xcd\xb2\xa1", b"\xa1\xb2\xcd\x34") else 16
        major, minor = struct.unpack_from(f"{order}2H", data, 4)
        # Before version 2.3 the two lengths stood the other way round.
        place = 12 if (major, minor) < (2, 3) or major == 543 else 8
        starts, position = [], 24
        while position + header <= len(data):
            starts.append(position)
            position += header + struct.unpack_from(f"{order}I", data, position + place)[0]
        return starts

    def _pcapng_starts(self, data: bytes) -> list[int]:
        order, starts, position = "<", [], 0
        while position + 12 <= len(data):
            if data[position : position + 4] == b"\x0a\x0d\x0d\x0a":
                order = "<" if data[position + 8 : position + 12] == b"\x4d\x3c\x2b\x1a" else ">"
            kind, length = struct.unpack_from(f"{order}2I", data, position)
            if kind in _PACKET_BLOCKS:
                starts.append(position)
            position += length
        return starts
