"""Where a configuration listens and whom it calls, as far as the oracle has to know: a look at the words, no parser."""

import ipaddress
import re

Address = tuple[str, int]

_COMMENT = re.compile(r"(?m)(^|\s)#.*$")
_LISTEN = re.compile(r"\blisten\s+([^;\s]+)")
_CALLED = re.compile(r"\bproxy_pass\s+[\"']?https?://([^/;\s\"'$]+)|\bserver\s+[\"']?([\d\[][^;\s\"']*)")


def listeners(configuration: str) -> list[Address]:
    """The TCP listeners that a client on this machine can reach, wildcards as 127.0.0.1."""
    found = []
    for text in _LISTEN.findall(_COMMENT.sub("", configuration)):
        if text.startswith("unix:"):
            continue
        host, port = _split(text if not text.isdigit() else f"*:{text}", 80)
        host = {"*": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        found.append((host, port))
    return list(dict.fromkeys(found)) or [("127.0.0.1", 80)]


def backends(configuration: str) -> list[Address]:
    """The literal addresses behind `proxy_pass` and in `upstream` blocks."""
    found = []
    for passed, server in _CALLED.findall(_COMMENT.sub("", configuration)):
        host, port = _split(passed or server, 80)
        try:
            found.append((str(ipaddress.ip_address(host)), port))
        except ValueError:
            if host == "localhost":
                found.append(("127.0.0.1", port))
    return list(dict.fromkeys(found))


def text_of(address: Address) -> str:
    host, port = address
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _split(text: str, default_port: int) -> Address:
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = rest.lstrip(":")
    else:
        host, _, port = text.partition(":")
    return host, int(port) if port.isdigit() else default_port
