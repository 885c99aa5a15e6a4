"""`python -m scripts.new_system NAME LOG...`: write a first dialect of an unknown system.

It is made from the lines that are not understood. `parsers/dialects/NAME.py` has a shape for each kind of line.
`tests/parsers/cases/NAME.log` has the first line of each kind as a case. Both are a beginning: name the numbers, and
delete what says nothing. `--check NAME` says what is wrong with the dialect, and writes the facts of the case beside
it.

The installed command writes `dialects/NAME.py` and `cases/NAME.log` into the current folder instead.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from . import INSTALLED, ROOT
from .options import command
from .options import parser as command_parser
from .reader import (
    BY_NAME,
    TERMS,
    Dialect,
    DialectFault,
    NotALog,
    Reading,
    add_dialects,
    check_examples,
    contents,
    facts_table,
    known_dialects,
    parse_covered,
    printable,
    write_csv,
)

DIALECTS, CASES = ROOT / "parsers" / "dialects", ROOT / "tests" / "parsers" / "cases"
if INSTALLED:  # the dialect is the user's own, and no part of the package
    DIALECTS, CASES = ROOT / "dialects", ROOT / "cases"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
# What is printed before a line of a log and says nothing about it.
_STAMP = re.compile(r"^\W*\d{4}-\d\d-\d\d[T ][\d:.,]+Z?\W*")
_NUMBER = re.compile(
    r"(?<![\w.])(?:(?P<clock>\d{1,4}(?::\d\d){1,2})|(?P<version>\d+\.\d+\.\d[\w.+]*)|(?P<int>\d+)(?![\w.]|\.\d)"
    r"|[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?!\w)"
)
_WORDS_BEFORE = re.compile(r"(?P<words>[A-Za-z_]+(?:[ _-][A-Za-z_]+)?)[\s:=\"'|\[(]*$")
_UNIT_BEHIND = re.compile(r"^\s?(?P<unit>[A-Za-z]+/s)\b")
_RATES = {term.unit: term.name for term in TERMS if term.name in ("throughput", "token_throughput")}
_SHORTEST = 3  # letters that a template begins with, for which a log is searched
_MOST = 60  # shapes


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    name = options.name.lower()
    if not _NAME.fullmatch(name):
        return _refused(f"{options.name!r} is not a name of a Python file; allowed are letters, digits and _")
    dialect, case = DIALECTS / f"{name}.py", CASES / f"{name}.log"
    try:
        if options.check:
            return _check(name, dialect, case)
        if dialect.exists() or case.exists():
            return _refused(f"{_near(dialect if dialect.exists() else case)} is there already")
        lines = _unknown(options.logs)
    except (DialectFault, NotALog) as error:
        return _refused(str(error))
    if not lines:
        return _refused("every line of these logs is understood already")
    for path in (dialect, case):
        path.parent.mkdir(parents=True, exist_ok=True)
    dialect.write_text(_source(options.name, lines), encoding="utf-8")
    case.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{_near(dialect)}: name its numbers, and delete the lines that say nothing of a run")
    print(f"{_near(case)}: make it a short log of your own; the facts that it must give are written by")
    print(f"  {command('new_system')} --check {options.name}")
    if INSTALLED:
        print(f"{_near(dialect)}: logs are read with it by testbed-report read --dialect {_near(dialect)} LOG")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("new_system", __doc__, "mysystem run.log", "--check mysystem")
    parser.add_argument("name", metavar="NAME", help="the system's name")
    parser.add_argument("logs", nargs="*", type=Path, metavar="LOG", help="logs of it")
    parser.add_argument("--check", action="store_true", help="check what was written, and write the case's facts")
    return parser


def _refused(reason: str) -> int:
    print(f"error: {printable(reason)}", file=sys.stderr)
    return 1


def _near(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _unknown(logs: list[Path]) -> list[str]:
    """Return the first line of each shape that is not understood in the logs, in their order."""
    firsts: dict[str, str] = {}
    for log in logs:
        try:
            _, covered = parse_covered(contents(log))
        except NotALog as error:
            raise NotALog(f"{log}: {error}") from None
        firsts |= {shape: line.rstrip() for shape, line in covered.firsts.items() if shape not in firsts}
    return list(firsts.values())[:_MOST]


def _source(name: str, lines: list[str]) -> str:
    """Return the Python text of a dialect that reads the lines."""
    templates = list(dict.fromkeys(filter(None, map(template, lines))))
    sign = re.sub(r"[^ -~]", "", templates[0].partition("{")[0]) if templates else name
    first, *others = templates or [""]
    shapes = [_shape(first, ", OPENS"), *(_shape(text, ", series=True" if "{step" in text else "") for text in others)]
    return "\n".join(
        [
            f'"""{name}: what its programs print."""',
            "",
            "from __future__ import annotations",
            "",
            f"from {'testbed_report' if INSTALLED else '.'}.grammar import OPENS, Dialect, Shape, line",
            "",
            "DIALECT = Dialect(",
            f"    system={json.dumps(name)},",
            f"    signs=(b{json.dumps(sign)},),",
            "    shapes=(",
            *shapes,
            "    ),",
            ")",
            "",
        ]
    )


def _shape(text: str, field: str) -> str:
    return f"        Shape(line({json.dumps(text, ensure_ascii=False)}){field}),"


def template(line: str) -> str:
    """Return a line as a template: numbers become holes, with a name if the glossary knows the words beside them.

    A line that has no text to search for gives nothing.

    >>> template("2024-05-01 10:00:00,250 INFO: batch size 16, 40.5 samples/s in 8.0 s {x}")
    'INFO: batch size {batch_size:int}, {throughput} samples/s in {:number} s {{x}}'
    """
    text = _STAMP.sub("", line.strip())
    parts: list[str] = []
    end, names = 0, Counter[str]()
    for number in _NUMBER.finditer(text):
        parts.append(_escaped(text[end : number.start()]))
        name = _name_of(text, number)
        names[name] += 1
        parts.append(_hole("" if names[name] > 1 else name, number.lastgroup or ""))
        end = number.end()
    made = "".join([*parts, _escaped(text[end:])])
    while made.startswith("{") and not made.startswith("{{"):
        made = made.partition("}")[2].lstrip()
    return made if len(made.partition("{")[0]) >= _SHORTEST else ""


def _escaped(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _hole(name: str, kind: str) -> str:
    return "{" + name + (f":{kind}" if kind else "" if name else ":number") + "}"


def _name_of(text: str, number: re.Match[str]) -> str:
    """Return the glossary's name for the words before a number or the unit after it; or nothing."""
    behind = _UNIT_BEHIND.match(text[number.end() :])
    if behind and behind["unit"] in _RATES:
        return _RATES[behind["unit"]]
    before = _WORDS_BEFORE.search(text[: number.start()])
    words = re.split(r"[ _-]", before["words"].lower()) if before else []
    for size in (2, 1):
        name = "_".join(words[-size:])
        if name in BY_NAME or name == "step":
            return name
    return ""


def _check(name: str, dialect: Path, case: Path) -> int:
    """Print what is wrong with a dialect, and write the facts of its case."""
    system = _users(dialect) if INSTALLED else _own(name)
    if system is None:
        return _refused(f"{_near(dialect)}: no such file, or no DIALECT in it")
    check_examples(system, _near(dialect))
    reading, covered = parse_covered(contents(case), case.name)
    faults = list(_faults(reading, system))
    for fault in faults:
        print(f"{_near(case)}: {fault}")
    for line in covered.firsts.values():
        print(f"{_near(case)}: not understood: {printable(line)}")
    if faults:
        return 1
    with case.with_suffix(".csv").open("wb") as file:
        write_csv(facts_table([reading]), file)
    print(f"{_near(case.with_suffix('.csv'))}: the facts of the case; check each against its line")
    return 0


def _users(file: Path) -> Dialect:
    """Return the dialect of a file of the user, with which logs are read from now on."""
    add_dialects([file])
    return known_dialects()[-1]


def _own(name: str) -> Dialect | None:
    from importlib import import_module

    known_dialects()  # says what is wrong with the file
    try:
        return getattr(import_module(f"parsers.dialects.{name}"), "DIALECT", None)
    except ModuleNotFoundError:
        return None


def _faults(reading: Reading, system: Dialect) -> Iterator[str]:
    if reading.reason:
        yield reading.reason
    runs = [run for run in reading.runs if any(fact.value == system.system for fact in run.facts)]
    if not runs:
        yield f"no run of {system.system} is read in it"
    for run in runs:
        outcome = run.fact("outcome")
        if outcome is not None and outcome.value in ("unknown", "truncated"):
            yield f"run {run.ordinal} is {outcome.value}: no line with ends= says how it ended"


if __name__ == "__main__":
    sys.exit(main())
