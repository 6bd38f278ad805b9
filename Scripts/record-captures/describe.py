"""Lists what tshark, a reader that is not ours, sees in the bundled captures.

    python3 Scripts/record-captures/describe.py [CASE…]

One line for each request, in the order of their first packets (the numbers of `FILE#N`): client,
server, request, status, then the frames of each direction: T text, B binary, C continuation,
P ping, O pong, X close with its code; `z` compressed, `-` more fragments follow.
"""

import argparse
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from recorder.paths import CAPTURES

FIELDS = (
    "tcp.stream", "ip.src", "ipv6.src", "tcp.srcport", "ip.dst", "ipv6.dst", "tcp.dstport",
    "http.request.method", "http.request.uri", "http.response.code",
    "websocket.opcode", "websocket.fin", "websocket.pmc", "websocket.payload.close.status_code",
)  # fmt: skip

LETTERS = {"0": "C", "1": "T", "2": "B", "8": "X", "9": "P", "10": "O"}


@dataclass
class Exchange:
    client: str
    server: str
    request: str
    status: str = "?"
    frames: dict[bool, list[str]] = field(default_factory=lambda: {True: [], False: []})

    def __str__(self) -> str:
        if self.status != "101":
            return f"{self.client} -> {self.server}  {self.request}  {self.status}"
        sent, received = (f"{len(frames)}: {' '.join(frames)}" for frames in (self.frames[True], self.frames[False]))
        return f"{self.client} -> {self.server}  {self.request}  {self.status}  client {sent}  server {received}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Lists what tshark sees in the bundled captures.")
    parser.add_argument("cases", nargs="*", metavar="CASE")
    asked = parser.parse_args().cases
    for file in sorted(CAPTURES.glob("*/capture.pcap*")):
        if not asked or file.parent.name in asked:
            print(f"\n{file.parent.name}/{file.name}")
            for number, exchange in enumerate(exchanges(file), start=1):
                print(f"  #{number} {exchange}")


def exchanges(file: Path) -> list[Exchange]:
    found: list[Exchange] = []
    current: dict[str, Exchange] = {}
    for packet in packets(file):
        source = address(packet["ip.src"] or packet["ipv6.src"], packet["tcp.srcport"])
        target = address(packet["ip.dst"] or packet["ipv6.dst"], packet["tcp.dstport"])
        stream = packet["tcp.stream"]
        if packet["http.request.method"]:
            request = f"{packet['http.request.method']} {packet['http.request.uri']}"
            current[stream] = Exchange(source, target, request)
            found.append(current[stream])
        if packet["http.response.code"]:
            current[stream].status = packet["http.response.code"]
        if packet["websocket.opcode"]:
            current[stream].frames[source == current[stream].client] += frames(packet)
    return found


def packets(file: Path) -> list[dict[str, str]]:
    command = ["tshark", "-r", str(file), "-o", "tcp.reassemble_out_of_order:TRUE", "-Y", "http or websocket"]
    for port in ("3000", "3001"):
        command += ["-d", f"tcp.port=={port},http"]
    command += ["-T", "fields", "-E", "separator=/t", *(part for name in FIELDS for part in ("-e", name))]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [dict(zip(FIELDS, line.split("\t"))) for line in text.splitlines()]


def address(host: str, port: str) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def frames(packet: dict[str, str]) -> list[str]:
    """tshark writes the flags of all frames in a packet as lists; only some frames have a code or may be compressed."""
    opcodes = packet["websocket.opcode"].split(",")
    finals = packet["websocket.fin"].split(",")
    compressed = iter(packet["websocket.pmc"].split(","))
    codes = iter(packet["websocket.payload.close.status_code"].split(","))
    described = []
    for opcode, final in zip(opcodes, finals):
        letter = LETTERS.get(opcode, f"?{opcode}")
        if packet["websocket.pmc"] and next(compressed, "0") == "1":
            letter += "z"
        if opcode == "8":
            letter += next(codes, "")
        described.append(letter if final == "1" else letter + "-")
    return described


if __name__ == "__main__":
    main()
