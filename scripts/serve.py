"""`python -m scripts.serve`: build, show the site, and build again when a log, the catalog, a page or the code changes.

MkDocs watches the pages and reloads the browser; this watches what the pages are made from. A build writes only what
changes, and what it writes itself does not set it off again.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
from pathlib import Path
from queue import Empty, SimpleQueue

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from scripts.build import MANIFEST
from scripts.catalog import DOCS, RAW_LOGS, ROOT

WATCHED = (RAW_LOGS, DOCS, ROOT / "parsers", ROOT / "scripts")
_CHANGES = ("created", "deleted", "modified", "moved")
# An editor saves in several steps; a build waits until nothing has changed for this long.
_QUIET_SECONDS = 0.2


class Changes(FileSystemEventHandler):
    """Puts the path of each change that calls for a build into a queue."""

    def __init__(self, queue: SimpleQueue[Path]) -> None:
        self._queue = queue

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Note a change."""
        for name in (event.src_path, event.dest_path):
            path = Path(str(name))
            if name and event.event_type in _CHANGES and not event.is_directory and calls_for_build(path):
                self._queue.put(path)


def calls_for_build(path: Path) -> bool:
    """Return whether a change of a file should set off a build: not the build's own files, no cache, no hidden file."""
    inside = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    if any(part.startswith(".") for part in inside.parts) or path.suffix == ".pyc" or "__pycache__" in path.parts:
        return False
    try:
        made = (DOCS / MANIFEST).read_text(encoding="utf-8").splitlines()
        return path.relative_to(DOCS).as_posix() not in made
    except (FileNotFoundError, ValueError):
        return True


def main(arguments: list[str] | None = None) -> int:
    """Run the command until it is interrupted; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.serve", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="on 127.0.0.1 (default 8000)")
    options = parser.parse_args(arguments)
    if _build() != 0:
        return 1
    queue: SimpleQueue[Path] = SimpleQueue()
    observer = Observer()
    for folder in WATCHED:
        observer.schedule(Changes(queue), str(folder), recursive=True)
    observer.start()
    command = [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{options.port}"]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, it takes MkDocs with it
    shown = subprocess.Popen(command, cwd=ROOT)
    try:
        while shown.poll() is None:
            if _settled(queue):
                _build()
    except KeyboardInterrupt:
        shown.terminate()
    finally:
        observer.stop()
        observer.join()
    return 0 if shown.wait() in (0, -15) else 1


def _settled(queue: SimpleQueue[Path]) -> bool:
    """Wait a moment for changes; return whether there were some and they have come to rest."""
    try:
        queue.get(timeout=0.5)
    except Empty:
        return False
    while True:
        try:
            queue.get(timeout=_QUIET_SECONDS)
        except Empty:
            return True


def _build() -> int:
    """Build in a process of its own, so that changed code takes effect."""
    return subprocess.run([sys.executable, "-m", "scripts.build"], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
