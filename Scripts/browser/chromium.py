"""Headless Chromium: the document of a page after its script ran, its console, and what it asked the network for."""

import http.server
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

#: What the browser itself asks for, whatever page it shows.
OWN_HOSTS = (".google.com", ".googleapis.com", ".gvt1.com")
TIME_LIMIT = 60


@dataclass
class Shown:
    document: str
    console: list[str]
    requests: list[str]


class Chromium:
    """A browser whose only way out is a proxy of ours, which answers nothing and notes everything."""

    def __init__(self, program: str, folder: Path):
        self.program = program
        self.folder = folder
        self.requests: list[str] = []
        self.proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), self._handler())

    @classmethod
    def found(cls, folder: Path) -> "Chromium | None":
        program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
        return cls(program, folder) if program else None

    @property
    def version(self) -> str:
        ran = subprocess.run([self.program, "--version"], capture_output=True, text=True, timeout=TIME_LIMIT)
        return " ".join(ran.stdout.split()[:2])

    def __enter__(self) -> "Chromium":
        threading.Thread(target=self.proxy.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.proxy.shutdown()
        self.proxy.server_close()

    def open(self, address: str) -> Shown:
        self.requests.clear()
        options = [
            # Containers and continuous integration run as root, which has no sandbox of Chromium's.
            "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            f"--user-data-dir={self.folder / 'profile'}",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
            f"--proxy-server=http://127.0.0.1:{self.proxy.server_address[1]}", "--proxy-bypass-list=<-loopback>",
            "--enable-logging=stderr", "--dump-dom",
        ]  # fmt: skip
        ran = subprocess.run(
            [self.program, *options, address], capture_output=True, text=True, timeout=TIME_LIMIT, check=False
        )
        return Shown(ran.stdout, re.findall(r"CONSOLE\S* (.*)", ran.stderr), list(self.requests))

    def _handler(self) -> type[http.server.BaseHTTPRequestHandler]:
        requests = self.requests

        class Handler(http.server.BaseHTTPRequestHandler):
            def note(self) -> None:
                host = urlsplit(self.path).hostname or self.path.partition(":")[0]
                if not host.endswith(OWN_HOSTS):
                    requests.append(self.path)
                self.send_error(404)

            do_GET = do_HEAD = do_POST = do_PUT = do_OPTIONS = do_CONNECT = note

            def log_message(self, *_: object) -> None:
                pass

        return Handler
