"""The verdict of each number of a page, and what leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import regex

from .context import Claim, claims, systems_of
from .derived import FACTORS, derived
from .numbers import Printed, agrees, is_rounded
from .page import Page, Passage
from .stated import Stated, StatedRun, settings_of
from .words import CHANGE, LOOSE

CONFIRMED, CONTRADICTED, DERIVABLE = "confirmed", "contradicted", "derivable"
ELSEWHERE, MISSING, NOT_A_CLAIM = "elsewhere", "missing", "not a claim"
VERDICTS = (CONFIRMED, CONTRADICTED, DERIVABLE, ELSEWHERE, MISSING, NOT_A_CLAIM)

_RESPECTIVELY = regex.compile(r"(?i)respective")
_STEP = regex.compile(r"(?i)\bsteps?\b|iteration|\bstart|\bfirst\b|initial|\bbegin")
_ENDED = regex.compile(r"(?i)\s+runs?\s+(?:\w+\s+)?(fail|crash|complet|finish|succe)\w*")
# A loss "in the end" is of no other step.
_FINAL = regex.compile(r"(?i)\bfinal\b|\bat the end\b")
_SIGNIFICANT = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a text with its finding: the columns of the proof-reader's table, in their order."""

    page: str
    line: int
    column: int
    text: str
    verdict: str
    quantity: str = ""
    run: str = ""
    fact: str = ""
    log: str = ""
    log_line: int = 0
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A verdict with the number of a log that decides it."""

    verdict: str
    quantity: str = ""
    run: StatedRun | None = None
    stated: Stated | None = None
    note: str = ""


def proofread(name: str, page: Page, runs: Sequence[StatedRun]) -> Iterator[tuple[Row, Claim]]:
    """Yield a row for each number of a page, with the claim that it makes."""
    for passage in page.passages:
        for claim in claims(passage, settings_of(_scope(passage, runs))):
            line, column = page.position(passage.start + claim.printed.start)
            found = verdict(claim, runs)
            yield _row(name, line, column, claim.printed, found), claim


def _row(name: str, line: int, column: int, printed: Printed, found: Found) -> Row:
    run, stated = found.run, found.stated
    return Row(
        name,
        line,
        column,
        printed.text,
        found.verdict,
        found.quantity,
        run.id if run else "",
        stated.printed if stated else "",
        run.log if run else "",
        stated.line if stated else 0,
        stated.evidence if stated else "",
        found.note,
    )


def verdict(claim: Claim, runs: Sequence[StatedRun]) -> Found:
    """Return what the logs say about a number."""
    if claim.is_label:
        return Found(NOT_A_CLAIM)
    scope = _scope(claim.passage, runs)
    claim = _stated_names(claim, scope)
    if claim.counts_runs:
        return _counted(claim, scope)
    if not claim.names:
        return _unnamed(claim, scope)
    return _named(claim, scope, runs)


def _stated_names(claim: Claim, scope: Sequence[StatedRun]) -> Claim:
    """Return a claim of those of its quantities that some run of the scope states; of all, if none does."""
    if len(claim.names) < 2:
        return claim
    names = tuple(name for name in claim.names if any(run.of((name,)) for run in scope))
    return replace(claim, names=names) if names and names != claim.names else claim


def _scope(passage: Passage, runs: Sequence[StatedRun]) -> list[StatedRun]:
    """Return the runs that a passage can mean: of the linked log, else of the systems named nearest."""
    linked = [run for run in runs if run.is_linked(passage.links)] if passage.links else []
    if linked and len({run.log for run in linked}) == 1:
        return linked
    named = systems_of(passage)
    return [run for run in runs if run.system in named] if named else list(runs)


def _counted(claim: Claim, scope: Sequence[StatedRun]) -> Found:
    """Return whether the logs hold as many runs as a text counts."""
    ended = _ENDED.match(claim.passage.text, claim.printed.end)
    outcome = {"fail": "failed", "crash": "failed"}.get(ended[1].lower(), "completed") if ended else ""
    count = sum(run.stage != "compile" and outcome in ("", run.outcome) for run in scope)
    held = f"the logs hold {count} {outcome} runs".replace("  ", " ")
    if claim.printed.value == count:
        return Found(CONFIRMED, "runs", note=held)
    return Found(MISSING, "runs", note=f"{held}; some logs may not be here")


def _unnamed(claim: Claim, scope: Sequence[StatedRun]) -> Found:
    """Return the finding about a number whose quantity the text does not name."""
    if not claim.printed.unit and _digits(claim.printed) < _SIGNIFICANT:
        return Found(NOT_A_CLAIM)
    if found := _elsewhere(claim, scope, "the text does not name the quantity"):
        return found
    if claim.printed.unit and (formula := derived(claim, scope, scope)):
        return Found(DERIVABLE, note=formula)
    return Found(MISSING if claim.printed.unit not in ("", "times") else NOT_A_CLAIM)


def _named(claim: Claim, scope: Sequence[StatedRun], runs: Sequence[StatedRun]) -> Found:
    fitting, known = _fitting(claim, scope)
    if claim.unit == "times" or CHANGE.search(_clause(claim)):
        if claim.unit != "times" and (match := _match(claim, fitting)):
            return _confirmed(*match)
        if formula := derived(claim, scope, fitting):
            return Found(DERIVABLE, claim.names[0], note=formula)
    if claim.unit == "times":
        return Found(MISSING, claim.names[0])
    if match := _match(claim, fitting):
        return _belied(claim, scope) or _confirmed(*match)
    if claim.names[0] == "steps" and any(run.has_step(claim.printed.value) for run in fitting):
        return Found(NOT_A_CLAIM)  # "after 100 steps": where, not how many
    if point := _point(claim, fitting):
        return point
    if formula := derived(claim, scope, fitting):
        return Found(DERIVABLE, claim.names[0], note=formula)
    return _unconfirmed(claim, scope, fitting, known) or _nowhere(claim, runs, fitting if known else ())


def _clause(claim: Claim) -> str:
    """Return the words around a number that may state a change: its cell's heading, or the sentence near it."""
    place = claim.passage.place
    at = claim.printed.start
    return place.heading if place else claim.passage.text[max(0, at - 60) : at + 40]


def _fitting(claim: Claim, scope: Sequence[StatedRun]) -> tuple[list[StatedRun], bool]:
    """Return the runs of the scope that have the settings, and whether the logs know every setting that is given."""
    fitting, known = list(scope), bool(claim.settings)
    for name, value in claim.settings.items():
        having = [run for run in fitting if run.is_set_to(name, value)]
        known = known and bool(having)
        fitting = having or fitting
    return fitting, known


def _match(claim: Claim, runs: Iterable[StatedRun]) -> tuple[StatedRun, Stated] | None:
    """Return the first number of a log that the text prints; stated values come before declared ones."""
    found = [(run, stated) for run in runs for stated in _of(claim, run) if _agree(claim, stated)]
    found.sort(key=lambda pair: (bool(pair[1].declared), claim.names.index(pair[1].name)))
    return found[0] if found else None


def _of(claim: Claim, run: StatedRun) -> list[Stated]:
    """Return the numbers of a run that a text may mean: those of the device that it names, if the log tells them apart."""
    found = run.of(claim.names)
    own = {stated.name for stated in found if stated.device == claim.device}
    return [stated for stated in found if not claim.device or stated.name not in own or stated.device == claim.device]


def _agree(claim: Claim, stated: Stated) -> bool:
    if claim.is_setting and claim.printed.about != "about":  # nobody rounds what a run was set to
        return stated.value == claim.printed.value
    return any(agrees(claim.printed, value) for value in in_unit(stated, claim.unit))


def in_unit(stated: Stated, unit: str) -> list[Decimal]:
    """Return what a log states in the unit that a text prints; none where the units do not fit."""
    if unit == "per second" and stated.unit.endswith("/s"):
        return [stated.value]
    if unit in ("", stated.unit):
        share = [stated.value / 100] if stated.unit == "%" and not unit else []
        return [stated.value, *share]
    factor = FACTORS.get((stated.unit, unit))
    return [stated.value * factor] if factor is not None else []


def _confirmed(run: StatedRun, stated: Stated) -> Found:
    note = f"declared: {stated.declared}" if stated.declared else ""
    return Found(CONFIRMED, stated.name, run, stated, note)


def _belied(claim: Claim, scope: Sequence[StatedRun]) -> Found | None:
    """Return the contradiction of a setting whose row has the results of runs with another setting."""
    place = claim.passage.place
    if not claim.is_setting or place is None or not place.cells:
        return None
    beside = [
        other
        for column, cell in enumerate(place.cells)
        if column != place.column
        for other in claims(replace(claim.passage, text=cell, place=replace(place, column=column)), settings_of(scope))
        if other.names and not other.is_setting and other.unit != "times"
    ]
    of_cells = [runs for other in beside if (runs := [run for run in scope if _match(other, [run])])]
    name = claim.names[0]
    if not of_cells or any(run.is_set_to(name, claim.printed.value) is not False for runs in of_cells for run in runs):
        return None
    run = of_cells[0][0]
    stated = run.of((name,))[0]
    return Found(CONTRADICTED, name, run, stated, f"the row's results are of run {run.id}, set to {stated.printed}")


def _point(claim: Claim, fitting: Sequence[StatedRun]) -> Found | None:
    """Return a point of a series that the text prints, where the text speaks of a step."""
    if not _STEP.search(claim.passage.text):
        return None
    for run in fitting:
        for name in claim.names:
            for step, printed, value, line in run.points(name):
                if agrees(claim.printed, value) and _digits(claim.printed) >= _SIGNIFICANT:
                    stated = Stated(name, "", value, printed, "", line)
                    return Found(CONFIRMED, name, run, stated, f"at step {step}")
    return None


def _unconfirmed(claim: Claim, scope: Sequence[StatedRun], fitting: Sequence[StatedRun], known: bool) -> Found | None:
    """Return the finding about a number that no fitting run states."""
    having = [run for run in fitting if run.of(claim.names)]
    other = _match(claim, scope)
    if other and (not known or claim.is_setting or not having):
        run, stated = other
        return Found(ELSEWHERE, stated.name, run, stated, "another run states it")
    if not (known and having):
        return None
    if other and (claim.firm or claim.clear or (claim.paired and _RESPECTIVELY.search(claim.passage.text))):
        run, stated = other
        return Found(
            CONTRADICTED, stated.name, having[0], _nearest(claim, having), f"run {run.id} states {stated.printed}"
        )
    if other:
        run, stated = other
        paired = claim.paired
        return Found(
            CONFIRMED if paired else ELSEWHERE, stated.name, run, stated, "" if paired else "another run states it"
        )
    return _contradicted(claim, having)


def _contradicted(claim: Claim, having: Sequence[StatedRun]) -> Found | None:
    """Return the contradiction, where run and quantity are clear."""
    loose = any(name in LOOSE for name in claim.names) or (
        not (claim.firm or _FINAL.search(claim.passage.text))
        and any(run.points(name) for run in having for name in claim.names)
    )
    stated = _nearest(claim, having)
    if loose or claim.is_setting or stated is None or claim.printed.about:
        return None
    run = next(run for run in having if stated in run.numbers)
    cut = stated.printed.startswith(claim.printed.text) and len(stated.printed) > len(claim.printed.text)
    note = f"the log states {stated.printed}" + ("; the text cuts it instead of rounding" if cut else "")
    return Found(CONTRADICTED, stated.name, run, stated, note)


def _nearest(claim: Claim, runs: Sequence[StatedRun]) -> Stated | None:
    stated = [stated for run in runs for stated in _of(claim, run) if in_unit(stated, claim.unit)]
    return min(stated, key=lambda one: abs(one.value - claim.printed.value), default=None)


def _nowhere(claim: Claim, runs: Sequence[StatedRun], fitting: Sequence[StatedRun]) -> Found:
    """Return where else the value is, else the nearest value of the runs that the text means."""
    nearest = _nearest(claim, fitting) if not claim.is_setting else None
    note = f"the nearest value is {nearest.printed}, {nearest.name}" if nearest else ""
    return _elsewhere(claim, runs, "as another quantity") or Found(MISSING, claim.names[0], note=note)


def _elsewhere(claim: Claim, runs: Sequence[StatedRun], note: str) -> Found | None:
    """Return a number of any name that has the printed value."""
    rounded = _digits(claim.printed) >= _SIGNIFICANT
    for run in runs:
        for stated in run.numbers:
            same = stated.value == claim.printed.value
            if same or (rounded and is_rounded(claim.printed, stated.value)):
                quantity = claim.names[0] if claim.names else ""
                return Found(ELSEWHERE, quantity, run, stated, f"{note}: {stated.name}" if claim.names else note)
    return None


def _digits(printed: Printed) -> int:
    return len("".join(filter(str.isdigit, printed.text)).lstrip("0"))
