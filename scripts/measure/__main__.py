"""`python -m scripts.measure [PART...]`: measure the project on this machine; all parts if none is named.

- start: what the commands cost before they do anything
- read: reading logs, beside other ways to read them
- build: builds of the site
- serve: from a changed log to the open browser
- jobs: reading in one process and in two
- report: reports on 10, 100 and 1,000 other logs

All files are made in a temporary folder.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from . import browser, builds, jobs, reading, reports, startup
from .commits import is_commit
from .logs import NoLogs, find
from .machine import description
from .process import Failed
from .setting import Setting

PARTS: dict[str, Callable[[Setting], None]] = {
    "start": startup.measure,
    "read": reading.measure,
    "build": builds.measure,
    "serve": browser.measure,
    "jobs": jobs.measure,
    "report": reports.measure,
}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    if options.against and not is_commit(options.against):
        print(f"error: {options.against}: not a commit of this repository", file=sys.stderr)
        return 1
    try:
        with tempfile.TemporaryDirectory() as scratch:
            _measure(options, Path(scratch))
    except (NoLogs, Failed) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _measure(options: argparse.Namespace, scratch: Path) -> None:
    setting = Setting(
        scratch=scratch,
        logs=find(options.source),
        own_logs=options.source is not None,
        size=options.size * 1_000_000,
        small=options.small,
        rounds=options.rounds,
        against=options.against or "",
    )
    print(description(), flush=True)
    for part in options.parts or (["read"] if setting.against else PARTS):
        PARTS[part](setting)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m scripts.measure", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []], help=", ".join(PARTS))
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="read, jobs and report: these logs")
    parser.add_argument("--against", metavar="COMMIT", help="read: only beside the parsers of an older commit")
    parser.add_argument(
        "--size", type=_count, default=130, metavar="MB", help="read and jobs: repeat the logs to this size (130)"
    )
    parser.add_argument(
        "--small", type=_count, default=10_000, metavar="N", help="read: the number of small logs (10000)"
    )
    parser.add_argument("--rounds", type=_count, default=3, metavar="N", help="take the medians of N rounds (3)")
    return parser


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
