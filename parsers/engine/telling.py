"""What a line tells of its run: its labels, its groups and its timestamps."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from .drafts import Draft
from .events import Event, Lines
from .shapes import compiled

_NEW_WORD = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


def tell(run: Draft[Any], event: Event) -> None:
    """State what a line's labels, groups and timestamps say."""
    shape = event.shape
    for name, value in shape.says.items():
        run.label(event, name, _label(event, value))
    if shape.times_to:
        run.time(event, shape.times_to)
    if shape.times_from:
        moment = event.moment()
        if moment is not None:
            run.timed_from[shape.times_from] = moment
    _tell_groups(run, event)


def _tell_groups(run: Draft[Any], event: Event) -> None:
    """State what the groups say that are called as in the vocabulary; a group `_device` names the device of them."""
    if isinstance(event, Lines):
        names = [name for name in event.columns if name[0] != "_" and name != "step"]
        return run.extend(event, *names) if names else None
    for group in _facts(event.shape.pattern):
        if event.match[group] is not None:
            run.tell(event, group, group, event.text("_device") if event.has("_device") else "")


@cache
def _facts(pattern: bytes) -> tuple[str, ...]:
    """Return the groups of a pattern that become facts."""
    return tuple(name for name in compiled(pattern).groupindex if name[0] != "_")


def _label(event: Event, value: str) -> str:
    """Return a label. In braces it is a group's text, spelt as workloads are: `BertLarge` becomes `bert-large`."""
    if not value.startswith("{"):
        return value
    return _NEW_WORD.sub("-", event.text(value[1:-1])).lower().replace("_", "-")
