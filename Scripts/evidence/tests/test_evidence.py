"""The tools themselves: a comparison that finds nothing wrong proves nothing unless it can find something."""

import copy
import unittest

from cases.case import of_dialogue
from dialogue import numbered
from records import Records
from truth import differences
from wire.files import pcapng


def found_as_made(case) -> dict:
    """What a reader that is right prints about a case."""
    sessions = []
    for truth in copy.deepcopy(case.truth["sessions"]):
        records = {
            kind: [
                {"direction": party, "complete": True, **record}
                for party in ("client", "server")
                for record in truth[kind][party]
            ]
            for kind in ("frames", "messages")
        }
        violations = [{"section": "RFC 6455 §5.1", "message": "", **one} for one in truth["violations"]]
        response = {"status": truth["status"]}
        sessions.append({**truth, **records, "response": response, "violations": violations, "losses": []})
    packets = case.truth["packets"]
    ledger = {"packets": {"tcp": packets, "total": packets}, "bytes": {"head": 3, "frame": 4, "missing": 9, "total": 7}}
    return {"captures": [{"packets": packets, "ledger": ledger, "sessions": sessions, "tunnels": []}]}


class ComparisonTests(unittest.TestCase):
    def setUp(self) -> None:
        self.case = of_dialogue("numbered", "", numbered())
        self.found = found_as_made(self.case)
        self.capture = self.found["captures"][0]
        self.session = self.capture["sessions"][0]

    def problems(self) -> list[str]:
        return differences(self.case.truth, 0, self.found)

    def test_what_is_right_is_right(self) -> None:
        self.assertEqual(self.problems(), [])

    def test_each_change_is_found(self) -> None:
        changes = {
            "a frame less": lambda: self.session["frames"].pop(),
            "a frame more": lambda: self.session["frames"].append(copy.copy(self.session["frames"][0])),
            "another content": lambda: self.session["messages"][0].update(sha256="00"),
            "another packet": lambda: self.session["frames"][2].update(packet=1),
            "another status": lambda: self.session["response"].update(status=426),
            "a loss": lambda: self.session["losses"].append({"code": "tcp.gap"}),
            "a violation": lambda: self.session["violations"].append(
                {"code": "ws.frame.rsv1", "direction": "client", "message": "", "packet": 1, "section": "RFC"}
            ),
            "a close code": lambda: self.session["close"].update(client=[1001, ""]),
            "a packet without a place": lambda: self.capture["ledger"]["packets"].update(tcp=1),
            "a byte without a place": lambda: self.capture["ledger"]["bytes"].update(total=8),
            "a session more": lambda: self.capture["sessions"].append(self.session),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.setUp()
                change()
                self.assertNotEqual(self.problems(), [])

    def test_a_crash_is_a_difference(self) -> None:
        self.assertNotEqual(differences(self.case.truth, -5, None), [])
        self.assertNotEqual(differences(self.case.truth, 0, None), [])

    def test_behind_a_hole_frames_may_lack_and_must_not_be_made_up(self) -> None:
        dialogue = numbered()
        dialogue.sessions[0].certain = {"server": 1}
        truth = of_dialogue("numbered", "", dialogue).truth
        self.session["complete"] = False
        self.session["frames"] = [one for one in self.session["frames"] if one["length"] != 600]
        self.session["messages"] = [one for one in self.session["messages"] if one["length"] != 600]
        self.assertEqual(differences(truth, 0, self.found), [])
        self.session["frames"].append({**self.session["frames"][-1], "length": 77})
        self.assertNotEqual(differences(truth, 0, self.found), [])


class RecordsTests(unittest.TestCase):
    def test_files_are_put_together_as_they_were(self) -> None:
        for data in (of_dialogue("a", "", numbered()).data, of_dialogue("a", "", numbered(), write=pcapng).data):
            records = Records(data)
            self.assertEqual(records.joined(records.packets), data)
            self.assertGreater(len(records.packets), 9)


if __name__ == "__main__":
    unittest.main()
