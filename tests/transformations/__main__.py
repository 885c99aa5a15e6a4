"""`python -m tests.transformations [WORDS]`: what ways of travelling cost, over all logs at hand.

Each transformation is applied to each case of the tests and each log of `../shared`. What is read then is held against
what is read in the log as it was. A row per transformation counts the facts that are the same, missing with a note,
missing without a note, wrong, or invented. Outcomes and metrics that answer the system's question are counted apart if
they are missing without a note. With WORDS only transformations of that group, or with these words in their name, are
made.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections import Counter
from functools import partial
from pathlib import Path

from .judging import SAME, VERDICTS, Verdicts, judged
from .others import ALL as OTHERS
from .prefixes import ALL as PREFIXES
from .texts import Transformation

ROOT = Path(__file__).parents[2]
CASES, LOGS = ROOT / "tests" / "parsers" / "cases", ROOT.parent / "shared" / "logs" / "files"
_OTHER = (".csv", ".py", ".yaml", ".ipynb")
# Notebooks and diffs are told by the whole file: what is done to their lines makes them another file.
_WHOLE = ("diff", "notebook")
ALL = (*PREFIXES, *OTHERS)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 1 where a value was wrong or a run invented."""
    options = _parser().parse_args(arguments)
    chosen = [change for change in ALL if not options.words or options.words in (change.group, *_words(change))]
    logs = _logs(options.cases)
    counts: dict[str, Counter[str]] = {}
    with multiprocessing.Pool(options.jobs) as pool:
        for change in chosen:
            told = pool.map(partial(_judged, name=change.name), logs, chunksize=4)
            counts[change.name] = sum((verdicts.counts for verdicts in told), Counter())
            print(_row(f"{change.group}: {change.name}", counts[change.name]), flush=True)
            _show(logs, told, options.show)
    for group in dict.fromkeys(change.group for change in chosen):
        of_group = (counts[change.name] for change in chosen if change.group == group)
        print(_row(f"all of {group}", sum(of_group, Counter())))
    return int(any(count["wrong"] or count["invented"] for count in counts.values()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.transformations", description=__doc__)
    parser.add_argument("words", nargs="?", default="", metavar="WORDS")
    parser.add_argument("--cases", action="store_true", help="only the cases of the tests")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="show up to N bad facts of a log")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes (default 2)")
    return parser


def _words(change: Transformation) -> list[str]:
    return [change.name[begin:end] for begin in range(len(change.name)) for end in range(begin, len(change.name) + 1)]


def _logs(only_cases: bool) -> list[Path]:
    folders = (CASES,) if only_cases else (CASES, LOGS)
    found = (path for folder in folders for path in sorted(folder.rglob("*")))
    return [
        path
        for path in found
        if path.is_file() and path.suffix not in _OTHER and not any(word in path.name for word in _WHOLE)
    ]


def _judged(path: Path, name: str) -> Verdicts:
    change = next(change for change in ALL if change.name == name)
    return judged(path.read_bytes(), change)


def _row(name: str, counts: Counter[str]) -> str:
    total = sum(counts.values()) or 1
    numbers = "  ".join(f"{counts[verdict]:7} {verdict}" for verdict in VERDICTS)
    return f"{name:42} {counts[SAME] / total:6.1%}  {numbers}"


def _show(logs: list[Path], told: list[Verdicts], most: int) -> None:
    for path, verdicts in zip(logs, told, strict=True):
        for example in verdicts.examples[:most]:
            print(f"    {path.name}: {example}")


if __name__ == "__main__":
    sys.exit(main())
