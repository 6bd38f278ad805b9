"""Compares predictions with observations, byte for byte but for what changes by itself (the Date header)."""

import base64
import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Disagreement:
    """The first thing in which prediction and observation differ."""

    id: str
    what: str
    seen: str
    predicted: str

    def __str__(self) -> str:
        return f"{self.id}: {self.what}\n    nginx    {self.seen}\n    wsreplay {self.predicted}"


def disagreement(observation: dict, prediction: dict | None) -> Disagreement | None:
    name = observation["id"]
    if prediction is None:
        return Disagreement(name, "there is no prediction", "", "")
    if "check_stderr" in observation:
        names = ("check_exit", "check_stderr")
        seen, predicted = (tuple(record.get(key) for key in names) for record in (observation, prediction))
        return None if seen == predicted else Disagreement(name, "nginx -t", repr(seen), repr(predicted))
    pairs = [
        ("upstream tried", *_both(observation, prediction, _addresses)),
        *_upstream_bytes(observation, prediction),
        ("status", observation["status"], prediction.get("status")),
        (
            "client receives",
            masked(observation["client_receives_base64"], observation, "client"),
            masked(prediction.get("client_receives_base64"), observation, "client"),
        ),
        ("closed by", observation["closed_by"], prediction.get("closed_by")),
    ]
    for what, seen, predicted in pairs:
        if seen != predicted:
            return Disagreement(name, what, *_shortened(seen, predicted))
    return None


def masked(text: str | None, observation: dict, side: str) -> bytes:
    data = base64.b64decode(text or "").decode("latin-1")
    for rule in observation["volatile"]:
        if rule["in"] in (side, "both"):
            data = re.sub(rule["regex"], "<volatile>", data)
    return data.encode("latin-1", "replace")


def stable_part(observation: dict) -> tuple:
    """What two recordings of the same session must have in common."""
    return (
        _addresses(observation),
        [masked(attempt["received_base64"], observation, "upstream") for attempt in observation["upstream"]],
        masked(observation["client_receives_base64"], observation, "client"),
        observation["status"],
        observation["closed_by"],
        observation.get("check_stderr"),
    )


def _both(observation: dict, prediction: dict, part) -> tuple:
    return part(observation), part(prediction)


def _addresses(record: dict) -> list[str]:
    return [attempt.get("address") for attempt in record.get("upstream") or []]


def _upstream_bytes(observation: dict, prediction: dict) -> list[tuple]:
    pairs = zip(observation["upstream"], prediction.get("upstream") or [], strict=False)
    return [
        (
            f"upstream request {number}",
            masked(seen["received_base64"], observation, "upstream"),
            masked(predicted.get("request_base64"), observation, "upstream"),
        )
        for number, (seen, predicted) in enumerate(pairs, 1)
    ]


def _shortened(seen: object, predicted: object) -> tuple[str, str]:
    """Both texts from a little before the first byte that differs."""
    if not isinstance(seen, bytes) or not isinstance(predicted, bytes):
        return repr(seen), repr(predicted)
    common = next((i for i, (a, b) in enumerate(zip(seen, predicted, strict=False)) if a != b), None)
    start = max(0, (min(len(seen), len(predicted)) if common is None else common) - 30)
    return tuple(f"…{text[start : start + 90]!r}" if start else repr(text[:90]) for text in (seen, predicted))
