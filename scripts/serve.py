"""`python -m scripts.serve`: build, show the site, and build again when a log, the catalog, a page or the code changes.

A build writes only what changes, and what it writes itself does not set it off again. It runs in a process of its own,
so that changed code takes effect; the libraries it needs are imported before it is asked for.
"""

from __future__ import annotations

import argparse
import multiprocessing
import signal
import sys
from multiprocessing.process import BaseProcess
from pathlib import Path

from scripts import ROOT, fresh
from scripts.catalog import DOCS, RAW_LOGS

WATCHED = (RAW_LOGS, DOCS, ROOT / "parsers", ROOT / "scripts")
# Other people's code, which does not change while the site is served.
_READY = ["pandas", "pyarrow", "regex", "matplotlib.figure", "matplotlib.backends.backend_svg"]


def calls_for_build(path: Path) -> bool:
    """Return whether a file should set off a build: it is not hidden, not compiled, not as the last build left it."""
    inside = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    if any(part.startswith(".") for part in inside.parts) or path.suffix == ".pyc" or "__pycache__" in path.parts:
        return False
    return not fresh.lies_as_noted(path)


def main(arguments: list[str] | None = None) -> int:
    """Run the command until it is interrupted; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.serve", description=__doc__)
    parser.add_argument("--port", type=_port, default=8000, help="on 127.0.0.1 (default 8000)")
    options = parser.parse_args(arguments)
    if build() != 0:
        return 1
    from scripts.preview import Preview

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ended from outside, it leaves nothing behind
    try:
        preview = Preview(options.port, build)
        print(f"{preview.url} shows the site and follows changes; Ctrl-C ends it", flush=True)
        preview.follow(WATCHED, calls_for_build)
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"error: port {options.port}: {error.strerror}; PORT=n takes another", file=sys.stderr)
        return 1
    return 0


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise argparse.ArgumentTypeError(f"{text!r} is no port; a whole number from 1 to 65535 is")
    return int(text)


def build() -> int | None:
    """Build in a process of its own; return its exit status."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        ready = multiprocessing.get_context("forkserver")
        ready.set_forkserver_preload(_READY)
        process: BaseProcess = ready.Process(target=_build)
    else:
        process = multiprocessing.get_context("spawn").Process(target=_build)
    process.start()
    process.join()
    return process.exitcode


def _build() -> None:
    from scripts.build import main as build_here

    sys.exit(build_here([]))


if __name__ == "__main__":
    sys.exit(main())
