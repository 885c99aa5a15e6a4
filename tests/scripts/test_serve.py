"""`make serve`: what calls for a build, whom the server answers, and that it ends at once and leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts import ROOT, fresh
from scripts.catalog import DOCS
from scripts.serve import calls_for_build, main, snapshot
from scripts.site_server import SiteServer

PAGE = DOCS / "groq.md"


@pytest.mark.parametrize("after_failure", [False, True])
def test_a_changed_file_calls_for_a_build_unless_the_last_build_left_it_so(
    monkeypatch: pytest.MonkeyPatch, *, after_failure: bool
) -> None:
    monkeypatch.setattr(fresh, "lies_as_noted", lambda path: path.name == "index.md")
    before = {PAGE: (1, 10), DOCS / "index.md": (1, 10)}
    assert not calls_for_build(before, before, after_failure=after_failure)
    assert calls_for_build(before, before | {PAGE: (2, 10)}, after_failure=after_failure)
    assert calls_for_build(before, {}, after_failure=after_failure)
    made = before | {DOCS / "index.md": (2, 10)}
    assert calls_for_build(before, made, after_failure=after_failure) is after_failure


def test_hidden_and_compiled_files_are_not_watched(tmp_path: Path) -> None:
    for name in ("a.md", ".a.md.x7", "__pycache__/a.pyc", "inside/b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert {path.name for path in snapshot([tmp_path])} == {"a.md", "b.txt"}


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_what_is_not_a_port_is_bad_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([f"--port={port}"])
    assert stop.value.code == 2
    assert "is not a port; allowed: a whole number from 1 to 65535" in capsys.readouterr().err


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SiteServer]:
    """A server of a small site."""
    site = tmp_path / "site"
    (site / "sub").mkdir(parents=True)
    for name in ("index.html", "sub/index.html"):
        (site / name).write_text(f"<p>{name}</p>")
    (site / "data.csv").write_text("a,b\n")
    (site / "404.html").write_text("<p>no such page</p>")
    (tmp_path / "secret.txt").write_text("outside")
    with SiteServer(0) as made, made.running():
        made.site = site
        yield made


def _get(server: SiteServer, path: str, host: str = "localhost") -> tuple[int, str]:
    with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
        connection.sendall(f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        return answer.status, answer.read().decode()


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        ("/", 200, "index.html"),
        ("/sub/", 200, "sub/index.html"),
        ("/sub", 301, ""),
        ("/data.csv", 200, "a,b\n"),
        ("/nothing", 404, "no such page"),
        ("/../secret.txt", 404, "no such page"),
        ("/%2e%2e/secret.txt", 404, "no such page"),
        ("/%00", 400, ""),
        ("/a%0d%0ab", 400, ""),
        ("/" + "x" * 5000, 404, "no such page"),
    ],
)
def test_each_path_has_an_answer(server: SiteServer, path: str, status: int, text: str) -> None:
    got = _get(server, path)
    assert got[0] == status
    assert text in got[1]
    assert "outside" not in got[1]


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("127.0.0.1:8000", 200),
        ("[::1]:8000", 200),
        ("LOCALHOST", 200),
        ("example.org", 421),
        ("localhost.example.org", 421),
        ("127.0.0.1.nip.io", 421),
        ("", 421),
    ],
)
def test_the_server_answers_under_its_own_names_only(server: SiteServer, host: str, status: int) -> None:
    assert _get(server, "/", host)[0] == status


def test_a_page_asks_which_build_is_shown_and_a_data_file_is_as_it_was_built(server: SiteServer) -> None:
    server.error = "broken"
    assert json.loads(_get(server, "/.state")[1]) == {"build": server.site.name, "error": "broken"}
    assert "/.state" in _get(server, "/")[1]
    assert "/.state" not in _get(server, "/data.csv")[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, in which a build may write."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("docs", "parsers", "raw_logs", "scripts"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", ".lock"))
    shutil.copy(ROOT / "mkdocs.yml", copy)
    return copy


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_two_signals_end_the_server_at_once_and_leave_nothing(
    project: Path, tmp_path: Path, number: signal.Signals
) -> None:
    port = _free_port()
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "scripts.serve", "--port", str(port)]
    with subprocess.Popen(
        command, cwd=project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        shown = next(line for line in process.stdout if "shows the site" in line)
        assert str(port) in shown
        begun = time.monotonic()
        for _ in range(2):
            process.send_signal(number)
        _, errors = process.communicate(timeout=30)
        assert time.monotonic() - begun < 5
    assert (process.returncode, errors) == (128 + number, "stopped\n")
    assert list(tmp_path.glob("site-*")) == []
    socket.create_server(("127.0.0.1", port)).close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
    return port
