#!/usr/bin/env python3
"""Opens HTML reports in headless Chromium and compares what stands there with the JSON of the same run.

Every session with its verdict must be on the page, and the browser must have nothing to complain about: its console
is empty (a blocked script or style shows there), and nothing is asked from the network.
"""

import html
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
#: Capture, configuration: one that works, one that breaks, one that is cut.
RUNS = [("chat", "chat"), ("chat", "chat-headers-not-inherited"), ("idle", "idle-timeout")]


def main() -> None:
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        print("SKIPPED: reports in a browser, there is no Chromium")
        return
    wsreplay = Path(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="wsreplay-reports-") as folder:
        problems = [problem for run in RUNS for problem in check(browser, wsreplay, Path(folder), *run)]
    for problem in problems:
        print(f"WRONG {problem}")
    if problems:
        sys.exit(1)
    print(f"{len(RUNS)} reports in {browser}: verdicts as in the JSON, nothing in the console")


def check(browser: str, wsreplay: Path, folder: Path, capture: str, case: str) -> list[str]:
    page, data = folder / f"{case}.html", folder / f"{case}.json"
    source = next((REPOSITORY / "Captures" / capture).glob("capture.pcap*"))
    command = [wsreplay, "replay", source, "--proxy", REPOSITORY / "Captures" / case / "nginx.conf"]
    subprocess.run([*command, "--html", page, "--json", data], stdout=subprocess.DEVNULL, check=False)
    sessions = json.loads(data.read_text())["sessions"]
    page_html, console = rendered(browser, page, folder)
    problems = [f"{case}: the console says {line}" for line in console]
    if not sessions:
        problems.append(f"{case}: no sessions")
    for session in sessions:
        summary = summary_of(page_html, session["id"].rpartition("#")[2])
        verdict = session["verdict"]
        if session["id"] not in summary or not re.search(rf"\b{verdict}\b", summary):
            problems.append(f"{case}: {session['id']} is {verdict}, the page says {summary.strip() or 'nothing'}")
    fetched = re.findall(r"""(?:src=|url\(|@import )["']?(?:https?:)?//[^"')]*""", page.read_text())
    return problems + [f"{case}: the page fetches {address}" for address in fetched]


def rendered(browser: str, page: Path, folder: Path) -> tuple[str, list[str]]:
    """The page after its scripts ran, and what the browser wrote to its console."""
    options = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    options += ["--enable-logging=stderr", "--dump-dom", page.as_uri()]
    ran = subprocess.run([browser, *options], capture_output=True, text=True, timeout=120, check=False)
    return ran.stdout, re.findall(r"CONSOLE\S* (.*)", ran.stderr)


def summary_of(page_html: str, number: str) -> str:
    """The line of a session, which is also what a link to it opens, as text."""
    match = re.search(rf'(?s)<details[^>]*\bid="s{number}"[^>]*>\s*<summary>(.*?)</summary>', page_html)
    return html.unescape(re.sub(r"<[^>]*>", " ", match[1])) if match else ""


if __name__ == "__main__":
    main()
