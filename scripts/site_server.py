"""A built site on a local port; an open page reloads itself when a new build replaces this one.

Each page gets a short script. Twice a second it asks which build is shown, and whether the last one failed. The server
answers only under its own names (`Host`), so that no other web site can read it through a browser.
"""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

_OWN_NAMES = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?", re.IGNORECASE)
_STATE = "/.state"
_SCRIPT = """<script>
setInterval(async () => {
  const state = await fetch("%(state)s").then((answer) => answer.json()).catch(() => null);
  if (state === null) return;
  if (state.build !== %(build)s) location.reload();
  let box = document.getElementById("build-error");
  if (!state.error) { if (box) box.remove(); return; }
  if (!box) {
    box = document.body.appendChild(document.createElement("pre"));
    box.id = "build-error";
    box.style = "position:fixed;inset:auto 0 0 0;margin:0;padding:1em;max-height:50vh;overflow:auto;z-index:99;" +
      "white-space:pre-wrap;color:#fff;background:#900";
  }
  if (box.textContent !== state.error) box.textContent = state.error;
}, 500);
</script>"""


class SiteServer(ThreadingHTTPServer):
    """Serves the folder `site`, which can be replaced at any time; `error` is what the last build has printed.

    Raises
    ------
    OSError
        If the port is taken.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.site = Path()
        self.error = ""

    @property
    def url(self) -> str:
        """The address of the home page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing about a browser that has gone away."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Answer requests, in threads, as long as the block runs."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield
        finally:
            self.shutdown()


class _Handler(SimpleHTTPRequestHandler):
    server: SiteServer
    timeout = 10  # seconds that a browser may take for its request

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing for each request."""

    def parse_request(self) -> bool:
        """Refuse a request for another host, or with a path that names no file."""
        if not super().parse_request():
            return False
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1 or not _OWN_NAMES.fullmatch(hosts[0].strip()):
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST, "This server answers as 127.0.0.1 and localhost only")
            return False
        if re.search(r"[\x00-\x1f\x7f\ud800-\udfff\ufffd]", unquote(self.path, errors="surrogateescape")):
            self.send_error(HTTPStatus.BAD_REQUEST, "The path is not the name of a page")
            return False
        return True

    def send_head(self) -> BytesIO | BinaryIO | None:
        """Answer with a page and the script, with the state of the build, or with a file as it is."""
        site = self.server.site
        self.directory = str(site)
        if self.path == _STATE:
            state = {"build": site.name, "error": self.server.error}
            return self._answer(HTTPStatus.OK, "application/json", json.dumps(state).encode())
        try:
            return self._file(site, Path(self.translate_path(self.path)))
        except OSError:  # a name that is too long, or a file that another build has just replaced
            return self._page(HTTPStatus.NOT_FOUND, site / "404.html")

    def _file(self, site: Path, path: Path) -> BytesIO | BinaryIO | None:
        of_folder = re.split("[?#]", self.path)[0].endswith("/")
        if path.is_dir() and not of_folder:
            return super().send_head()  # sends the browser to the path with a slash
        page = path / "index.html" if of_folder else path
        if not page.is_file():
            return self._page(HTTPStatus.NOT_FOUND, site / "404.html")
        return self._page(HTTPStatus.OK, page) if page.suffix == ".html" else super().send_head()

    def _page(self, status: HTTPStatus, page: Path) -> BytesIO:
        script = _SCRIPT % {"state": _STATE, "build": json.dumps(self.server.site.name)}
        content = page.read_bytes() if page.is_file() else b"not found"
        return self._answer(status, "text/html; charset=utf-8", content + script.encode())

    def _answer(self, status: HTTPStatus, kind: str, content: bytes) -> BytesIO:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        return BytesIO(content)
