"""A stand-in for an OpenAI-compatible endpoint: streams answers of made-up words, and remembers what it was asked."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "a-key-that-nobody-may-see"
WORDS = ("The", " tide", " turns", ".")


class Standing(ThreadingHTTPServer):
    """An endpoint. `fault` names what it does wrong; `most` is how many requests were open at once, at most."""

    def __init__(self, fault: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault, self.asked, self.open, self.most = fault, list[dict[str, Any]](), 0, 0
        self.keys, self.lock = set[str](), threading.Lock()

    @property
    def address(self) -> str:
        """What OPENAI_BASE_URL is to be."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Standing

    def do_POST(self) -> None:  # the name is the library's
        """Answer a request."""
        server = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.lock:
            server.asked.append(body)
            server.keys.add(self.headers["Authorization"] or "")
            server.open += 1
            server.most = max(server.most, server.open)
        try:
            self._answer(server.fault)
        finally:
            with server.lock:
                server.open -= 1

    def _answer(self, fault: str) -> None:
        if self.path != "/v1/chat/completions":
            self.send_error(404)
        elif fault == "busy" and "lift" in str(self.server.asked[-1]):
            self.send_error(429, f"Too many for {KEY} at 127.0.0.1")
        elif fault == "elsewhere":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
            self.end_headers()
        else:
            self._stream(fault)

    def _stream(self, fault: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self._piece({"choices": [{"delta": {"role": "assistant", "content": ""}}]})
        if fault == "error":
            self._piece({"error": {"message": f"no {KEY}"}})
        for word in () if fault == "silent" else WORDS:
            time.sleep(0.01)
            self._piece({"choices": [{"delta": {"content": word}}]})
        if fault != "uncounted":
            self._piece({"choices": [], "usage": {"completion_tokens": len(WORDS)}})
        if fault != "cut":
            self.wfile.write(b"data: [DONE]\n\n")

    def _piece(self, piece: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(piece)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def endpoint(fault: str = "") -> Iterator[Standing]:
    """Serve while the block lasts."""
    with Standing(fault) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
