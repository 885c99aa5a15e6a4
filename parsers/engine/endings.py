"""How a run ended: what its lines say of it, which of them decides, and the run with its facts in order."""

from __future__ import annotations

from typing import Any

from ..facts import Fact, Run
from ..vocabulary import ORDER
from .drafts import Draft, Ending
from .events import Event
from .gaps import is_cut

# How far back the last sign of a run is looked for.
_REACH = 4096


def take_end(run: Draft[Any], event: Event) -> None:
    """Note what a line says about the end of its run. The reason is the group `_reason`, else the line."""
    shape = event.shape
    reason = event.text("_reason" if event.has("_reason") else 0)
    if shape.ends == "completed":
        run.complete(event, cures=shape.cures)
    elif shape.ends == "failed":
        run.fail(event, reason)
    else:
        run.stop(event, shape.ends, reason)


def weigh(run: Draft[Any], event: Event, before: int) -> None:
    """Remove endings that are only quoted, or that ended a run which only waited in a queue."""
    if run.endings[-1].outcome == "completed" and event.is_quoted():
        run.endings.pop()
    if not run.started:
        del run.endings[before:]
    elif len(run.endings) > before:
        run.reported = True


def _ending(run: Draft[Any]) -> Ending:
    """Return the ending that decides: a program's own error, then whichever of the others came first."""
    cured = max((index for index, ending in enumerate(run.endings) if ending.cures), default=-1)
    errors = [ending for index, ending in enumerate(run.endings) if ending.exception and index > cured]
    if errors:
        return errors[0]
    others = [ending for ending in run.endings if not ending.exception]
    done = next((ending for ending in others if ending.outcome == "completed"), None)
    stops = [ending for ending in others if ending.outcome != "completed"]
    stops = [ending for ending in stops if not ending.echo] or stops
    if done is not None:
        stops = [ending for ending in stops if not ending.typed or others.index(ending) > others.index(done)]
    if stops and (done is None or others.index(stops[0]) < others.index(done) or stops[0].outcome == "failed"):
        return stops[0]
    if done is not None:
        return done
    if not run.opened:
        return Ending("unknown", "", *run.last)
    return Ending("truncated", "", *run.ruler.place(_last_sign(run)))


def _last_sign(run: Draft[Any]) -> int:
    """Return the offset of the last byte of a run that is not white space."""
    tail = run.ruler.data[max(run.start, run.end - _REACH) : run.end]
    return max(run.start, run.end - 1 - (len(tail) - len(tail.rstrip())))


def _place_of(fact: Fact) -> tuple[int, int, str, str]:
    return ORDER.get(fact.name, len(ORDER)), fact.line, fact.name, fact.device


def settled(run: Draft[Any], ordinal: int) -> Run:
    run.state("system", run.dialect.system, run.line, run.view_line, evidence=run.first_evidence)
    ending = _ending(run)
    run.state("outcome", ending.outcome, ending.line, ending.view_line, evidence=ending.evidence)
    if ending.reason and not is_cut(ending.reason):
        run.state("failure_reason", ending.reason, ending.line, ending.view_line, evidence=ending.evidence)
    facts = [fact for values in run.facts.values() for fact in values.values()]
    facts.sort(key=_place_of)
    first, _ = run.ruler.place(run.start)
    last, _ = run.ruler.place(max(run.start, run.end - 1))
    names = sorted(run.series, key=lambda name: (ORDER.get(name, len(ORDER)), name))
    series = tuple(run.series[name] for name in names)
    return Run(ordinal, first, last, tuple(facts), series)
