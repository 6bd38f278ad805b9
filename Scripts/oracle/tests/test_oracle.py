"""What the oracle says must be worth believing: it repeats itself, and it sees a difference where there is one."""

import copy
import unittest

from generate import random_case
from oracle.addresses import backends, listeners
from oracle.backend import Attempt, answer_to
from oracle.case import encoded, with_crlf
from oracle.record import in_order
from oracle.requests import plain_requests
from oracle.score import disagreement, stable_part

RECIPE = """
http {
    upstream app { server 127.0.0.1:3000; server [::1]:3001 weight=2; # server 10.9.9.9:1;
    }
    server { listen 8080; server_name a.test; location /ws { proxy_pass http://app; } }
    server { listen [::]:8081; location / { proxy_pass http://192.0.2.7/x; } }
}
"""
DATE = {"in": "client", "regex": r"(?im)^date: [^\r]*"}
OBSERVATION = {
    "id": "or.x.01-ws",
    "upstream": [{"address": "127.0.0.1:3000", "received_base64": encoded(b"GET /ws HTTP/1.1\r\n\r\n")}],
    "client_receives_base64": encoded(b"HTTP/1.1 200 OK\r\nDate: now\r\n\r\n"),
    "status": 200,
    "closed_by": "client",
    "volatile": [DATE],
}
PREDICTION = {
    "id": "or.x.01-ws",
    "upstream": [{"address": "127.0.0.1:3000", "request_base64": encoded(b"GET /ws HTTP/1.1\r\n\r\n")}],
    "client_receives_base64": encoded(b"HTTP/1.1 200 OK\r\nDate: then\r\n\r\n"),
    "status": 200,
    "closed_by": "client",
}


class Generation(unittest.TestCase):
    def test_the_same_seed_gives_the_same_case(self) -> None:
        self.assertEqual(random_case(7), random_case(7))

    def test_another_seed_gives_another_case(self) -> None:
        self.assertEqual(len({random_case(seed).configuration for seed in range(50)}), 50)

    def test_braces_are_balanced(self) -> None:
        for seed in range(200):
            text = random_case(seed).configuration
            self.assertEqual(text.count("{"), text.count("}"), f"seed {seed}")

    def test_requests_are_whole(self) -> None:
        for seed in range(50):
            for request in random_case(seed).requests:
                self.assertIn(b"\r\n\r\n", request.head)
                self.assertNotIn(b"\n", request.head.replace(b"\r\n", b""))


class Addresses(unittest.TestCase):
    def test_listeners_are_where_a_client_can_go(self) -> None:
        self.assertEqual(listeners(RECIPE), [("127.0.0.1", 8080), ("::1", 8081)])

    def test_backends_are_literal_addresses_outside_comments(self) -> None:
        self.assertEqual(backends(RECIPE), [("127.0.0.1", 3000), ("::1", 3001), ("192.0.2.7", 80)])

    def test_each_location_gets_a_handshake_and_a_get(self) -> None:
        self.assertEqual([request.name for request in plain_requests(RECIPE)], ["ws-ws", "get-ws", "ws", "get"])


class Backends(unittest.TestCase):
    def test_a_handshake_is_accepted_with_the_key_of_the_rfc(self) -> None:
        head = plain_requests(RECIPE)[0].head
        self.assertIn(b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", answer_to(head).data)

    def test_http_1_0_is_no_handshake(self) -> None:
        head = plain_requests(RECIPE)[0].head.replace(b"HTTP/1.1", b"HTTP/1.0")
        self.assertTrue(answer_to(head).data.startswith(b"HTTP/1.1 400 "))

    def test_a_head_request_gets_no_body(self) -> None:
        head = with_crlf("HEAD / HTTP/1.1\nX-Answer: chunked\n\n")
        self.assertTrue(answer_to(head).data.endswith(b"\r\n\r\n"))


class Order(unittest.TestCase):
    def test_a_refused_server_comes_before_the_one_that_answered(self) -> None:
        answered = Attempt("127.0.0.1:3001", reused=False, answered=bytearray(b"x"))
        merged = in_order([answered], ["127.0.0.1:3000", "127.0.0.1:3001"], {"127.0.0.1:3001"})
        outcomes = [(attempt.address, outcome) for attempt, outcome in merged]
        self.assertEqual(outcomes, [("127.0.0.1:3000", "refused"), ("127.0.0.1:3001", "answered")])


class Score(unittest.TestCase):
    def test_the_date_alone_makes_no_difference(self) -> None:
        self.assertIsNone(disagreement(OBSERVATION, PREDICTION))

    def test_every_part_counts(self) -> None:
        changes = {
            "upstream tried": {"upstream": []},
            "upstream request 1": {"upstream": [{"address": "127.0.0.1:3000", "request_base64": ""}]},
            "status": {"status": 404},
            "client receives": {"client_receives_base64": encoded(b"HTTP/1.1 200 Ok\r\n\r\n")},
            "closed by": {"closed_by": "proxy"},
        }
        for what, change in changes.items():
            found = disagreement(OBSERVATION, {**PREDICTION, **change})
            self.assertEqual(found.what if found else None, what)

    def test_a_missing_prediction_is_a_disagreement(self) -> None:
        self.assertIsNotNone(disagreement(OBSERVATION, None))

    def test_a_refused_configuration_is_compared_by_nginx_own_words(self) -> None:
        refused = {"id": "x", "check_exit": 1, "check_stderr": "nginx: [emerg] unknown directive\n", "volatile": []}
        self.assertIsNone(disagreement(refused, {"check_exit": 1, "check_stderr": refused["check_stderr"]}))
        self.assertIsNotNone(disagreement(refused, {"check_exit": 1, "check_stderr": "nginx: [emerg] other\n"}))

    def test_two_recordings_are_the_same_but_for_the_date(self) -> None:
        other = copy.deepcopy(OBSERVATION)
        other["client_receives_base64"] = encoded(b"HTTP/1.1 200 OK\r\nDate: later\r\n\r\n")
        self.assertEqual(stable_part(OBSERVATION), stable_part(other))


if __name__ == "__main__":
    unittest.main()
