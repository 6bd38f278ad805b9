"""Compares the parts of a `case.yaml` that one handshake through real nginx can show with what it showed."""

import re
from collections.abc import Iterator


def disagreements(expectations: list[dict], seen: dict) -> list[str]:
    return [problem for expectation in expectations for problem in _compare(expectation, seen)]


def _compare(expectation: dict, seen: dict) -> Iterator[str]:
    refused = expectation.get("configuration") == "refused"
    if refused != ("exchanges" not in seen):
        yield f"configuration: {seen['configuration']}"
    if refused:
        if not re.search(rf"{re.escape(expectation['message'])} in \S+:{expectation['line']}\n", seen["configuration"]):
            yield f"not said: {expectation['message']} in line {expectation['line']}"
        return
    for exchange in _selected(expectation["sessions"], seen.get("exchanges", [])):
        if "status" in expectation and "status" not in seen and exchange["status"] != expectation["status"]:
            yield f"{exchange['target']}: status {exchange['status']}, not {expectation['status']}"
        for name, wanted in expectation.get("upstream", {}).get("headers", {}).items():
            values = _values(exchange["upstream"], name)
            if not _fits(values, wanted):
                yield f"{exchange['target']}: upstream {name} is {values}, not {wanted}"


def _selected(sessions, exchanges: list[dict]) -> list[dict]:
    """Numbers count ordinary requests too, which are not sent here: such entries select nothing."""
    if sessions == "all":
        return exchanges
    if isinstance(sessions, dict) and "path" in sessions:
        return [exchange for exchange in exchanges if exchange["target"].split("?")[0] == sessions["path"]]
    return []


def _values(heads: list[str], name: str) -> list[str]:
    lines = heads[-1].strip().split("\r\n")[1:] if heads else []
    pairs = [line.split(":", 1) for line in lines]
    return [value.strip() for key, value in pairs if key.lower() == name.lower()]


def _fits(values: list[str], wanted) -> bool:
    if not isinstance(wanted, dict):
        return values == [wanted]
    if wanted.get("absent"):
        return not values
    if wanted.get("present"):
        return bool(values)
    if "matches" in wanted:
        return any(re.search(wanted["matches"], value) for value in values)
    return values == [wanted["equals"]]
