"""`python -m scripts.new FOLDER --logs LOGS`: make a folder for a site of your own.

The folder gets copies of the logs with stand-ins for what is private, the questions that the logs leave open, room for
your remarks and pages, and what publishes it. FOLDER is new or empty. The logs are only read.

Exit status: 0 the folder is there, 1 a log was refused or there is none, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import INSTALLED, THEME, TOOL
from .add_log import take
from .logs.author import DECLARED
from .logs.catalog import load
from .logs.load import load_log
from .options import counted
from .options import parser as command_parser
from .reader import printable
from .report import words
from .report.findings import listed
from .report.questions import ask
from .report.results import Results, collect
from .report.system import known_systems
from .store.files import write
from .tool_copy import NoCopy, tool_copy

STARTER = THEME.parent / "starter"
RAW_LOGS, COPIES = "raw_logs", "tool"
# What the words of a system's question have where it is one of the homework.
HOMEWORK = "[homework of "
_ADDRESS = re.compile(r"(?:git\+)?(?:https|ssh)://[^\s#]+")
_HELP_OF_TOOL = "where the site's requirements.txt installs this tool from (else from a copy in its folder tool/)"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    folder: Path = options.folder
    reason = _refused(folder, options.logs) or _no_address(options.tool)
    if reason:
        print(f"error: {printable(reason)}", file=sys.stderr)
        return 2
    was_there = folder.exists()
    try:
        for name, content in starter(options.title or folder.resolve().name, options.tool):
            write(folder / name, content)
    except NoCopy as error:
        print(f"error: {error}; name the address of the tool with --tool", file=sys.stderr)
        return 1
    every = take(options.logs, folder / RAW_LOGS, options.author)
    results = collect([load_log(entry, folder / RAW_LOGS) for entry in load(folder / RAW_LOGS)])
    if not results.runs:
        _take_back(folder, was_there=was_there)
        print(f"error: {printable(str(folder))}: not made, because no log was added", file=sys.stderr)
        return 1
    _say(folder, results, ask(folder / RAW_LOGS))
    return 0 if every else 1


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("new", __doc__, "mysite --logs logs/", "mysite --logs monday.log --author me")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="the folder of the site: new or empty")
    parser.add_argument("--logs", type=Path, nargs="+", required=True, metavar="LOGS", help="logs, or folders of logs")
    parser.add_argument("--author", default="", help="your public handle: the site names it as the author of the runs")
    parser.add_argument("--title", default="", help="the title of the site (the name of the folder)")
    parser.add_argument("--tool", default="", metavar="ADDRESS", help=_HELP_OF_TOOL)
    return parser


def _refused(folder: Path, logs: Sequence[Path]) -> str:
    """Return why the folder cannot be made; an empty text if it can."""
    place = Path(os.path.realpath(folder))
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        return f"{folder}: is not an empty folder; name a new one"
    if place.is_relative_to(TOOL):
        return f"{folder}: belongs to the tool; name another folder"
    inside = next((path for path in logs if path.is_dir() and place.is_relative_to(os.path.realpath(path))), None)
    return f"{folder}: lies in the logs, {inside}; name another folder" if inside else ""


def _no_address(tool: str) -> str:
    """Return why pip cannot install from an address; an empty text if it can, or if there is none."""
    if not tool or _ADDRESS.fullmatch(tool):
        return ""
    return f"--tool {tool}: not an address; allowed: https://… of a wheel, or git+https://… of a repository"


def _take_back(folder: Path, *, was_there: bool) -> None:
    """Remove what was made in a folder that was new or empty."""
    shutil.rmtree(folder)
    if was_there:
        folder.mkdir()


def starter(title: str, tool: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield the files that a new site begins with, which are its owner's from then on.

    `tool` is the address that the tool is installed from. Without one, a copy of the tool is among the files.
    """
    name, content = ("", b"") if tool else tool_copy()
    requirement = f"testbed-report[report] @ {tool}" if tool else f"./{COPIES}/{name}[report]"
    if name:
        yield f"{COPIES}/{name}", content
    for path in sorted(STARTER.rglob("*")):
        if path.is_file():
            name = path.relative_to(STARTER).as_posix()
            text = path.read_text(encoding="utf-8").replace("@REQUIREMENT@", requirement)
            shown = json.dumps(title, ensure_ascii=False) if name == "mkdocs.yml" else printable(title)
            yield name, text.replace("@TITLE@", shown).encode()


def _say(folder: Path, results: Results, asked: int) -> None:
    """Say what is there now, and what to do next."""
    shown = printable(str(folder))
    print(f"{shown}: {counted(len(results.logs), 'log')}, {counted(len(results.runs), 'run')}")
    if without := list(_without_run(results)):
        print(f"no run of {listed(without)}: `testbed-report explain FILE` says why a log of theirs was skipped")
    if asked:
        questions = counted(asked, "question")
        print(f"{shown}/{RAW_LOGS}/{DECLARED}: {questions} that the logs leave open; answer what you know")
    print(f"{shown}/{RAW_LOGS}: the names of the logs become public addresses; no name should say who you are")
    serve = f"cd {shown} && testbed-report serve" if INSTALLED else f"python -m testbed_report -C {shown} serve"
    print(f"next: {serve}")


def _without_run(results: Results) -> Iterator[str]:
    """Yield the systems of the homework that none of the logs has a run of."""
    for name in known_systems():
        if HOMEWORK in words.of_system(name).get("question", "") and not results.of(name):
            yield name


if __name__ == "__main__":
    sys.exit(main())
