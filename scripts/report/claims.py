"""What the homework says about its runs, checked against their facts: every build computes the verdict.

The proof-reader checks each quotation of the claims page against the logs. Some statements need an expression of their
own; it is here. If the expression is true, it confirms the statement; if not, it corrects the statement. A statement is
not checkable if a fact of its expression is missing, or if no log could state it.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from ..proofread.page import read_page
from ..proofread.stated import StatedRun, runs_known
from ..proofread.statements import statements
from ..proofread.verdicts import CONFIRMED, DERIVABLE, NOT_A_CLAIM, Row, proofread
from . import words
from .derive import expression_of
from .known import Known

CLAIMS_PAGE = "claims.md"

_GC05, _GC005, _GC0005, _GC5 = (f"graphcore-graphcore-{ordinal}" for ordinal in (1, 2, 3, 4))
_ROW = regex.compile(r"^\| (?P<said>.*?<q>.*?</q>.*?) \| .* \| \[[^\[\]]*\]\(claims\.md#(?P<name>[\w-]+)\) \|$")
_WORDS = {True: "✓ confirmed", False: "≠ corrected", None: "? not checkable"}


class NotSaid(Exception):
    """No log says what an expression asks for."""


class Said:
    """What is known of the runs, asked for by run and name."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def __call__(self, run: str, name: str) -> str:
        """Return the exact value that a run's page states under a name.

        Raises
        ------
        NotSaid
            If it states none.
        """
        quantity = self._known.get(f"runs/{run}.md#{name}")
        if quantity is None:
            raise NotSaid(f"{run}: {name}")
        return quantity.value

    def number(self, run: str, name: str) -> float:
        """Return the same as a number."""
        return float(self(run, name))


Check = Callable[[Said], bool | None]


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of the homework: its name, the quoted words and their system, or its own expression."""

    name: str
    quoted: str
    system: str
    check: Check | None

    @property
    def meaning(self) -> str:
        """What is asked, in a sentence; empty where the proof-reader decides."""
        return (self.check.__doc__ or "").strip() if self.check else ""

    @property
    def expression(self) -> str:
        """The expression, as it is computed, with the runs' ids written out; empty where the proof-reader decides."""
        if self.check is None:
            return ""
        return regex.sub(r"\b_[A-Z]{2}\d+[AB]?\b", lambda name: repr(globals()[name[0]]), expression_of(self.check))

    def found(self, runs: Sequence[StatedRun]) -> list[Row]:
        """Return what the proof-reader finds of the numbers and statements of the quotation."""
        page = read_page(f"## {self.system}\n\n{self.quoted}\n")
        rows = [row for row, _ in proofread(CLAIMS_PAGE, page, runs) if row.verdict != NOT_A_CLAIM]
        return [*rows, *statements(CLAIMS_PAGE, page, runs)]

    def holds(self, facts: Said, runs: Sequence[StatedRun]) -> bool | None:
        """Return whether the statement holds; None where it cannot be checked."""
        if self.check is None:
            rows = self.found(runs)
            return all(row.verdict in (CONFIRMED, DERIVABLE) for row in rows) if rows else None
        try:
            return self.check(facts)
        except NotSaid:
            return None


# How many statements end in each way is on the page, under these names.
ENDINGS = ("confirmed", "corrected", "not-checkable")
_CHECKS: dict[str, Check] = {}


def _claim(check: Check) -> Check:
    _CHECKS[check.__name__.replace("_", "-")] = check
    return check


@cache
def claims() -> tuple[Claim, ...]:
    """Return the statements that the claims page quotes, in its order."""
    system, statements = "", []
    for line in (words.WORDS / CLAIMS_PAGE).read_text(encoding="utf-8").split("\n"):
        system = line.removeprefix("## ") if line.startswith("## ") else system
        if row := _ROW.match(line):
            quoted = html.unescape(regex.sub(r"<[^<>]*>|\[…\]", " ", row["said"]))
            statements.append(Claim(row["name"], quoted, system, _CHECKS.get(row["name"])))
    return tuple(statements)


def verdicts(known: Known) -> dict[str, str]:
    """Return the verdict of each claim by its name, in a word with its mark."""
    facts, runs = Said(known), runs_known(known)
    words = {claim.name: _WORDS[claim.holds(facts, runs)] for claim in claims()}
    return {name: word.replace(" ", "\N{NO-BREAK SPACE}") for name, word in words.items()}


def tallied(verdicts_by_name: Mapping[str, str]) -> dict[str, int]:
    """Return how many statements there are, and how many have each verdict."""
    ended = [verdict.split("\N{NO-BREAK SPACE}", 1)[1] for verdict in verdicts_by_name.values()]
    counts = {name: ended.count(name.replace("-", "\N{NO-BREAK SPACE}")) for name in ENDINGS}
    return {"statements": len(ended)} | counts


@_claim
def compiles_were_good(_said: Said) -> None:
    """The one compile log is from the day after the runs; the compiles that they used left no log."""
    return None


@_claim
def smallest_rate_needs_more_epochs(_said: Said) -> None:
    """No run of this rate was given more epochs."""
    return None


@_claim
def rate_0_005_was_good(facts: Said) -> bool:
    """Its interval overlaps that of the best of the four."""
    return facts.number(_GC005, "accuracy_high") >= facts.number(_GC05, "accuracy_low")


@_claim
def rate_0_05_was_good(facts: Said) -> bool:
    """It is the best of the four."""
    return facts.number(_GC05, "test_accuracy") == max(
        facts.number(run, "test_accuracy") for run in (_GC0005, _GC005, _GC05, _GC5)
    )


@_claim
def largest_rate_overfitted(facts: Said) -> bool | None:
    """Not if the accuracy equals that of always answering one class; otherwise no log line could tell."""
    return False if facts.number(_GC5, "test_accuracy") == facts.number(_GC5, "constant_answer_accuracy") else None


@_claim
def largest_rate_was_unstable(_said: Said) -> None:
    """The log has no loss during the training, which would show it."""
    return None


@_claim
def custom_input_was_given(_said: Said) -> None:
    """The log prints the shape of an input, never its values."""
    return None
