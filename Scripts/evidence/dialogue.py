"""What two ends send to each other, and what a reader must find in it: both are written in one go, so that the truth of
a capture is known by its construction."""

import hashlib
from dataclasses import dataclass, field

from wire import http, websocket
from wire.websocket import BINARY, CLOSE, PING, PONG, TEXT, Deflater

PARTIES = ("client", "server")


@dataclass(frozen=True)
class Place:
    """The send that something ends in, and the offset of that end in it."""

    send: int
    end: int


@dataclass
class Session:
    """A request with all that follows it, in the terms of `wsreplay inspect --frames --format json`."""

    dialogue: "Dialogue"
    kind: str
    start_line: tuple[str, str, str]
    status: int | None
    extensions: list[str] = field(default_factory=list)
    subprotocol: str | None = None
    accept_valid: bool | None = None
    complete: bool = True
    #: Where the capture does not hold all: how many frames and messages of an end come before what is missing.
    certain: dict[str, int] | None = None
    #: The capture holds different bytes for one place.
    is_contested: bool = False
    #: A protocol that is named and not read: its handshake is not that of RFC 6455.
    is_draft: bool = False
    violations: list[tuple[str, str, Place]] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    frames: dict[str, list[tuple[dict, Place]]] = field(default_factory=lambda: {party: [] for party in PARTIES})
    messages: dict[str, list[dict]] = field(default_factory=lambda: {party: [] for party in PARTIES})
    closes: dict[str, list | None] = field(default_factory=lambda: dict.fromkeys(PARTIES))
    deflaters: dict[str, Deflater] = field(default_factory=dict)

    def frame(
        self,
        party: str,
        opcode: int,
        payload: bytes = b"",
        *,
        fin: bool = True,
        rsv: int = 0,
        masked: bool | None = None,
        length_bytes: int | None = None,
        joined: bool = False,
        violates: str | None = None,
    ) -> None:
        """Sends a frame; `joined` puts it into the segment of the send before it."""
        masked = party == "client" if masked is None else masked
        key = websocket.masking_key(len(self.dialogue.sends)) if masked else None
        data = websocket.frame(opcode, payload, fin=fin, rsv=rsv, key=key, length_bytes=length_bytes)
        place = self.dialogue.send(party, data, joined=joined)
        shown = {
            "fin": fin, "rsv1": bool(rsv & 4), "rsv2": bool(rsv & 2), "rsv3": bool(rsv & 1), "opcode": opcode,
            "masked": masked, "length": len(payload), "sha256": hashlib.sha256(payload).hexdigest(),
        }  # fmt: skip
        self.frames[party].append((shown, place))
        if violates:
            self.violates(violates, party)

    def violates(self, code: str, party: str) -> None:
        """The last send breaks that rule."""
        self.violations.append((code, party, self.dialogue.last))

    def told(self, party: str, opcode: int, payload: bytes) -> None:
        """A message that the frames before make."""
        self.told_digest(party, opcode, len(payload), hashlib.sha256(payload).hexdigest())

    def told_digest(self, party: str, opcode: int, length: int, sha256: str | None) -> None:
        self.messages[party].append({"opcode": opcode, "length": length, "sha256": sha256})

    def message(
        self,
        party: str,
        payload: str | bytes,
        *,
        cuts: tuple[int, ...] = (),
        compressed: bool = False,
        joined: bool = False,
    ) -> None:
        """A message in as many frames as there are cuts, and one."""
        opcode = TEXT if isinstance(payload, str) else BINARY
        data = payload.encode() if isinstance(payload, str) else payload
        wire = self.deflaters[party].message(data) if compressed else data
        edges = [0, *cuts, len(wire)]
        for number, (start, end) in enumerate(zip(edges, edges[1:], strict=False)):
            is_first, is_last = number == 0, number == len(cuts)
            self.frame(
                party, opcode if is_first else 0, wire[start:end], fin=is_last, rsv=4 * (compressed and is_first),
                joined=joined,
            )  # fmt: skip
        self.told(party, opcode, data)

    def ping(self, party: str, payload: bytes = b"", **changes) -> None:
        self.frame(party, PING, payload, **changes)

    def pong(self, party: str, payload: bytes = b"", **changes) -> None:
        self.frame(party, PONG, payload, **changes)

    def close(self, party: str, code: int | None = 1000, reason: str = "", **changes) -> None:
        self.frame(party, CLOSE, websocket.close_body(code, reason), **changes)
        self.closes[party] = [code, reason]

    def bye(self) -> "Dialogue":
        """Both ends close as they should."""
        self.close("client", 1000, "bye")
        self.close("server", 1000)
        return self.dialogue


class Dialogue:
    """Sends in their order, each of one end, and the sessions that they make."""

    def __init__(self) -> None:
        self.sends: list[tuple[str, bytes]] = []
        self.sessions: list[Session] = []

    @property
    def last(self) -> Place:
        return Place(len(self.sends) - 1, len(self.sends[-1][1]))

    def send(self, party: str, data: bytes, *, joined: bool = False) -> Place:
        if joined and self.sends and self.sends[-1][0] == party:
            self.sends[-1] = (party, self.sends[-1][1] + data)
        else:
            self.sends.append((party, data))
        return self.last

    def exchange(
        self,
        request: bytes,
        *responses: bytes,
        status: int | None = 200,
        kind: str = "http",
        joined: bool = False,
        violations: tuple[tuple[str, str], ...] = (),
        losses: tuple[str, ...] = (),
    ) -> Session:
        """A request and what answers it; the last response is the one that counts."""
        session = Session(self, kind, _start_line(request), status, losses=list(losses), complete=not losses)
        self.sessions.append(session)
        self.send("client", request, joined=joined)
        self._note(session, "client", violations)
        for response in responses:
            self.send("server", response)
        self._note(session, "server", violations)
        return session

    def upgrade(
        self,
        request: bytes | None = None,
        response: bytes | None = None,
        *,
        offer: str | None = None,
        answer: str | None = None,
        deflaters: tuple[Deflater, Deflater] | None = None,
        extensions: tuple[str, ...] = (),
        subprotocol: str | None = None,
        accept_valid: bool = True,
        violations: tuple[tuple[str, str], ...] = (),
        interim: tuple[bytes, ...] = (),
        joined: bool = False,
    ) -> Session:
        """An opening handshake that is answered with 101. `offer` and `answer` are lists of extensions."""
        fields = {"Sec_WebSocket_Extensions": offer}
        answered = {"Sec_WebSocket_Extensions": answer}
        request = request or http.request(**fields)
        response = response or http.response(**answered)
        session = self.exchange(
            request, *interim, response, status=101, kind="websocket", joined=joined, violations=violations
        )
        session.accept_valid = accept_valid
        session.subprotocol = subprotocol
        named = tuple(part.split(";")[0].strip() for part in answer.split(",")) if answer else ()
        session.extensions = list(extensions or named)
        if deflaters:
            session.deflaters = dict(zip(PARTIES, deflaters, strict=True))
        return session

    def talk(self, *arguments, **how) -> None:
        """A handshake, a message of each end, and the end."""
        session = self.upgrade(*arguments, **how)
        session.message("client", "hello")
        session.message("server", "hello yourself")
        session.bye()

    def contested(self) -> "Dialogue":
        """All of it is there, with other bytes beside it: the first copy counts, and nobody knows what arrived."""
        for session in self.sessions:
            session.is_contested = True
        return self

    def _note(self, session: Session, party: str, violations: tuple[tuple[str, str], ...]) -> None:
        for code, culprit in violations:
            if culprit == party:
                session.violates(code, party)


def chat() -> Dialogue:
    """A page, then a session with something of everything; some of it takes several segments."""
    dialogue = Dialogue()
    dialogue.exchange(http.get("/"), http.ok(b"<p>chat</p>"))
    session = dialogue.upgrade()
    session.message("client", "Gr\u00fc\u00dfe")
    session.message("server", "welcome", cuts=(3,))
    session.message("server", bytes(range(256)) * 12)
    session.ping("server", b"?")
    session.pong("client", b"?")
    session.message("client", "x" * 3000)
    return session.bye()


def numbered() -> Dialogue:
    """Three messages of the server, one of them longer than a packet of 400 bytes, and one of the client."""
    dialogue = Dialogue()
    session = dialogue.upgrade()
    session.message("server", "one")
    session.message("server", "two " * 150)
    session.message("server", "three")
    session.message("client", "four")
    return session.bye()


def short(closes: bool = True) -> Dialogue:
    dialogue = Dialogue()
    session = dialogue.upgrade()
    session.message("client", "a")
    session.message("server", "b" * 200)
    return session.bye() if closes else dialogue


def _start_line(request: bytes) -> tuple[str, str, str]:
    lines = request.lstrip(b"\r\n").replace(b"\r\n", b"\n").split(b"\n")
    parts = lines[0].decode("latin-1").split(" ")
    return (parts[0], parts[1] if len(parts) > 1 else "", parts[2] if len(parts) > 2 else "")
