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
_ROW = regex.compile(r"^\| (?P<statement>.*?<q>.*?</q>.*?) \| .* \| \[[^\[\]]*\]\(claims\.md#(?P<name>[\w-]+)\) \|$")
_RUN = regex.compile(r"\]\(runs/(?P<id>[\w-]+)\.md#")
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
        """What is asked, or why no log could say it, in a sentence; empty where the proof-reader decides."""
        return (self.check.__doc__ or "").strip() if self.check else _REASONS.get(self.name, "")

    @property
    def expression(self) -> str:
        """The expression, as it is computed, with the runs' ids written out; empty where the proof-reader decides."""
        if self.check is None:
            return ""
        return regex.sub(r"\b_[A-Z]{2}\d+[AB]?\b", lambda name: repr(globals()[name[0]]), expression_of(self.check))

    def judged(self, runs: Sequence[StatedRun]) -> list[Row]:
        """Return what the proof-reader finds of the numbers and statements of the quotation."""
        page = read_page(f"## {self.system}\n\n{self.quoted}\n")
        rows = [row for row, _ in proofread(CLAIMS_PAGE, page, runs) if row.verdict != NOT_A_CLAIM]
        return [*rows, *statements(CLAIMS_PAGE, page, runs)]

    def holds(self, facts: Said, runs: Sequence[StatedRun]) -> bool | None:
        """Return whether the statement holds; None where it cannot be checked."""
        if self.check is None:
            rows = self.judged(runs)
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
            quoted = html.unescape(regex.sub(r"<[^<>]*>|\[…\]", " ", row["statement"]))
            statements.append(Claim(row["name"], quoted, system, _CHECKS.get(row["name"])))
    return tuple(statements)


@cache
def _logs() -> frozenset[str]:
    """Return the names of the logs that the claims page speaks of; a run's id is its log's name and its place there."""
    text = (words.WORDS / CLAIMS_PAGE).read_text(encoding="utf-8")
    return frozenset(match["id"].rpartition("-")[0] for match in _RUN.finditer(text))


def homework_runs(known: Known) -> list[StatedRun]:
    """Return the runs that the homework is about; runs of other logs decide nothing about it."""
    return [run for run in runs_known(known) if run.id.rpartition("-")[0] in _logs()]


def verdicts(known: Known) -> dict[str, str]:
    """Return the verdict of each claim by its name, in a word with its mark."""
    facts, runs = Said(known), homework_runs(known)
    words = {claim.name: _WORDS[claim.holds(facts, runs)] for claim in claims()}
    return {name: word.replace(" ", "\N{NO-BREAK SPACE}") for name, word in words.items()}


def tallied(verdicts_by_name: Mapping[str, str]) -> dict[str, int]:
    """Return how many statements there are, and how many have each verdict."""
    ended = [verdict.split("\N{NO-BREAK SPACE}", 1)[1] for verdict in verdicts_by_name.values()]
    counts = {name: ended.count(name.replace("-", "\N{NO-BREAK SPACE}")) for name in ENDINGS}
    return {"statements": len(ended)} | counts


# What no log could say, and why: in these sentences the proof-reader finds nothing to check either.
_REASONS = {
    "compiles-were-good": (
        "The only compile log is from the day after the runs. The compiles of the runs left no log."
    ),
    "smallest-rate-needs-more-epochs": "No run with this learning rate has more epochs.",
    "largest-rate-was-unstable": "The log has no loss during the training, which would show it.",
    "custom-input-was-given": "The log prints the shape of an input, never its values.",
}


# "Good" is a judgement. The proof-reader compares printed values, and knows no intervals.
@_claim
def rate_0_005_was_good(facts: Said) -> bool:
    """The confidence interval of this rate overlaps that of the best of the four."""
    return facts.number(_GC005, "accuracy_high") >= facts.number(_GC05, "accuracy_low")


# The quotation says "good", and what that is measured by is ours to say: nothing in its words can be checked.
@_claim
def rate_0_05_was_good(facts: Said) -> bool:
    """The accuracy at this rate is the best of the four."""
    return facts.number(_GC05, "test_accuracy") == max(
        facts.number(run, "test_accuracy") for run in (_GC0005, _GC005, _GC05, _GC5)
    )


# "Overfitted" is an explanation. It is refuted by a constant of the test set, which no log states.
@_claim
def largest_rate_overfitted(facts: Said) -> bool | None:
    """The statement is wrong if the accuracy equals that of always answering one class. Else no log can decide it."""
    return False if facts.number(_GC5, "test_accuracy") == facts.number(_GC5, "constant_answer_accuracy") else None
