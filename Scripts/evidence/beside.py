#!/usr/bin/env python3
"""Prints a page that sets wsreplay beside the tshark of this machine, on captures whose truth is known by construction.

python3 Scripts/evidence/beside.py --wsreplay PROGRAM [--output FILE]

Every cell is made of what the programs printed in this run, by the same rules for both: which of the messages that were
sent are shown with their content, which frames are shown that nobody sent, and what is said about it.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import tshark
from cases.messages import bomb
from cases.probes import ROWS, VIOLATIONS
from check import inspected
from generate import generate
from measure import run
from truth import PARTIES

PAGE = """# Beside tshark

What tshark {version} and wsreplay say about the same captures, which `Scripts/evidence` generates so that the truth is
known. `make tshark` prints this page: every cell is made of what the programs printed in that run.

tshark is run twice: as it comes, and with `tcp.reassemble_out_of_order:TRUE`, which anyone should set who reads
WebSocket captures with it. A message is *shown* when a reader gives its content, inflated and put together from its
fragments. A frame is *made up* when nobody sent it. What is quoted is what the reader says about it: tshark's expert
notes, wsreplay's violations and losses by their codes.

| capture | sent | tshark | … in order | wsreplay |
|---|---|---|---|---|
{rows}

## Violations of RFC 6455

One each, planted in a session that is otherwise as it should be. tshark's cell is every expert note on the exchange, in
either run; wsreplay's is the code, the end at fault, the packet and the section.

| planted | tshark | wsreplay |
|---|---|---|
{violations}

{named}

## A message of 512 MiB in a file of {kilobytes} kB

| | tshark | wsreplay |
|---|---|---|
{bomb}
"""

#: MiB of the message that shows what a reader keeps.
LARGE = 512
#: What peak memory wsreplay promises for it, in MiB.
PROMISED = 100


@dataclass(frozen=True)
class Reading:
    """What a reader shows of a capture: frames and digests of contents by end, their lengths, and its own words."""

    frames: dict[str, list[tuple]]
    contents: dict[str, set[str]]
    lengths: list[int]
    words: list[str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wsreplay", type=Path, required=True)
    parser.add_argument("--output", type=Path, help="the page is written there, too")
    asked = parser.parse_args()
    if tshark.program() is None:
        sys.exit("there is no tshark on this machine")
    with tempfile.TemporaryDirectory(prefix="wsreplay-beside-") as scratch:
        folder = Path(scratch)
        names = [name for _, name in (*ROWS, *VIOLATIONS)]
        captures = {path.name.split(".pcap")[0]: path for path in generate(folder, names)}
        rows = [row(asked.wsreplay, title, captures[name]) for title, name in ROWS]
        violations = [violation(asked.wsreplay, title, captures[name]) for title, name in VIOLATIONS]
        large = folder / "large.pcap"
        large.write_bytes(bomb("large", LARGE).data)
        costs, megabytes = costs_of(asked.wsreplay, large)
        kilobytes = large.stat().st_size // 1000
    named = [sum(bool(cells[index]) for cells in violations) for index in (1, 2)]
    page = PAGE.format(
        version=tshark.version(),
        rows="\n".join(line(cells) for cells in rows),
        violations="\n".join(line([cell or "says nothing" for cell in cells]) for cells in violations),
        named=f"tshark notes {named[0]} of {len(violations)}, wsreplay {named[1]}.",
        kilobytes=kilobytes,
        bomb="\n".join(line(cells) for cells in costs),
    )
    print(page, end="")
    if asked.output:
        asked.output.write_text(page)
    if megabytes > PROMISED:
        sys.exit(f"wsreplay took {megabytes:.0f} MiB for the message of {LARGE} MiB: more than {PROMISED}")


def row(wsreplay: Path, title: str, capture: Path) -> list[str]:
    sessions = sent(capture)
    cells = [
        cell(sessions, reading)
        for reading in (by_tshark(capture, ()), by_tshark(capture), by_wsreplay(wsreplay, capture))
    ]
    if cells[1] == cells[0]:
        cells[1] = "the same"
    messages = sum(len(session["messages"][party]) for session in sessions for party in PARTIES)
    frames = sum(len(session["frames"][party]) for session in sessions for party in PARTIES)
    return [title, f"{counted(messages, 'message')} in {counted(frames, 'frame')}", *cells]


def sent(capture: Path) -> list[dict]:
    """All that went over the wire, also what the capture lacks."""
    truth = json.loads(capture.with_suffix(".json").read_text())
    return truth.get("sent", truth["sessions"])


def cell(sessions: list[dict], reading: Reading) -> str:
    """The messages that are shown, the frames that are made up or not shown, and the reader's words."""
    known = [(party, message) for session in sessions for party in PARTIES for message in session["messages"][party]]
    shown = sum(message["sha256"] in reading.contents[party] for party, message in known)
    parts = ["all shown" if shown == len(known) else f"**{shown} of {len(known)} shown**"]
    if not shown and len(known) == 1 and (longest := max(reading.lengths, default=0)):
        parts.append(f"{longest:,} of its {known[0][1]['length']:,} bytes")
    made_up, lacking = Counter(), Counter()
    for party in PARTIES:
        there = Counter(frame_of(frame) for session in sessions for frame in session["frames"][party])
        found = Counter(reading.frames[party])
        made_up += found - there
        lacking += there - found
    if made_up:
        parts.append(f"**{counted(made_up.total(), 'frame')} made up**")
    if lacking:
        parts.append(f"{counted(lacking.total(), 'frame')} not shown")
    return "; ".join(parts + [f"{count} × “{word}”" for word, count in sorted(Counter(reading.words).items())])


def counted(count: int, noun: str) -> str:
    return f"{count} {noun}" + ("" if count == 1 else "s")


def frame_of(frame: dict) -> tuple[int, int]:
    return frame["opcode"], frame["length"]


def violation(wsreplay: Path, title: str, capture: Path) -> list[str]:
    noted = dict.fromkeys(word for options in ((), tshark.IN_ORDER) for word in by_tshark(capture, options).words)
    _, document = inspected(wsreplay, capture)
    named = [
        f"`{one['code']}` by the {one['direction']}, packet {one['packet']}, {one['section']}"
        for session in document["captures"][0]["sessions"]
        for one in session["violations"]
    ]
    return [title, "; ".join(f"“{word}”" for word in noted), "; ".join(named)]


def by_tshark(capture: Path, options: tuple[str, ...] = tshark.IN_ORDER) -> Reading:
    """An end that asks for nothing is the server; where nobody asks, the lower port is the server's."""
    frames: dict[str, list[tuple]] = {party: [] for party in PARTIES}
    contents: dict[str, set[str]] = {party: set() for party in PARTIES}
    lengths: list[int] = []
    words: list[str] = []
    for stream in tshark.streams(capture, options=options).values():
        words += stream.notes
        for sender, listed in stream.frames.items():
            party = "client" if sender in stream.clients else "server"
            frames[party] += [(frame.opcode, frame.length) for frame in listed]
            contents[party] |= {hashlib.sha256(content).hexdigest() for content in stream.contents.get(sender, ())}
            lengths += [len(content) for content in stream.contents.get(sender, ())]
            words += [note for frame in listed for note in frame.notes]
    return Reading(frames, contents, lengths, words)


def by_wsreplay(wsreplay: Path, capture: Path) -> Reading:
    _, document = inspected(wsreplay, capture)
    found = document["captures"][0]
    # Connections whose opening handshake is not in the capture are listed beside the sessions.
    sessions = found["sessions"] + found.get("tunnels", [])
    frames = [frame for session in sessions for frame in session["frames"]]
    messages = [message for session in sessions for message in session["messages"]]
    return Reading(
        {party: [frame_of(frame) for frame in frames if frame["direction"] == party] for party in PARTIES},
        {party: {one["sha256"] for one in messages if one["direction"] == party} for party in PARTIES},
        [message["length"] for message in messages],
        [one["code"] for session in sessions for one in (*session["violations"], *session["losses"])],
    )


def costs_of(wsreplay: Path, capture: Path) -> tuple[list[list[str]], float]:
    """CPU seconds and memory of both, and what they say of the message."""
    fields = [part for name in ("websocket.opcode", "websocket.payload_length") for part in ("-e", name)]
    theirs = run([tshark.program(), "-n", "-r", capture, "-Y", "websocket", "-T", "fields", *fields])
    ours = run([wsreplay, "inspect", capture, "--frames", "--format", "json"])
    messages = [
        message["length"]
        for one in json.loads(ours.output)["captures"]
        for session in one["sessions"]
        for message in session["messages"]
    ]
    lengths = f"the message has {max(messages):,} bytes" if messages else "no message"
    frames = len(theirs.output.decode().split())
    rows = [
        ["asked for", "opcode and length of each frame", "frames, messages, SHA-256 of each"],
        ["answer", f"{frames // 2} frames" if theirs.status == 0 else f"exit status {theirs.status}", lengths],
        ["peak memory", f"{theirs.mebibytes:,.0f} MiB", f"{ours.mebibytes:,.0f} MiB"],
        ["CPU time", f"{theirs.seconds:.1f} s", f"{ours.seconds:.1f} s"],
    ]
    return rows, ours.mebibytes


def line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    main()
