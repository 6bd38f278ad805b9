"""What tshark, a reader that is not ours, finds in a capture: requests, statuses, frames, and what it notes of them."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: What a fair reader of WebSocket captures turns on: without it a late segment makes tshark lose its place.
IN_ORDER = ("-o", "tcp.reassemble_out_of_order:TRUE")
_LAYERS = "ip ipv6 tcp http websocket data data-text-lines _ws.malformed"


@dataclass(frozen=True)
class Frame:
    """A frame as tshark shows it."""

    opcode: int
    fin: bool
    masked: bool
    length: int
    notes: tuple[str, ...] = ()


@dataclass
class Stream:
    """A TCP connection by tshark's number; frames by the address of their sender."""

    requests: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    frames: dict[str, list[Frame]] = field(default_factory=dict)
    clients: set[str] = field(default_factory=set)
    #: The content of frames, and of messages that were put together, as far as it is shown; by their sender.
    contents: dict[str, set[bytes]] = field(default_factory=dict)
    #: What tshark notes about heads, beyond telling what they are, and about packets that it cannot read.
    notes: list[str] = field(default_factory=list)


def program() -> str | None:
    return shutil.which("tshark")


def version() -> str:
    text = subprocess.run([program(), "--version"], capture_output=True, text=True).stdout
    found = re.search(r"TShark \(Wireshark\) (\d+\.\d+\.\d+)", text)
    return found[1] if found else "of an unknown version"


def command(capture: Path, ports: set[int] = frozenset(), options: tuple[str, ...] = IN_ORDER) -> list:
    """`ports` are decoded as HTTP, which tshark knows by a few port numbers only."""
    decoded = [part for port in sorted(ports) for part in ("-d", f"tcp.port=={port},http")]
    return [program(), "-n", "-r", capture, *options, *decoded, "-Y", "http or websocket", "-T", "pdml", "-J", _LAYERS]


def streams(capture: Path, ports: set[int] = frozenset(), options: tuple[str, ...] = IN_ORDER) -> dict[int, Stream]:
    """Every connection with HTTP or WebSocket in it."""
    ran = subprocess.run(command(capture, ports, options), capture_output=True)
    found: dict[int, Stream] = {}
    # What tshark quotes of a capture may hold bytes that XML forbids.
    text = re.sub(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", b"?", ran.stdout).decode(errors="replace")
    if "<pdml" not in text:
        raise OSError(f"tshark on {capture.name}: {ran.stderr.decode(errors='replace').strip()}")
    for packet in ElementTree.fromstring(text).iter("packet"):
        _take(packet, found)
    return found


def _take(packet: ElementTree.Element, found: dict[int, Stream]) -> None:
    host, source, stream = "", "", Stream()
    contents: set[bytes] = set()
    for layer in packet.iter("proto"):
        match layer.get("name"):
            case "ip" | "ipv6":
                host = _value(layer, f"{layer.get('name')}.src")
            case "tcp":
                source = f"{host}:{_value(layer, 'tcp.srcport')}"
                stream = found.setdefault(int(_value(layer, "tcp.stream")), Stream())
            case "http":
                _take_http(layer, source, stream)
            case "_ws.malformed":
                stream.notes.append(layer.get("showname") or "malformed")
            case "websocket":
                stream.frames.setdefault(source, []).append(_frame(layer))
                contents |= set(_payloads(layer))
            case "fake-field-wrapper":
                stream.notes += _remarks(layer)
            case "data-text-lines":
                contents.add(b"".join(bytes.fromhex(line.get("value") or "") for line in layer.iter("field")))
    if stream.frames.get(source):
        contents |= {bytes.fromhex(one.get("value")) for one in packet.iter("field") if one.get("name") == "data.data"}
        stream.contents.setdefault(source, set()).update(contents)


def _take_http(layer: ElementTree.Element, source: str, stream: Stream) -> None:
    for line in layer.iter("field"):
        match line.get("name"):
            case "http.request.method":
                stream.requests.append(line.get("show"))
                stream.clients.add(source)
            case "http.response.code":
                stream.statuses.append(int(line.get("show")))
            case "_ws.expert":
                stream.notes += _notes(line)


def _frame(layer: ElementTree.Element) -> Frame:
    length = _value(layer, "websocket.payload_length")
    for extended in ("websocket.payload_length_ext_16", "websocket.payload_length_ext_64"):
        length = _value(layer, extended) or length
    return Frame(
        int(_value(layer, "websocket.opcode")),
        _value(layer, "websocket.fin") == "1",
        _value(layer, "websocket.mask") == "1",
        int(length),
        tuple(note for one in layer.iter("field") if one.get("name") == "_ws.expert" for note in _notes(one)),
    )


def _notes(expert: ElementTree.Element) -> Iterator[str]:
    """The text of an expert item, unless it is chat: that tells what a packet is, of every packet."""
    if _value(expert, "_ws.expert.severity") not in ("", str(0x00200000)):
        yield _value(expert, "_ws.expert.message")


def _remarks(layer: ElementTree.Element) -> Iterator[str]:
    """Texts that tshark puts beside a frame, such as that it could not be inflated; not those that quote its bytes."""
    for one in layer.findall("field"):
        if (
            one.get("name") == ""
            and one.get("show")
            and bytes.fromhex(one.get("value") or "") != one.get("show").encode()
        ):
            yield one.get("show")


def _payloads(layer: ElementTree.Element) -> Iterator[bytes]:
    for one in layer.iter("field"):
        if (one.get("name") or "").startswith("websocket.payload.") and one.get("value"):
            yield bytes.fromhex(one.get("value"))


def _value(layer: ElementTree.Element, name: str) -> str:
    return next((one.get("show") for one in layer.iter("field") if one.get("name") == name), "")
