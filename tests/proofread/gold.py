"""`python -m tests.proofread.gold`: hold the proof-reader against a table of numbers that people judged.

`gold.csv` has a row for each number of six published pages. It has the page's sha256, the number's position, the right
verdicts, the quantity, and the log lines (log, run, line) that it may lead to. The pages and their logs are found by
their checksums in `../shared/logs/files`; nothing of them is kept here.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

from scripts import ROOT
from scripts.proofread.claim import Claim
from scripts.proofread.page import read_page
from scripts.proofread.reading import runs_of
from scripts.proofread.stated import StatedRun
from scripts.proofread.verdicts import CONFIRMED, CONTRADICTED, Row, proofread, verdict

GOLD = Path(__file__).with_name("gold.csv")
LOGS = ROOT.parent / "shared" / "logs" / "files"


@dataclass(frozen=True)
class Judged:
    """A page with its logs' runs, what people judged of its numbers, and what the proof-reader finds."""

    text: str
    runs: Sequence[StatedRun]
    digests: dict[str, str]
    gold: list[dict[str, str]]
    found: list[tuple[Row, Claim]]


@dataclass
class Score:
    """Counts over all pages: each is (how many, of how many)."""

    right: tuple[int, int]
    lines: tuple[int, int]
    falsely_contradicted: tuple[int, int]
    falsely_confirmed: tuple[int, int]
    exchanged_caught: tuple[int, int]


def pages() -> Iterator[Judged]:
    """Yield the pages of the gold table that are at hand."""
    rows = list(csv.DictReader(GOLD.read_text(encoding="utf-8").splitlines()))
    wanted = {row["page"] for row in rows}
    for path in sorted(LOGS.rglob("*")):
        if path.is_file() and (digest := _digest(path)) in wanted:
            text = path.read_bytes().decode("utf-8", "replace")
            runs = runs_of(path.parent)
            digests = {log: _digest(path.parent / log) for log in {run.log for run in runs}}
            found = list(proofread("page", read_page(text), runs))
            yield Judged(text, runs, digests, [row for row in rows if row["page"] == digest], found)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def score(judged: Sequence[Judged]) -> Score:
    """Return how well the verdicts agree with the gold table."""
    checked = [check for page in judged for check in _checked(page)]
    changed = [confirmed for page in judged for confirmed in _with_other_digits(page)]
    exchanged = [caught for page in judged for caught in _exchanged(page)]
    lines = [leads for _, leads, _ in checked if leads is not None]
    return Score(
        (sum(right for right, _, _ in checked), len(checked)),
        (sum(lines), len(lines)),
        (sum(falsely for _, _, falsely in checked), len(checked)),
        (sum(changed), len(changed)),
        (sum(exchanged), len(exchanged)),
    )


def _checked(page: Judged) -> Iterator[tuple[bool, bool | None, bool]]:
    """Yield of each number: whether the verdict is right, leads to a right line, and is a false contradiction."""
    found = {(row.line, row.column): row for row, _ in page.found}
    for gold in page.gold:
        row = found.get((int(gold["line"]), int(gold["column"])))
        verdict_found = row.verdict if row else "not a claim"
        allowed = gold["verdicts"].split("|")
        leads = None
        if gold["places"] and CONFIRMED in allowed:
            leads = row is not None and _place(page, row) in gold["places"].split()
        yield verdict_found in allowed, leads, verdict_found == CONTRADICTED and CONTRADICTED not in allowed


def _place(page: Judged, row: Row) -> str:
    return f"{page.digests.get(row.log)}:{row.run.rsplit('-', 1)[-1]}:{row.log_line}"


def _with_other_digits(page: Judged) -> Iterator[bool]:
    """Yield whether a confirmed number would be confirmed with each other last digit."""
    for row, claim in page.found:
        if row.verdict == CONFIRMED and claim.names and claim.printed.has_digits:
            for digit in range(10):
                changed = claim.printed.with_last_digit(digit)
                if changed.text != claim.printed.text:
                    yield verdict(replace(claim, printed=changed), page.runs).verdict == CONFIRMED


def _exchanged(page: Judged) -> Iterator[bool]:
    """Yield whether the exchange of two confirmed results of one column is caught, where the logs state the setting."""
    cells: dict[tuple[int, int], list[tuple[Row, Claim]]] = {}
    for row, claim in page.found:
        place = claim.passage.place
        if place and row.verdict == CONFIRMED and not claim.is_setting and claim.settings and _known(claim, page.runs):
            cells.setdefault((id(place.headings), place.column), []).append((row, claim))
    for column in cells.values():
        for (one, _), (other, _) in combinations(column, 2):
            if one.text != other.text:
                text = _with(page.text, [(one, other.text), (other, one.text)])
                found = {row.line: row for row, _ in proofread("page", read_page(text), page.runs) if _wrong(row)}
                yield one.line in found and other.line in found


def _known(claim: Claim, runs: Sequence[StatedRun]) -> bool:
    return all(any(run.is_set_to(name, value) for run in runs) for name, value in claim.settings.items())


def _wrong(row: Row) -> bool:
    return row.verdict == CONTRADICTED


def _with(text: str, changes: Sequence[tuple[Row, str]]) -> str:
    lines = text.split("\n")
    for row, new in changes:
        line = lines[row.line - 1]
        lines[row.line - 1] = f"{line[: row.column - 1]}{new}{line[row.column - 1 + len(row.text) :]}"
    return "\n".join(lines)


def main() -> None:
    """Print the score."""
    for name, (count, of) in vars(score(list(pages()))).items():
        print(f"{name.replace('_', ' '):22} {count} of {of} ({100 * count / max(of, 1):.1f} %)")


if __name__ == "__main__":
    main()
