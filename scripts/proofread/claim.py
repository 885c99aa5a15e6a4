"""A claim: a number of a text with what the text says about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from .numbers import Printed
from .page import Passage
from .words import SETTINGS, systems


@dataclass(frozen=True)
class Claim:
    """A number of a passage and what its surroundings say.

    `names` are the quantities that it may be. `settings` are the settings of its run. `paired` says that the settings
    come from a list of as many numbers in the sentence. `firm` says that row or heading name the run; `clear` that the
    number's own clause does, and compares it with nothing. `device` is the one that the text names. `is_label` marks
    dates, versions and numbers that only name something.
    """

    printed: Printed
    passage: Passage
    names: tuple[str, ...]
    unit: str
    settings: dict[str, Decimal] = field(default_factory=dict)
    paired: bool = False
    firm: bool = False
    clear: bool = False
    device: str = ""
    is_label: bool = False
    counts_runs: bool = False

    @property
    def is_setting(self) -> bool:
        """Whether the number is what a run was set to."""
        return bool(self.names) and self.names[0] in SETTINGS

    @property
    def systems(self) -> tuple[str, ...]:
        """The systems that the text means: those named nearest to the number."""
        return systems_of(self.passage)


def systems_of(passage: Passage) -> tuple[str, ...]:
    """Return the systems that a passage means: those named in it, else those named last above it."""
    cells = " ".join(passage.place.cells) if passage.place else ""
    for text in (passage.text, cells, *reversed(passage.headings), passage.before):
        if named := systems(text):
            return tuple(named)
    return ()
