"""Compares what wsreplay found in a capture with the truth about it."""

from collections import Counter

PARTIES = ("client", "server")


def differences(truth: dict, exit_status: int, document: dict | None) -> list[str]:
    """What is wrong, in words; empty when all is right."""
    if exit_status not in (0, 1, 2, 3):
        return [f"exit status {exit_status}, which must never be"]
    if document is None or "captures" not in document:
        return [f"no result, exit status {exit_status}"]
    capture = document["captures"][0]
    found = ledger_faults(capture)
    if capture["packets"] != truth["packets"]:
        found.append(f"{capture['packets']} packets, and there are {truth['packets']}")
    found += tunnel_differences(capture.get("tunnels", []), truth.get("tunnels", []))
    if len(capture["sessions"]) != len(truth["sessions"]):
        return [*found, f"{len(capture['sessions'])} sessions, and there are {len(truth['sessions'])}"]
    for number, (session, known) in enumerate(zip(capture["sessions"], truth["sessions"], strict=True), start=1):
        found += [f"#{number} {problem}" for problem in session_differences(session, known)]
    return found


def ledger_faults(capture: dict) -> list[str]:
    """Packets in = packets accounted for; payload = heads + bodies + frames + named rest."""
    faults = []
    packets, stream = capture["ledger"]["packets"], capture["ledger"]["bytes"]
    for name, counts in (("packets", packets), ("bytes", stream)):
        # Missing bytes are those that are not there.
        places = sum(count for place, count in counts.items() if place not in ("total", "missing"))
        if places != counts["total"]:
            faults.append(f"the ledger of {name} does not close: {counts}")
    if packets["total"] != capture["packets"]:
        faults.append(f"the ledger has {packets['total']} of {capture['packets']} packets")
    return faults


def tunnel_differences(found: list[dict], known: list[dict]) -> list[str]:
    """Connections without a handshake: their ends, the frames that are certain, and none that nobody sent."""
    if len(found) != len(known):
        return [f"{len(found)} sessions without a handshake, and there are {len(known)}"]
    problems = []
    for tunnel, truth in zip(found, known, strict=True):
        problems += [f"{end} is {tunnel[end]}, not {truth[end]}" for end in PARTIES if tunnel[end] != truth[end]]
        for party, frames in truth["frames"].items():
            listed = [frame for frame in tunnel["frames"] if frame["direction"] == party]
            problems += record_differences(f"frames of the {party} without a handshake", listed, frames, False)
        problems += made_up_frames(tunnel, truth["sent"])
    return problems


def session_differences(found: dict, known: dict) -> list[str]:
    problems = []
    for name in ("kind", "client", "server", "complete", "acceptValid", "subprotocol", "extensions"):
        if name in known and found[name] != known[name]:
            problems.append(f"{name} is {found[name]!r} and not {known[name]!r}")
    for name, value in known["request"].items():
        if found["request"][name] != value:
            problems.append(f"request.{name} is {found['request'][name]!r} and not {value!r}")
    status = found["response"]["status"] if found["response"] else None
    if status != known["status"]:
        problems.append(f"status is {status} and not {known['status']}")
    for kind in ("frames", "messages"):
        for party in PARTIES:
            listed = [record for record in found[kind] if record["direction"] == party]
            problems += record_differences(f"{kind} of the {party}", listed, known[kind][party], "sent" in known)
    problems += made_up_frames(found, known.get("sent"))
    for name in ("client", "server", "ending", "endedBy"):
        if name in known.get("close", {}) and found["close"][name] != known["close"][name]:
            problems.append(f"close.{name} is {found['close'][name]!r} and not {known['close'][name]!r}")
    if "violations" in known:
        problems += violation_differences(found["violations"], known["violations"])
    losses = sorted(loss["code"] for loss in found["losses"])
    problems += [f"{code} is not named: {losses}" for code in known.get("named", []) if code not in losses]
    if "losses" in known:
        if losses != sorted(known["losses"]):
            problems.append(f"losses are {losses} and not {sorted(known['losses'])}")
    return problems


def made_up_frames(found: dict, sent: dict | None) -> list[str]:
    """Whole frames that nobody sent."""
    if sent is None:
        return []
    problems = []
    for party in PARTIES:
        left = Counter((frame["opcode"], frame["length"], frame["sha256"]) for frame in sent[party])
        for frame in found["frames"]:
            if frame["direction"] == party and frame.get("complete", True):
                left[frame["opcode"], frame["length"], frame["sha256"]] -= 1
        problems += [f"a frame of the {party} is made up: {frame}" for frame, count in left.items() if count < 0]
    return problems


def record_differences(name: str, found: list[dict], known: list[dict], is_partial: bool) -> list[str]:
    """Of a partial session what is known comes first, and what follows may be anything."""
    if len(found) < len(known) or (len(found) > len(known) and not is_partial):
        return [f"{len(found)} {name}, and there are {len(known)}"]
    for number, (one, other) in enumerate(zip(found, known, strict=False), start=1):
        for key, value in other.items():
            if one[key] != value:
                return [f"{name}: {key} of number {number} is {one[key]!r} and not {value!r}"]
    return []


def violation_differences(found: list[dict], known: list[dict]) -> list[str]:
    """The same violations, and where the packet is known, the same packet."""
    left = list(found)
    problems = []
    for violation in known:
        same = next((one for one in left if all(one[key] == value for key, value in violation.items())), None)
        if same is None:
            problems.append(
                f"the violation {violation} is not named; {[(one['code'], one['packet']) for one in found]}"
            )
        else:
            left.remove(same)
            if not same["section"].startswith("RFC "):
                problems.append(f"{same['code']} has no section")
    return problems + [
        f"{one['code']} of the {one['direction']} is named, and is none: {one['message']}" for one in left
    ]
