"""Logs on web servers that are slow, broken or hostile; the servers are this test's own, on the loopback."""

from __future__ import annotations

import gzip
import threading
import time
import tracemalloc
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from parsers.__main__ import main
from parsers.facts import Reading
from parsers.many import sources, web
from parsers.many.sources import read_source
from parsers.many.sources import sources as found
from parsers.reading import readings
from tests.parsers.samples import CASES, case

LOG = case("groq_proof_point")
BOMB = gzip.compress(b"a" * (64 << 20))


class Hostile(BaseHTTPRequestHandler):
    """A server whose every path does something else."""

    # How much of an endless body a client took.
    sent = 0

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer as the first word of the path says."""
        name = self.path.strip("/").split("/")[0]
        getattr(self, f"send_{name}", self.send_missing)()

    def _send(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for header, value in headers.items():
            self.send_header(header.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_missing(self) -> None:
        self._send(404)

    def send_error500(self) -> None:
        self._send(500)

    def send_forbidden(self) -> None:
        self._send(403)

    def send_loop(self) -> None:
        self._send(302, Location=self.path)

    def send_once(self) -> None:
        self._send(302, Location="../log")

    def send_log(self) -> None:
        self._send(200, LOG)

    def send_packed(self) -> None:
        self._send(200, gzip.compress(LOG), Content_Encoding="gzip")

    def send_bomb(self) -> None:
        self._send(200, BOMB, Content_Encoding="gzip")

    def send_damaged(self) -> None:
        self._send(200, b"not gzip at all", Content_Encoding="gzip")

    def send_short(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"few")

    def send_endless(self, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Location", "/log")
        self.end_headers()
        try:
            while Hostile.sent < 1 << 28:
                self.wfile.write(b"a" * (1 << 16))
                Hostile.sent += 1 << 16
        except OSError:  # the client has had enough
            pass

    def send_moved(self) -> None:
        self.send_endless(302)

    def send_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b"a")
                time.sleep(0.05)
        except OSError:
            pass

    def send_silent(self) -> None:
        time.sleep(1)

    def send_nonsense(self) -> None:
        self.wfile.write(b"\x1b[2J nonsense\r\n\r\n")


def serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    Hostile.sent = 0
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def server() -> Iterator[str]:
    yield from serve(Hostile)


def reading(address: str) -> Reading:
    (source,) = found([address])
    (only,) = read_source(source.name)
    assert only.log == address
    return only


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("missing", "no such file or folder"),
        ("error500", "cannot be read (the server answers HTTP 500, Internal Server Error)"),
        ("error500/", "cannot be read (the server answers HTTP 500, Internal Server Error)"),
        ("forbidden", "cannot be read (the server answers HTTP 403, Forbidden)"),
        ("loop", "cannot be read (the server redirects in a loop, or more than 30 times)"),
        ("loop/", "cannot be read (the server redirects in a loop, or more than 30 times)"),
        ("damaged", "incorrect header check"),
        ("short", "IncompleteRead(3 bytes read, 997 more expected)"),
        ("nonsense", r"\x1b[2J nonsense"),
    ],
)
def test_what_a_server_does_wrong_is_named(server: str, path: str, reason: str) -> None:
    only = reading(f"{server}/{path}")
    assert not only.runs
    assert reason in only.reason
    assert only.reason.isprintable()


@pytest.mark.parametrize("path", ["log", "packed", "once/x"])
def test_a_log_is_read_as_it_is_compressed_or_after_a_redirect(server: str, path: str) -> None:
    only = reading(f"{server}/{path}")
    (expected,) = readings(CASES / "groq_proof_point.log")
    assert only.runs == expected.runs


def test_no_server_is_said() -> None:
    assert "Connection refused" in reading("http://127.0.0.1:1/log").reason
    assert "cannot be read" in reading("http://[nowhere/").reason


@pytest.mark.parametrize("path", ["endless", "bomb"])
def test_a_body_stops_at_the_size_limit_after_it_is_expanded(
    server: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "SIZE_LIMIT", 1 << 20)
    tracemalloc.start()
    try:
        assert reading(f"{server}/{path}").reason == "larger than 1048576 bytes"
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    assert Hostile.sent < 1 << 26


def test_the_body_of_a_redirect_is_not_read(server: str) -> None:
    assert len(reading(f"{server}/moved").runs) == 1
    assert Hostile.sent < 1 << 26


def test_a_body_that_never_ends_stops_at_the_time_limit(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "TIME_LIMIT", 0.3)
    before = time.monotonic()
    assert reading(f"{server}/drip").reason == "cannot be read (not at its end after 0.3 s)"
    assert time.monotonic() - before < 3


def test_a_silent_server_is_said(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_SILENCE", 0.2)
    assert reading(f"{server}/silent").reason == "cannot be read (the server said nothing for 0.2 s)"


def test_an_endless_folder_page_is_one_file_that_is_not_a_log(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "SIZE_LIMIT", 1 << 20)
    assert reading(f"{server}/endless/").reason == "larger than 1048576 bytes"
    assert Hostile.sent < 1 << 26


class TestFolder:
    """A folder as Python's own server lists it."""

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "logs" / "deep").mkdir(parents=True)
        (tmp_path / "logs" / "empty").mkdir()
        (tmp_path / "logs" / "a&b c.log").write_bytes(LOG)
        (tmp_path / "logs" / "deep" / "prose").write_bytes(b"prose\n")
        (tmp_path / "outside.log").write_bytes(LOG)
        return tmp_path

    @pytest.fixture
    def listed(self, folder: Path) -> Iterator[str]:
        class Listing(SimpleHTTPRequestHandler):
            def __init__(self, *arguments: object) -> None:
                super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing."""

        yield from serve(Listing)

    def test_is_walked_and_read_and_nothing_is_remembered(
        self, listed: str, folder: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        names = [f"{listed}/logs/a%26b%20c.log", f"{listed}/logs/deep/prose"]
        assert [source.name for source in found([f"{listed}/logs/"])] == names
        (folder / "logs" / "a&b c.log").write_bytes(b"prose\n")
        (folder / "logs" / "later.log").write_bytes(LOG)
        assert main(["--format", "csv", f"{listed}/logs/", names[0]]) == 1
        told = capfd.readouterr()
        assert {row.split(",")[0] for row in told.out.splitlines()[1:]} == {f"{listed}/logs/later.log"}
        assert [line.rsplit(": ", 1)[0] for line in told.err.splitlines()] == names

    def test_pages_that_are_not_opened_are_said(self, listed: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(web, "_FOLDERS", 1)
        names = [source.name for source in found([f"{listed}/logs/"])]
        assert names == [f"{listed}/logs/{name}" for name in ("a%26b%20c.log", "deep/", "empty/")]
