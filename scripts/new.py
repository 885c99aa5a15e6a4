"""`python -m scripts.new FOLDER --logs LOGS`: a folder for a site of your own, which you can publish.

It gets copies of the logs with stand-ins for what is private, the questions that the logs leave open, room for your
remarks and pages, and what publishes it. FOLDER is new or empty. The logs are only read.

Exit status: 0 the folder is there, 1 a log was refused or there is none, 2 bad usage.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from . import THEME, TOOL
from .add_log import take
from .logs.catalog import load
from .logs.load import load_log
from .options import command
from .options import parser as command_parser
from .reader import printable
from .report.results import ReportRun, Results, collect
from .report.system import Question, System, known_systems
from .store.files import write
from .tool_copy import NoCopy, tool_copy

STARTER = THEME.parent / "starter"
RAW_LOGS, DECLARED, COPIES = "raw_logs", "declared.toml", "tool"
_ADDRESS = re.compile(r"(?:git\+)?(?:https|ssh)://[^\s#]+")
_HELP_OF_TOOL = "where the site's requirements.txt installs this tool from (else from a copy in its folder tool/)"
_ASKED = """\
# What you know and the logs do not state. Without these answers, the site compares the runs below with no others.
# To answer: write the value, remove the # before the lines of the run, and build again. Each value shows as declared,
# with its source.
"""
_NOTHING = """\
# What you know and the logs do not state. The logs of this site leave no question open.
# README.md of Testbed Report shows how to declare a value all the same.
"""


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
    asked = list(questions(results))
    write(folder / RAW_LOGS / DECLARED, declared(asked).encode())
    _say(folder, results, asked)
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


def questions(results: Results) -> Iterator[tuple[ReportRun, Question]]:
    """Yield the runs that a question of their system is about, and which do not state the setting that it varies."""
    for system in known_systems().values():
        for run in results.of(system.name):
            question = _question(system, run)
            if question is not None and not run.stated(question.setting.name):
                yield run, question


def _question(system: System, run: ReportRun) -> Question | None:
    return None if run.word("stage") == "compile" else system.question(run.stated("workload"))


def declared(asked: Iterable[tuple[ReportRun, Question]]) -> str:
    """Return the text of `declared.toml` with the questions, each as the lines of its answer."""
    of_log: dict[str, list[tuple[ReportRun, Question]]] = {}
    for run, question in asked:
        of_log.setdefault(run.entry.path, []).append((run, question))
    return "\n".join([_ASKED if of_log else _NOTHING, *(_of_log(path, runs) for path, runs in of_log.items())])


def _of_log(path: str, asked: Sequence[tuple[ReportRun, Question]]) -> str:
    lines = ["# [[log]]", f"# path = {json.dumps(path)}", "#"]
    for run, question in asked:
        name = question.setting.name
        lines += [
            f"# Which {name.replace('_', ' ')} had run {run.run.ordinal}{_known_by(run, question)}?",
            "# [[log.declared]]",
            f"# run = {run.run.ordinal}",
            f"# name = {json.dumps(name)}",
            '# value = ""',
            '# source = "my notes of the day"',
            "#",
        ]
    return "\n".join(lines) + "\n"


def _known_by(run: ReportRun, question: Question) -> str:
    """Return what tells a run from others of its log: its lines and its result."""
    result = run.word(question.metric, question.device)
    of_result = f", {question.metric.replace('_', ' ')} {result}" if result else ""
    return f" (lines {run.run.first_line} to {run.run.last_line}{of_result})"


def _say(folder: Path, results: Results, asked: Sequence[object]) -> None:
    """Say what is there now, and what to do next."""
    shown = printable(str(folder))
    print(f"{shown}: {len(results.logs)} logs, {len(results.runs)} runs")
    if asked:
        print(f"{shown}/{RAW_LOGS}/{DECLARED}: {len(asked)} questions that the logs leave open; answer what you know")
    print(f"next: cd {shown} && {command('serve')}")


if __name__ == "__main__":
    sys.exit(main())
