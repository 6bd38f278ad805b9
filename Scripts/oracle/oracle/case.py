"""A configuration and the requests that are sent through it."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Request:
    """Raw bytes that a client sends at once, and those that it sends after a 101."""

    name: str
    head: bytes
    after_upgrade: bytes = b""


@dataclass(frozen=True)
class Case:
    """A configuration with its requests, in the order in which they are sent."""

    name: str
    configuration: str
    requests: list[Request] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        (folder / "configs").mkdir(parents=True, exist_ok=True)
        (folder / "requests").mkdir(exist_ok=True)
        (folder / "configs" / f"{self.name}.conf").write_text(self.configuration)
        write_requests(folder / "requests" / f"{self.name}.jsonl", self.requests)


def read_case(folder: Path, name: str) -> Case:
    requests = read_requests(folder / "requests" / f"{name}.jsonl")
    return Case(name, (folder / "configs" / f"{name}.conf").read_text(), requests)


def write_requests(path: Path, requests: list[Request]) -> None:
    with path.open("w") as file:
        for request in requests:
            line = {"name": request.name, "base64": encoded(request.head), "then": encoded(request.after_upgrade)}
            file.write(json.dumps(line) + "\n")


def read_requests(path: Path) -> list[Request]:
    """From JSON lines `{"name", "base64" or "text", "then"}`; `text` may use bare newlines."""
    requests = []
    for number, text in enumerate(path.read_text().splitlines(), 1):
        line = json.loads(text)
        head = base64.b64decode(line["base64"]) if "base64" in line else with_crlf(line["text"])
        requests.append(Request(line.get("name", f"request{number}"), head, base64.b64decode(line.get("then", ""))))
    return requests


def with_crlf(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode("latin-1")


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()
