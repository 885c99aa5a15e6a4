"""The verdict of each number of a page, and what leads to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from .claim import Claim, systems_of
from .context import claims
from .derived import derived
from .matching import SIGNIFICANT, closest, digits, fitting_runs, is_near, match, may_be_setting
from .numbers import Printed, agrees, is_rounded
from .page import Page, Passage
from .rows import Mixed, mixed
from .stated import Stated, StatedRun, settings_of
from .wording import here, is_between, rounded, says
from .words import BY_UNIT, CHANGE, LOOSE

CONFIRMED, CONTRADICTED, DERIVABLE = "confirmed", "contradicted", "derivable"
ELSEWHERE, MISSING, NOT_A_CLAIM = "elsewhere", "missing", "not a claim"
VERDICTS = (CONFIRMED, CONTRADICTED, DERIVABLE, ELSEWHERE, MISSING, NOT_A_CLAIM)

_STEP = regex.compile(r"(?i)\bsteps?\b|iteration|\bstart|\bfirst\b|initial|\bbegin")
_ENDED = regex.compile(r"(?i)\s+runs?\s+(?:\w+\s+){0,3}?(fail|crash|complet|finish|succe)\w*")
# A loss "in the end" is of no other step.
_FINAL = regex.compile(r"(?i)\bfinal\b|\bat the end\b")
# A number is nearly, or very nearly, right if it differs by less than one part in this.
_NEAR, _VERY_NEAR = 200, 1000
# From this number of results of another run in a row, its setting is wrong. A single result may itself be wrong.
_SEVERAL = 2
TIME_UNITS = ("s", "min", "h", "ms", "us")


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a text with its judgement: the columns of the proof-reader's table, in their order."""

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
class Judgement:
    """A verdict with the number of a log that decides it."""

    verdict: str
    quantity: str = ""
    run: StatedRun | None = None
    stated: Stated | None = None
    note: str = ""


def proofread(name: str, page: Page, runs: Sequence[StatedRun]) -> Iterator[tuple[Row, Claim]]:
    """Yield a row for each number of a page, with the claim that it makes."""
    judged = [
        (claim, verdict(claim, runs))
        for passage in page.passages
        for claim in claims(passage, settings_of(_scope(passage, runs)))
    ]
    for claim, judgement in _of_one_run(judged, runs):
        line, column = page.position(claim.passage.start + claim.printed.start)
        yield _row(name, line, column, claim.printed, judgement), claim


def _of_one_run(
    judged: Sequence[tuple[Claim, Judgement]], runs: Sequence[StatedRun]
) -> Iterator[tuple[Claim, Judgement]]:
    """Yield the judgements; a cell is not confirmed by another run than the other cells of its row."""
    confirmed = {
        place: claim
        for place, (claim, judgement) in enumerate(judged)
        if judgement.verdict == CONFIRMED and claim.passage.place is not None
    }
    wrong = mixed(confirmed, {place: _scope(claim.passage, runs) for place, claim in confirmed.items()})
    for place, (claim, judgement) in enumerate(judged):
        yield claim, _mixed(judgement, wrong[place]) if place in wrong else judgement


def _mixed(judgement: Judgement, cell: Mixed) -> Judgement:
    """Return the judgement on a cell that is of another run than its row."""
    if cell.run is None:
        return replace(judgement, verdict=ELSEWHERE, note="no run has all numbers of this row")
    note = f"the row's other numbers are of run {cell.run.id}"
    if not cell.exchanged:
        return replace(judgement, verdict=ELSEWHERE, note=note)
    stated = next(iter(cell.run.of((judgement.quantity,))), judgement.stated)
    return Judgement(CONTRADICTED, judgement.quantity, cell.run, stated, f"{note}; two rows exchange this number")


def _row(name: str, line: int, column: int, printed: Printed, judgement: Judgement) -> Row:
    run, stated = judgement.run, judgement.stated
    return Row(
        name,
        line,
        column,
        printed.text,
        judgement.verdict,
        judgement.quantity,
        run.id if run else "",
        stated.printed if stated else "",
        run.log if run else "",
        stated.line if stated else 0,
        stated.evidence if stated else "",
        judgement.note,
    )


def verdict(claim: Claim, runs: Sequence[StatedRun]) -> Judgement:
    """Return what the logs say about a number."""
    if claim.is_label:
        return Judgement(NOT_A_CLAIM)
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


def _counted(claim: Claim, scope: Sequence[StatedRun]) -> Judgement:
    """Return whether the logs hold as many runs as a text counts."""
    ended = _ENDED.match(claim.passage.text, claim.printed.end)
    outcome = {"fail": "failed", "crash": "failed"}.get(ended[1].lower(), "completed") if ended else ""
    count = sum(run.stage != "compile" and outcome in ("", run.outcome) for run in scope)
    systems = " and ".join(sorted({run.system for run in scope}))
    held = f"the logs hold {count} {outcome} runs of {systems}".replace("  ", " ")
    if claim.printed.value == count:
        return Judgement(CONFIRMED, "runs", note=held)
    return Judgement(MISSING, "runs", note=f"{held}; some logs may not be here")


def _unnamed(claim: Claim, scope: Sequence[StatedRun]) -> Judgement:
    """Return the judgement on a number whose quantity the text does not name."""
    if not claim.printed.unit and digits(claim.printed) < SIGNIFICANT:
        return Judgement(NOT_A_CLAIM)
    if judgement := _elsewhere(claim, scope, "the text does not name the quantity"):
        return judgement
    if claim.printed.unit and (formula := derived(claim, scope, scope)):
        return Judgement(DERIVABLE, note=formula)
    return Judgement(MISSING if claim.printed.unit not in ("", "times") else NOT_A_CLAIM)


def _named(claim: Claim, scope: Sequence[StatedRun], runs: Sequence[StatedRun]) -> Judgement:
    fitting, known = fitting_runs(claim, scope)
    if claim.unit == "times" or CHANGE.search(_clause(claim)):
        if claim.unit != "times" and (matched := match(claim, fitting)):
            return _confirmed(*matched)
        if formula := derived(claim, scope, fitting):
            return Judgement(DERIVABLE, claim.names[0], note=formula)
    if claim.unit == "times":
        return Judgement(MISSING, claim.names[0])
    if matched := match(claim, fitting):
        return _belied(claim, scope) or _confirmed(*matched)
    if claim.names[0] == "steps" and any(run.has_step(claim.printed.value) for run in fitting):
        return Judgement(NOT_A_CLAIM)  # "after 100 steps": where, not how many
    if point := _point(claim, fitting):
        return point
    if formula := derived(claim, scope, fitting):
        return Judgement(DERIVABLE, claim.names[0], note=formula)
    return _unconfirmed(claim, scope, fitting, known) or _nowhere(claim, scope, runs, fitting if known else ())


def _clause(claim: Claim) -> str:
    """Return the words around a number that may state a change: its cell's heading, or the sentence near it."""
    place = claim.passage.place
    at = claim.printed.start
    return place.heading if place else claim.passage.text[max(0, at - 60) : at + 40]


def _confirmed(run: StatedRun, stated: Stated) -> Judgement:
    note = f"declared: {stated.declared}" if stated.declared else ""
    note = note or ("from the time stamp of an earlier line to that of this line" if is_between(stated) else "")
    return Judgement(CONFIRMED, stated.name, run, stated, note)


def _belied(claim: Claim, scope: Sequence[StatedRun]) -> Judgement | None:
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
    of_cells = [runs for other in beside if (runs := [run for run in scope if match(other, [run])])]
    name = claim.names[0]
    if len(of_cells) < _SEVERAL or any(
        run.is_set_to(name, claim.printed.value) is not False for runs in of_cells for run in runs
    ):
        return None
    run = of_cells[0][0]
    stated = run.of((name,))[0]
    return Judgement(CONTRADICTED, name, run, stated, f"the row's results are of run {run.id}, set to {stated.printed}")


def _point(claim: Claim, fitting: Sequence[StatedRun]) -> Judgement | None:
    """Return a point of a series that the text prints, where the text speaks of a step."""
    if not _STEP.search(claim.passage.text):
        return None
    for run in fitting:
        for name in claim.names:
            for step, printed, value, line in run.points(name):
                if agrees(claim.printed, value) and digits(claim.printed) >= SIGNIFICANT:
                    stated = Stated(name, "", value, printed, "", line)
                    return Judgement(CONFIRMED, name, run, stated, f"at step {step}")
    return None


def _unconfirmed(
    claim: Claim, scope: Sequence[StatedRun], fitting: Sequence[StatedRun], known: bool
) -> Judgement | None:
    """Return the judgement on a number that no fitting run states."""
    having = [run for run in fitting if run.of(claim.names)]
    other = match(claim, scope)
    if other and (not known or claim.is_setting or not having):
        run, stated = other
        return Judgement(ELSEWHERE, stated.name, run, stated, "another run states it")
    if may_be_setting(claim, scope):
        return None
    if not (known and having):
        return _of_other_unit(claim, fitting) if known and claim.clear else None
    if other and (claim.firm or claim.clear or claim.paired):
        return _belied_by(claim, having, f"run {other[0].id} {says(other[1])}")
    if other:
        return Judgement(ELSEWHERE, other[1].name, *other, "another run states it")
    return _contradicted(claim, having)


def _contradicted(claim: Claim, having: Sequence[StatedRun]) -> Judgement | None:
    """Return the contradiction, where run and quantity are clear."""
    told = claim.firm or claim.clear or claim.paired or claim.passage.place is not None
    if claim.is_setting or claim.printed.about or not (told or is_near(claim, having, _VERY_NEAR)):
        return None
    if any(name in LOOSE for name in claim.names):
        return _near_miss(claim, having)
    in_series = any(run.points(name) for run in having for name in claim.names)
    if in_series and not (claim.firm or _FINAL.search(claim.passage.text)):
        return None
    return _belied_by(claim, having)


def _near_miss(claim: Claim, having: Sequence[StatedRun]) -> Judgement | None:
    """Return the contradiction of a time that differs in its last digits, or has the digits of another unit."""
    if not (claim.firm or claim.clear or claim.paired) or digits(claim.printed) < SIGNIFICANT:
        return None
    if judgement := _of_other_unit(claim, having):
        return judgement
    return _belied_by(claim, having) if is_near(claim, having, _NEAR) else None


def _of_other_unit(claim: Claim, runs: Sequence[StatedRun]) -> Judgement | None:
    """Return the contradiction of a time whose digits are right in another unit: 305 ms instead of 305 s."""
    if claim.unit not in TIME_UNITS or digits(claim.printed) < SIGNIFICANT:
        return None
    for unit in TIME_UNITS:
        names = (*claim.names, *BY_UNIT[unit])
        other = replace(claim, printed=claim.printed._replace(unit=unit), unit=unit, names=names)
        if unit != claim.unit and (matched := match(other, runs)):
            run, stated = matched
            note = f"{here(stated)}, in {stated.unit} and not in {claim.unit}"
            return Judgement(CONTRADICTED, stated.name, run, stated, note)
    return None


def _belied_by(claim: Claim, having: Sequence[StatedRun], note: str = "") -> Judgement | None:
    """Return the contradiction by what the runs state instead: of the quantity that the text means first."""
    names = [name for name in claim.names if any(run.of((name,)) for run in having)]
    first = names if any(name in LOOSE for name in names) else names[:1]
    stated = closest(replace(claim, names=tuple(first)), having) or closest(claim, having)
    if stated is None:
        return None
    run = next(run for run in having if any(stated is one for one in run.numbers))
    cut = stated.printed.startswith(claim.printed.text) and len(stated.printed) > len(claim.printed.text)
    end = f"; the text cuts it and does not round it to {rounded(claim, stated)}" if cut else ""
    return Judgement(CONTRADICTED, stated.name, run, stated, note or here(stated) + end)


def _nowhere(
    claim: Claim, scope: Sequence[StatedRun], runs: Sequence[StatedRun], fitting: Sequence[StatedRun]
) -> Judgement:
    """Return where else the value is, else the nearest value of the runs that the text means."""
    if claim.is_setting:
        return _no_setting(claim, scope, runs)
    nearest = closest(claim, fitting)
    note = f"the nearest value is {nearest.printed}, {nearest.name}" if nearest else ""
    return _elsewhere(claim, runs, "as another quantity") or Judgement(MISSING, claim.names[0], note=note)


def _no_setting(claim: Claim, scope: Sequence[StatedRun], runs: Sequence[StatedRun]) -> Judgement:
    """Return the judgement on a setting that no run of the scope has: another system may have it."""
    if matched := match(claim, runs):
        return Judgement(ELSEWHERE, claim.names[0], *matched, "another run states it")
    stated = any(run.of(claim.names) for run in scope)
    note = "" if stated else f"no log of these runs states the {claim.names[0].replace('_', ' ')}"
    return Judgement(MISSING, claim.names[0], note=note)


def _elsewhere(claim: Claim, runs: Sequence[StatedRun], note: str) -> Judgement | None:
    """Return a number of any name that has the printed value."""
    long = digits(claim.printed) >= SIGNIFICANT
    for run in runs:
        for stated in run.numbers:
            same = stated.value == claim.printed.value
            if same or (long and is_rounded(claim.printed, stated.value)):
                quantity = claim.names[0] if claim.names else ""
                return Judgement(ELSEWHERE, quantity, run, stated, f"{note}: {stated.name}" if claim.names else note)
    return None
