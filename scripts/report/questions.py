"""What the logs of a site leave open, as questions to their author in `raw_logs/declared.toml`.

A question is about a setting that an exercise varies and that a log does not state. It is written as the lines of its
answer, each after a `#`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ..logs.author import DECLARED
from ..logs.catalog import load
from ..logs.load import load_log
from ..store.files import write
from ..store.structured import text_of
from .results import ReportRun, collect
from .system import Question, system_of

ASKED = """\
# What you know and the logs do not state. Without these answers, the site cannot compare the runs below with others.
# To answer: write the value, remove the # before [[log]], its path and the lines of the answer, and build again.
# Each value shows as declared, with its source.
"""
NOTHING = """\
# What you know and the logs do not state. The logs of this site leave no question open.
# To declare a value all the same, write such lines without the # and build again. docs/glossary.md has the names.
#
# [[log]]
# path = "graphcore/monday.log"
#
# [[log.declared]]
# run = 1
# name = "learning_rate"
# value = "0.05"
# source = "my notes of the day"
"""


class Open(NamedTuple):
    """A run, and the questions of its system whose settings its log does not state."""

    run: ReportRun
    questions: Sequence[Question]


def ask(folder: Path) -> int:
    """Write the questions about the logs of a folder; return how many are new.

    Questions about logs that the file names already stay as they are, answered or not.

    Raises
    ------
    Broken
        If the catalog or the file cannot be used.
    OSError
        If the file cannot be written.
    """
    path = folder / DECLARED
    before = text_of(path) if path.exists() else NOTHING
    answered = before.replace(NOTHING, "")
    new = [of for of in open_questions(folder) if _path(of.run.entry.path) not in answered]
    head = before.replace(NOTHING, ASKED) if new else before
    write(path, "\n".join([head, *_by_log(new)]).encode())
    return sum(len(of.questions) for of in new)


def open_questions(folder: Path) -> list[Open]:
    """Return the runs of a folder's logs about which there are questions, log by log and in their order there."""
    runs = collect([load_log(entry, folder) for entry in load(folder)]).runs
    opened = [Open(run, _unstated(run)) for run in sorted(runs, key=lambda run: (run.entry.path, run.run.ordinal))]
    return [of for of in opened if of.questions]


def _unstated(run: ReportRun) -> list[Question]:
    """Return the questions about a run whose setting is not stated, each setting once."""
    if run.word("stage") == "compile":
        return []
    asked = (question for question in system_of(run.system).questions if question.about(run.stated("workload")))
    return list({of.setting.name: of for of in asked if not run.stated(of.setting.name)}.values())


def _by_log(asked: Sequence[Open]) -> Iterator[str]:
    """Yield the text of the questions about each log."""
    for path in dict.fromkeys(of.run.entry.path for of in asked):
        lines = ["# [[log]]", f"# {_path(path)}", "#"]
        lines += [line for of in asked if of.run.entry.path == path for line in _of_run(of)]
        yield "\n".join(lines) + "\n"


def _path(path: str) -> str:
    return f"path = {json.dumps(path)}"


def _of_run(of: Open) -> Iterator[str]:
    for question in of.questions:
        name = question.setting.name
        yield f"# Which {name.replace('_', ' ')} had run {of.run.run.ordinal}{_known_by(of.run, question)}?"
        yield "# [[log.declared]]"
        yield f"# run = {of.run.run.ordinal}"
        yield f"# name = {json.dumps(name)}"
        yield '# value = ""'
        yield '# source = "my notes of the day"'
        yield "#"


def _known_by(run: ReportRun, question: Question) -> str:
    """Return what tells a run from others of its log: its lines and its result."""
    first, last = run.run.first_line, run.run.last_line
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    result = run.word(question.metric, question.device)
    of_result = f", {question.metric.replace('_', ' ')} {result}" if result else ""
    return f" ({lines}{of_result})"
