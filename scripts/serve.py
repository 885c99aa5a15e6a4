"""`python -m scripts.serve`: build, show the site, and build again when a log, the catalog, a page or the code changes.

A build writes only what changes, and its own files do not start another build. The error of a failed build is shown in
the terminal and in the open page. The site stays as it was until the fault is corrected.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from . import INSTALLED, ROOT, TOOL
from .logs.catalog import DOCS, RAW_LOGS
from .options import parser as command_parser
from .site_server import SiteServer
from .store import fresh

WATCHED = (RAW_LOGS, DOCS, ROOT / "parsers", ROOT / "scripts", ROOT / "mkdocs.yml")
_LOOK_EVERY = 0.2  # seconds
_END_WITHIN = 1.0  # seconds that a build has for cleaning up

# The time of the last change and the size of each file.
Snapshot = Mapping[Path, tuple[int, int]]


def main(arguments: list[str] | None = None) -> int:
    """Run the command until it is stopped; return its exit status."""
    parser = command_parser("serve", __doc__, "", "--port 8001")
    parser.add_argument("--port", type=_port, default=8000, help="on 127.0.0.1 (default 8000)")
    options = parser.parse_args(arguments)
    try:
        server = SiteServer(options.port)
    except OSError as error:
        print(f"error: port {options.port}: {error.strerror}; --port N takes another", file=sys.stderr)
        return 1
    scratch = tempfile.TemporaryDirectory(prefix="site-", ignore_cleanup_errors=True)
    with server, scratch, Builder(Path(scratch.name)) as builder:
        return _serve(server, builder)


def _serve(server: SiteServer, builder: Builder) -> int:
    seen = snapshot(WATCHED)
    if not _build(server, builder):
        return 1
    failed = False
    with server.running():
        print(f"{server.url} shows the site and follows changes; Ctrl-C ends it", flush=True)
        while True:
            time.sleep(_LOOK_EVERY)
            now = snapshot(WATCHED)
            if not calls_for_build(seen, now, after_failure=failed):
                continue
            seen = _settled(now)
            failed = not _build(server, builder)


def _build(server: SiteServer, builder: Builder) -> bool:
    """Build, and show the new site or the error; return whether the build succeeded."""
    before = server.site
    site, printed = builder.build()
    print(printed, end="", flush=True)
    server.error = "" if site else printed
    if site is None:
        return False
    server.site = site
    if before != Path():
        shutil.rmtree(before, ignore_errors=True)
    return True


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port; allowed: a whole number from 1 to 65535")
    return int(text)


def snapshot(places: Iterable[Path]) -> Snapshot:
    """Return the files at these places, without hidden and compiled ones."""
    return {path: stat for folder in places for path, stat in _files(folder)}


def _files(folder: Path) -> Iterator[tuple[Path, tuple[int, int]]]:
    for path in folder.rglob("*") if folder.is_dir() else [folder]:
        inside = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
        if any(part.startswith(".") or part == "__pycache__" for part in inside.parts):
            continue
        try:
            status = path.stat()
        except OSError:  # an editor has removed its own file
            continue
        if path.is_file():
            yield path, (status.st_mtime_ns, status.st_size)


def _settled(now: Snapshot) -> Snapshot:
    """Return the files once no more of them change: an editor may write several."""
    while True:
        time.sleep(_LOOK_EVERY / 2)
        before, now = now, snapshot(WATCHED)
        if before == now:
            return now


def calls_for_build(before: Snapshot, now: Snapshot, *, after_failure: bool) -> bool:
    """Return whether a file differs from what the last build found or left.

    After a failure every change counts, because undoing a fault gives the files of the last good build again.
    """
    changed = [path for path in before.keys() | now.keys() if before.get(path) != now.get(path)]
    return any(after_failure or not fresh.lies_as_noted(path) for path in changed)


class Builder:
    """Builds the site into a new folder below `scratch` each time, in a process that is started in advance."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._start()

    def _start(self) -> None:
        self._site = Path(tempfile.mkdtemp(dir=self._scratch))
        # In a session of its own it does not receive Ctrl-C: this process stops it, and prints the one message.
        self._process = subprocess.Popen(
            [sys.executable, "-m", f"{__package__}.rebuild", str(self._site)],
            cwd=ROOT if INSTALLED else TOOL,
            env=os.environ | {"TESTBED_REPORT_SITE": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )

    def build(self) -> tuple[Path | None, str]:
        """Build; return the folder of the site, or None if the build failed, and what the build printed."""
        site = self._site
        printed, _ = self._process.communicate("build\n")
        succeeded = self._process.returncode == 0
        self._start()
        return (site if succeeded else None), printed

    def __enter__(self) -> Builder:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_END_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                pipe.close()


if __name__ == "__main__":
    sys.exit(main())
