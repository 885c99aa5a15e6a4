"""`make serve`: what sets off a build, what the server answers and to whom, and how it ends."""

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
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts import ROOT, serve
from scripts.logs.catalog import DOCS
from scripts.serve import Builder, calls_for_build, main, snapshot
from scripts.site_server import SiteServer
from scripts.store import fresh


@pytest.mark.parametrize(
    ("before", "now", "noted", "after_failure", "builds"),
    [
        ({}, {}, False, True, False),
        ({"a": (1, 1)}, {"a": (1, 1)}, False, True, False),
        ({"a": (1, 1)}, {"a": (2, 1)}, False, False, True),
        ({"a": (1, 1)}, {}, False, False, True),
        ({}, {"a": (1, 1)}, False, False, True),
        ({"a": (1, 1)}, {"a": (2, 1)}, True, False, False),  # the build has written it
        ({"a": (1, 1)}, {"a": (2, 1)}, True, True, True),  # a fault has been taken back
    ],
)
def test_what_calls_for_a_build(
    before: dict[str, tuple[int, int]],
    now: dict[str, tuple[int, int]],
    noted: bool,
    after_failure: bool,
    builds: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fresh, "lies_as_noted", lambda _path: noted)
    places = [{DOCS / name: seen for name, seen in files.items()} for files in (before, now)]
    assert calls_for_build(places[0], places[1], after_failure=after_failure) is builds


def test_hidden_and_compiled_files_are_not_watched(tmp_path: Path) -> None:
    for name in ("page.md", "deep/log.txt", ".page.md.x7", ".staged/page.md", "__pycache__/groq.cpython-311.pyc"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    found = snapshot([tmp_path, tmp_path / "page.md", tmp_path / "none"])
    assert sorted(path.relative_to(tmp_path).as_posix() for path in found) == ["deep/log.txt", "page.md"]


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http"])
def test_what_is_not_a_port_is_bad_usage(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([f"--port={port}"])
    assert stop.value.code == 2
    assert "is not a port; allowed: a whole number from 1 to 65535" in capsys.readouterr().err


def test_a_port_that_is_taken_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert main([f"--port={port}"]) == 1
    assert capsys.readouterr().err == f"error: port {port}: Address already in use; --port N takes another\n"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SiteServer]:
    """A small site that is served."""
    site = tmp_path / "first"
    (site / "groq").mkdir(parents=True)
    for name, text in (("index", "home"), ("groq/index", "Groq"), ("404", "no such page")):
        (site / f"{name}.html").write_text(f"<body>{text}</body>")
    (site / "facts.csv").write_text("log,run\n")
    (tmp_path / "secret.txt").write_text("secret")
    with SiteServer(0) as server:
        server.site = site
        with server.running():
            yield server


def asked(server: SiteServer, path: str, *hosts: str, method: str = "GET") -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    for host in hosts:
        connection.putheader("Host", host)
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "LOCALHOST", "[::1]", "[::1]:80"])
def test_the_server_answers_for_its_own_names(server: SiteServer, host: str) -> None:
    assert asked(server, "/", host)[0] == 200


@pytest.mark.parametrize(
    "hosts",
    [
        (),
        ("",),
        ("example.org",),
        ("127.0.0.1.example.org",),
        ("localhost.example.org:80",),
        ("localhost:x",),
        ("localhost@example.org",),
        ("localhost", "example.org"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/.state", "/facts.csv", "/%00"])
def test_the_server_answers_for_no_other_name(server: SiteServer, hosts: tuple[str, ...], path: str) -> None:
    status, text = asked(server, path, *hosts)
    assert (status, "log,run" in text) == (421, False)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/?x=1", 200),
        ("/groq/", 200),
        ("/groq/#a", 200),
        ("/facts.csv", 200),
        ("/groq", 301),
        ("/none/", 404),
        ("/index.html/", 404),
        ("/../secret.txt", 404),
        ("/%2e%2e/secret.txt", 404),
        ("/..%2fsecret.txt", 404),
        ("/" + "a" * 5000, 404),
        ("/%00", 400),
        ("/a%00.html", 400),
        ("/%0a", 400),
        ("/%7f", 400),
        ("/%ff", 400),
        ("/%ed%a0%80", 400),
    ],
)
def test_every_path_has_an_answer(
    server: SiteServer, path: str, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    for method in ("GET", "HEAD"):
        found, text = asked(server, path, "localhost", method=method)
        assert (found, "secret" in text) == (status, False)
    assert asked(server, "/", "localhost")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_what_is_not_a_request_has_no_traceback(server: SiteServer, capfd: pytest.CaptureFixture[str]) -> None:
    for sent in (b"\xff\xfe\r\n\r\n", b"GET\r\n\r\n", b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b""):
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=10) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1000):
                pass
    assert asked(server, "/", "localhost")[0] == 200
    assert capfd.readouterr() == ("", "")


def test_a_page_knows_its_build_and_learns_of_another(server: SiteServer, tmp_path: Path) -> None:
    assert '!== "first") location.reload()' in asked(server, "/groq/", "localhost")[1]
    assert json.loads(asked(server, "/.state", "localhost")[1]) == {"build": "first", "error": ""}
    server.site = Path(shutil.move(server.site, tmp_path / "second"))
    server.error = "error: docs/groq.md: <broken>"
    assert json.loads(asked(server, "/.state", "localhost")[1]) == {"build": "second", "error": server.error}
    status, text = asked(server, "/none/", "localhost")
    assert (status, '"second"' in text, "no such page" in text) == (404, True, True)


class Told:
    """A builder that gives what it is told to give."""

    def __init__(self, *results: tuple[Path | None, str]) -> None:
        self.results = list(results)

    def build(self) -> tuple[Path | None, str]:
        return self.results.pop(0)


def test_a_broken_page_is_shown_and_the_site_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sites = [tmp_path / name for name in ("one", "two")]
    for site in sites:
        site.mkdir()
    told = Told((sites[0], "fine\n"), (None, "error: docs/groq.md: broken\n"), (sites[1], "fine\n"))
    with SiteServer(0) as server:
        seen = []
        for _ in range(3):
            succeeded = serve._build(server, told)  # type: ignore[arg-type]
            seen.append((succeeded, server.site.name, server.error))
    assert seen == [(True, "one", ""), (False, "one", "error: docs/groq.md: broken\n"), (True, "two", "")]
    assert [site.exists() for site in sites] == [False, True]
    assert capsys.readouterr().out == "fine\nerror: docs/groq.md: broken\nfine\n"


def test_a_builder_that_is_not_needed_any_more_ends(tmp_path: Path) -> None:
    with Builder(tmp_path) as builder:
        process = builder._process
        assert process.poll() is None
    assert process.returncode is not None


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a build reads and writes: no test builds in the checkout."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("docs", "parsers", "raw_logs", "scripts"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "mkdocs.yml", copy)
    return copy


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def served(project: Path, port: int, scratch: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.serve", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        cwd=project,
        env=os.environ | {"TMPDIR": str(scratch)},
        start_new_session=True,
    )


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end, "nothing has happened for a minute"
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("pause", [0.0, 0.001, 0.01])
@pytest.mark.parametrize("delay", [0.3, 1.5])
def test_two_quick_signals_end_it_and_leave_nothing(
    project: Path, number: signal.Signals, pause: float, delay: float, tmp_path: Path
) -> None:
    port = free_port()
    process = served(project, port, tmp_path)
    wait_until(lambda: any(tmp_path.iterdir()))  # it begins to build
    time.sleep(delay)
    begun = time.monotonic()
    os.killpg(process.pid, number)
    time.sleep(pause)
    if process.poll() is None:
        os.killpg(process.pid, number)
    _, message = process.communicate(timeout=10)
    assert (process.returncode, message) == (128 + number, "stopped\n")
    assert time.monotonic() - begun < 2
    assert list(tmp_path.iterdir()) == []
    with socket.create_server(("127.0.0.1", port)):
        pass  # the port is free


def test_a_change_is_shown_and_a_broken_page_is_shown_as_an_error_until_it_is_mended(
    project: Path, tmp_path: Path
) -> None:
    port, page = free_port(), project / "docs" / "method.md"
    process = served(project, port, tmp_path)

    def get(path: str) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        except (ConnectionError, TimeoutError):  # it is still building
            return ""
        finally:
            connection.close()

    try:
        wait_until(lambda: "Method" in get("/method/"))
        whole = page.read_bytes()
        page.write_bytes(whole + b"\nA sentence that was added.\n")
        wait_until(lambda: "A sentence that was added." in get("/method/"))
        changed = page.read_bytes()
        page.write_bytes(changed + b"\xff\n")
        wait_until(lambda: "method.md: not UTF-8" in json.loads(get("/.state"))["error"])
        assert "A sentence that was added." in get("/method/")
        page.write_bytes(changed)  # as the last build left it
        wait_until(lambda: json.loads(get("/.state"))["error"] == "")
        page.write_bytes(whole)
        wait_until(lambda: "A sentence that was added." not in get("/method/"))
    finally:
        process.terminate()
        _, message = process.communicate(timeout=10)
    assert (process.returncode, message) == (143, "stopped\n")
