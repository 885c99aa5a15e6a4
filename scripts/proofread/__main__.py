"""`python -m scripts.proofread PAGE... LOGS`: check every number of a text against the logs of its runs.

A PAGE is Markdown, HTML, LaTeX, a notebook, or plain text. LOGS is a log, a folder of logs, or a data set of facts.
What its `declared.toml` or catalog says of the runs counts too. Each number gets one verdict:

- confirmed: the log says the same;
- contradicted: run and quantity are clear, and the log says something else;
- derivable: it follows from the logs by the formula that is named;
- elsewhere: another run or quantity has this value;
- missing: the logs do not have it;
- not a claim: a date, a version, a number of a list.

`--each FOLDER` proofreads one person per folder: their pages against their logs, one line per person.

Exit status: 0 nothing is contradicted or missing, 1 something is, 2 bad usage, 3 no number could be checked.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from ..options import parser as command_parser
from ..reader import printable
from ..store.files import write
from ..store.structured import Broken
from .marked import marked
from .output import as_csv, as_json, as_markdown, as_sarif, as_text, counts
from .reading import Proof, Unreadable, proof_of, proofs_in, runs_of
from .verdicts import CONFIRMED, CONTRADICTED, DERIVABLE, ELSEWHERE, MISSING

FORMATS = {"text": as_text, "json": as_json, "csv": as_csv, "sarif": as_sarif, "markdown": as_markdown}
_COUNTED = (CONFIRMED, DERIVABLE, CONTRADICTED, MISSING, ELSEWHERE)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if (options.each is None) == (len(options.paths) < 2):
        parser.error("name at least one PAGE and then LOGS, or --each FOLDER alone")
    try:
        if options.each is not None:
            return _each(options.each)
        return _pages(options.paths[:-1], options.paths[-1], options)
    except (Broken, Unreadable) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        raise
    except OSError as error:
        print(f"error: {error.filename or 'a file'}: {error.strerror}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = command_parser(
        "proofread", __doc__, "page.md logs/", "page.md logs/ --html marked.html", "--each course/", "- logs/ < page.md"
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PAGE... LOGS", help="the texts, and last the logs")
    parser.add_argument("--each", type=Path, metavar="FOLDER", help="a folder of folders, one per person")
    parser.add_argument("--format", choices=FORMATS, default="text", help="the form of the table (text)")
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write the table to a file")
    parser.add_argument("--html", type=Path, metavar="FILE", help="write the first text with its numbers marked")
    return parser


def _pages(pages: Sequence[Path], logs: Path, options: argparse.Namespace) -> int:
    runs = runs_of(logs)
    proofs = [proof_of(page, runs) for page in pages]
    rows = [row for proof in proofs for row in proof.rows]
    table = FORMATS[options.format](rows)
    if options.output is not None:
        write(options.output, table.encode())
    else:
        sys.stdout.write(table)
    if options.html is not None:
        first = proofs[0]
        write(options.html, marked(first).encode())
    _summarise(proofs, sys.stdout if options.format == "text" else sys.stderr)
    return _status(proofs)


def _summarise(proofs: Sequence[Proof], out: TextIO) -> None:
    for proof in proofs:
        print(printable(f"{proof.name}: {counts(proof.rows) or 'no number'}. {proof.worth.sentence()}"), file=out)


def _status(proofs: Sequence[Proof]) -> int:
    verdicts = Counter(row.verdict for proof in proofs for row in proof.rows)
    if not any(verdicts[verdict] for verdict in _COUNTED):
        print("error: no number could be checked", file=sys.stderr)
        return 3
    return int(bool(verdicts[CONTRADICTED] or verdicts[MISSING]))


def _each(folder: Path) -> int:
    """Print a line per person; a folder without pages or logs says so."""
    people = sorted(path for path in folder.iterdir() if path.is_dir())
    if not people:
        raise Unreadable(f"{folder}: contains no folder; --each needs one folder per person")
    statuses = []
    for person in people:
        try:
            runs = runs_of(person)
            proofs = list(proofs_in(person, runs))
        except Broken as error:
            print(printable(f"{person.name}: not proofread ({error})"))
            continue
        rows = [row for proof in proofs for row in proof.rows]
        pages = f"{len(proofs)} page{'s' * (len(proofs) != 1)}"
        print(printable(f"{person.name}: {pages}, {counts(rows) or 'no number'}"))
        statuses.append(_status(proofs) if proofs else 0)
    return max(statuses, default=3)


if __name__ == "__main__":
    sys.exit(main())
