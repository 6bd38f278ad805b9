"""People's configurations through `wsreplay lint`: no error in one that works, the right finding in one that does not.

A configuration that does not work says in its first line which failure it shows: `# BROKEN F03 header-inheritance-reset: …`.
"""

import json
import re
import subprocess
from pathlib import Path

from result import Agreement

#: For each failure the rule that has to find it, and what stands in the line that it has to name.
FOUND_BY = {
    # Nothing tells that the application has sockets: said, and no warning.
    "F01": ("no-websocket-location", r"proxy_pass"),
    "F02": ("ws-http-1.0", r"proxy_pass"),
    "F03": ("header-inheritance-reset", r"proxy_set_header"),
    # Whether an end sends pings is not in a configuration: said, and no warning.
    "F04": ("ws-idle-timeout", r"Upgrade|proxy_read_timeout"),
    "F07": ("ws-host-origin-mismatch", r"proxy_pass"),
    "F08": ("ws-host-origin-mismatch", r"Host"),
    "F09": ("lb-no-stickiness", r"upstream"),
    "F10": ("connection-hard-coded", r"Connection"),
    "F11": ("forwarded-proto-missing", r"proxy_pass"),
    "F12": ("ws-wrong-location", r"location"),
    "F13": ("proxy-pass-slash-mismatch", r"proxy_pass"),
    "F15": ("header-set-twice", r"proxy_set_header"),
    "F16": ("auth-subrequest-upgrade", r"Upgrade"),
    "F17": ("ws-upgrade-lost-before-proxy", r"proxy_pass"),
    "F20": ("upstream-scheme-mismatch", r"proxy_pass"),
    "F21": ("ws-location-without-proxy-pass", r"location"),
}
#: `nginx -t` fails for these, and so must lint.
REFUSED = {"F05", "F06", "F18", "F19"}


def compare_lint(folder: Path, wsreplay: Path) -> Agreement:
    cases, misses = 0, {}
    for path in sorted(folder.glob("*.conf")):
        failure = re.match(r"# BROKEN (F\d+)", path.read_text())
        if failure and failure[1] not in FOUND_BY and failure[1] not in REFUSED:
            print(f"    SKIPPED {path.name}: {failure[1]} does not show in a configuration")
            continue
        cases += 1
        problem = problem_with(path, failure[1] if failure else None, wsreplay)
        if problem is not None:
            misses[path.stem] = problem
    return Agreement(cases, misses)


def problem_with(path: Path, failure: str | None, wsreplay: Path) -> str | None:
    """What lint gets wrong about a configuration; None where it is right."""
    # The version that the failures were recorded with.
    command = [wsreplay, "lint", path, "--format", "json", "--proxy-version", "1.22.1"]
    ran = subprocess.run(command, capture_output=True, text=True)
    if failure in REFUSED or ran.returncode == 2:
        refused = failure in REFUSED and ran.returncode == 2
        return None if refused else f"{failure or 'it works'}, and wsreplay ends with {ran.returncode}"
    findings = json.loads(ran.stdout)["configurations"][0]["findings"]
    if failure is None:
        errors = [f"{finding['source']} {finding['code']}" for finding in findings if finding["severity"] == "error"]
        return f"it works, and lint says {', '.join(errors)}" if errors else None
    rule, text = FOUND_BY[failure]
    source = path.read_text().splitlines()
    named = [source[int(finding["source"].rpartition(":")[2]) - 1] for finding in findings if finding["code"] == rule]
    if not named:
        return f"{failure} is not found by {rule}"
    return None if any(re.search(text, line) for line in named) else f"{rule} names {named[0].strip()!r}"
