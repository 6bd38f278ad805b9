#!/usr/bin/env python3
"""Opens HTML reports in headless Chromium, from file://, and compares what stands there with the JSON of the same run.

The page must say what the JSON says, already before its script ran; the browser must have nothing to complain about in
its console; nothing may be asked from the network. Then the same with a capture full of markup and script, which must
stay text. A page that does run such script, and one that does ask the network, show first that both would be noticed.

    python3 Scripts/browser/check.py PATH/TO/wsreplay
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import hostile
from chromium import Chromium
from page import Element, ReportPage

REPOSITORY = Path(__file__).resolve().parent.parent.parent
CAPTURES = REPOSITORY / "Captures"
#: Capture, configuration: one that works, one that breaks, one that is cut in the middle.
RUNS = [("chat", "chat"), ("chat", "chat-headers-not-inherited"), ("idle", "idle-timeout")]
#: Right-to-left overrides and their like, and the start of a terminal's control sequences.
CONTROLS = [chr(code) for code in (0x1B, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]


def main() -> None:
    wsreplay = Path(sys.argv[1]).resolve()
    problems: list[str] = []
    with tempfile.TemporaryDirectory(prefix="wsreplay-browser-") as name:
        folder = Path(name)
        browser = Chromium.found(folder)
        if browser is None:
            print("SKIPPED: reports in a browser. There is no chromium: apt-get install chromium")
            return
        with browser:
            problems += control(browser, folder)
            for capture, case in RUNS:
                source = CAPTURES / capture / "capture.pcap"
                problems += check(browser, Run(wsreplay, folder, source, CAPTURES / case / "nginx.conf", case))
            problems += check_hostile(browser, wsreplay, folder)
        version = browser.version
    for problem in problems:
        print(f"WRONG {problem}")
    if problems:
        sys.exit(1)
    print(f"{len(RUNS)} reports and a hostile one in {version}: as the JSON says, inert, nothing in the console")


class Run:
    """A replay, its reports, and what it printed."""

    def __init__(self, wsreplay: Path, folder: Path, capture: Path, configuration: Path, name: str):
        self.name = name
        self.page = folder / f"{name}.html"
        data = folder / f"{name}.json"
        command = [wsreplay, "replay", capture, "--proxy", configuration, "--html", self.page, "--json", data]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        self.printed = ran.stdout
        self.sentence = ran.stdout.splitlines()[-1] if ran.stdout else ""
        self.json = json.loads(data.read_text())


def check(browser: Chromium, run: Run) -> list[str]:
    shown = browser.open(run.page.as_uri())
    problems = [f"the console says {line}" for line in shown.console]
    problems += [f"the page asks the network for {address}" for address in shown.requests]
    problems += differences(ReportPage(shown.document), run)
    # Readable without script: the file says the same before anything ran.
    problems += [f"without script: {text}" for text in differences(ReportPage(run.page.read_text()), run)]
    problems += check_links(browser, run)
    return [f"{run.name}: {problem}" for problem in problems]


def differences(page: ReportPage, run: Run) -> list[str]:
    """What the page says otherwise than the run's JSON."""
    problems = []

    def same(what: str, on_page: object, in_json: object) -> None:
        if on_page != in_json:
            problems.append(f"{what}: {on_page!r} on the page, {in_json!r} in the JSON")

    summary, sessions = run.json["summary"], run.json["sessions"]
    same("the sentence", page.sentence, run.sentence)
    same("the title", page.title, f"wsreplay: {run.sentence}")
    counts = {name: count for name, count in summary.items() if name != "sessions" and count > 0}
    same("the counts", page.counts, counts)
    same("the verdicts", page.verdicts, {session["id"]: session["verdict"] for session in sessions})
    same("the verdicts of the details", page.detail_verdicts, page.verdicts)
    # A cause of the page is one of the JSON, with its line and its mend …
    known = {
        (difference["because"], difference["source"], difference["mend"], session["id"])
        for session in sessions
        for difference in session["differences"]
    }
    for cause in page.causes:
        for session in cause.sessions:
            if not any(k[1:] == (cause.source, cause.mend, session) for k in known):
                problems.append(f"a cause at {cause.source} for {session} is not in the JSON")
        if not any(k[:3] == (cause.because, cause.source, cause.mend) for k in known):
            problems.append(f"the page says why, and the JSON does not: {cause.because}")
    # … and what breaks a session stands among the causes that name it.
    for session in sessions:
        if session["verdict"] != "broken":
            continue
        worst = session["differences"][0]
        if not any(
            session["id"] in cause.sessions and (cause.source, cause.mend) == (worst["source"], worst["mend"])
            for cause in page.causes
        ):
            problems.append(f"{session['id']} breaks at {worst['source']}, and no cause on the page says so")
    return problems


def check_links(browser: Chromium, run: Run) -> list[str]:
    """A link to a session opens it; a filter in the address shows the sessions of one verdict."""
    problems = []
    session = run.json["sessions"][-1]
    shown = browser.open(f"{run.page.as_uri()}?f=v:{session['verdict']}#s{session['id'].rpartition('#')[2]}")
    page = ReportPage(shown.document)
    if session["id"] not in page.open_details:
        problems.append(f"a link to {session['id']} does not open it")
    wanted = [other["id"] for other in run.json["sessions"] if other["verdict"] == session["verdict"]]
    if sorted(page.visible_rows) != sorted(wanted):
        problems.append(f"the filter v:{session['verdict']} shows {page.visible_rows}")
    return problems


def check_hostile(browser: Chromium, wsreplay: Path, folder: Path) -> list[str]:
    """A capture and a configuration full of markup, script and control characters."""
    capture, configuration = folder / "hostile.pcap", folder / "hostile.conf"
    capture.write_bytes(hostile.capture())
    configuration.write_text(hostile.configuration())
    problems = []
    run = Run(wsreplay, folder, capture, configuration, "hostile")
    shown = browser.open(run.page.as_uri())
    problems += [f"the console says {line}" for line in shown.console]
    problems += [f"the page asks the network for {address}" for address in shown.requests]
    problems += inertness(Element.parse(shown.document))
    page = run.page.read_text()
    # The payloads did arrive: without them, the page would be inert for nothing.
    problems += [f"{name} is not on the page" for name in hostile.WITNESSES if name not in page]
    for place, text in [("the page", page), ("the terminal's output", run.printed)]:
        problems += [f"{place} holds the bare character U+{ord(c):04X}" for c in CONTROLS if c in text]
    return [f"hostile: {problem}" for problem in problems]


def inertness(document: Element) -> list[str]:
    """What in a document could act, apart from the report's own script and style."""
    problems = []
    root = next(iter(document.all("html")), document)
    if hostile.MARK in root.attributes:
        problems.append("a script of the capture ran")
    for tag, allowed in [("script", 1), ("style", 1), ("img", 0), ("iframe", 0), ("object", 0), ("embed", 0),
                         ("form", 0), ("base", 0), ("link", 0)]:
        found = len(document.all(tag))
        if found > allowed:
            problems.append(f"{found} elements <{tag}>")
    for element in document.all():
        for name, value in element.attributes.items():
            if name.startswith("on") or name in ("src", "srcset", "style", "action", "formaction"):
                problems.append(f"<{element.tag} {name}={value!r}>")
            if name in ("href", "xlink:href") and not value.startswith("#"):
                problems.append(f"a link to {value!r}")
    return problems


def control(browser: Chromium, folder: Path) -> list[str]:
    """The checks notice a page that runs the capture's script and asks the network."""
    careless = folder / "careless.html"
    careless.write_text(f"<!DOCTYPE html><html><body>{hostile.SCRIPT}{hostile.IMAGE}</body></html>")
    shown = browser.open(careless.as_uri())
    problems = []
    if not inertness(Element.parse(shown.document)):
        problems.append("control: a script that runs is not noticed")
    if not any("wsreplay.invalid" in address for address in shown.requests):
        problems.append(f"control: a request is not noticed, only {shown.requests}")
    if not shown.console:
        problems.append("control: the console is not seen")
    return problems


if __name__ == "__main__":
    main()
