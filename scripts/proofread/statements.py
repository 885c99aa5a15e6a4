"""Words of a text that the logs can confirm or contradict: a few plain forms.

One form says how runs ended ("all runs completed"). One says that a quantity grows or falls with a setting. One calls
results identical. Nothing else in a sentence is judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

import regex

from .page import Page, Passage
from .stated import StatedRun
from .verdicts import CONFIRMED, CONTRADICTED, Row
from .words import SETTINGS, mentions, systems

_ALL = r"(?:all|every|each|both)(?: of)?(?: the| these| my)? (?:\w+ ){0,2}(?:runs?|jobs?|cases?|experiments?|trials?)"
_ENDED = {
    "completed": regex.compile(rf"(?i)\b{_ALL}\b[^.;]{{0,40}}\b(?:completed|finished|succeeded|successful(?:ly)?)\b"),
    "failed": regex.compile(
        rf"(?i)\b{_ALL}\b[^.;]{{0,80}}\b(?:failed|crashed|run errors?|ended (?:with|in) an? error)\b"
    ),
}
_NOT = regex.compile(r"(?i)\b(?:not|except|almost|nearly|most|but (?:for|one|two|three|the))\b|n't\b")
_ORDER = regex.compile(
    r"(?i)(?P<word>increas\w*|grows?|rises?|goes up|improves?|decreas\w*|falls?|drops?|goes down|shrinks?)"
    r" (?:with|as|when) (?:an? |the )?(?:larger |increasing |growing |higher |more )?"
)
_DOWN = regex.compile(r"(?i)decreas|fall|drop|goes down|shrink")
_SAME = regex.compile(r"(?i)\b(?:identical|exactly the same|the same to the last digit)\b")


def statements(name: str, page: Page, runs: Sequence[StatedRun]) -> Iterator[Row]:
    """Yield a row for each statement in words that the logs confirm or contradict."""
    for passage in page.passages:
        if passage.place is None and not passage.is_heading:
            scope = _scope(passage, runs)
            for at, text, holds, note in (*_endings(passage, scope), *_orders(passage, scope), *_same(passage, scope)):
                line, column = page.position(passage.start + at)
                words = " ".join(text.split())
                yield Row(name, line, column, words, CONFIRMED if holds else CONTRADICTED, "statement", note=note)


def _scope(passage: Passage, runs: Sequence[StatedRun]) -> list[StatedRun]:
    for text in (passage.text, *reversed(passage.headings), passage.before):
        if named := systems(text):
            return [run for run in runs if run.system in named]
    return list(runs)


def _endings(passage: Passage, scope: Sequence[StatedRun]) -> Iterator[tuple[int, str, bool, str]]:
    jobs = [run for run in scope if run.stage in ("train", "inference", "")]
    for outcome, pattern in _ENDED.items():
        match = pattern.search(passage.text)
        if (
            match
            and jobs
            and all(run.outcome for run in jobs)
            and not _NOT.search(passage.text[max(0, match.start() - 12) : match.end()])
        ):
            others = [run for run in jobs if run.outcome != outcome]
            note = f"{len(jobs) - len(others)} of {len(jobs)} runs {outcome}"
            note += f"; {others[0].id} {others[0].outcome}" if others else ""
            yield match.start(), match[0], not others, note


def _orders(passage: Passage, scope: Sequence[StatedRun]) -> Iterator[tuple[int, str, bool, str]]:
    """Yield what a sentence of the form "the THROUGHPUT increases with the BATCH SIZE" says."""
    for match in _ORDER.finditer(passage.text):
        named = mentions(passage.text)
        before = [mention for mention in named if mention.end <= match.start()]
        after = [mention for mention in named if mention.start >= match.end() - 1 and mention.start - match.end() < 20]
        if not before or not after or after[0].names[0] not in SETTINGS or before[-1].names[0] in SETTINGS:
            continue
        for name in before[-1].names:
            pairs = _by_setting(scope, after[0].names[0], name)
            if len(pairs) > 1:
                falls = bool(_DOWN.search(match["word"]))
                holds = all((b < a) if falls else (b > a) for (_, a), (_, b) in pairwise(pairs))
                text = passage.text[before[-1].start : after[0].end]
                values = ", ".join(f"{value} at {setting}" for setting, value in pairs)
                yield before[-1].start, text, holds, f"{name}: {values}"
                break


def _by_setting(scope: Sequence[StatedRun], setting: str, name: str) -> list[tuple[Decimal, Decimal]]:
    """Return (setting, smallest value) in the order of the setting; nothing where values of two settings overlap."""
    values_of: dict[Decimal, list[Decimal]] = {}
    for run in scope:
        for at in run.of((setting,)):
            values_of.setdefault(at.value, []).extend(stated.value for stated in run.of((name,)))
    return [(at, min(values)) for at, values in sorted(values_of.items()) if values]


def _same(passage: Passage, scope: Sequence[StatedRun]) -> Iterator[tuple[int, str, bool, str]]:
    match = _SAME.search(passage.text)
    named = [mention for mention in mentions(passage.text) if mention.names[0] not in SETTINGS]
    if not match or len(named) != 1 or _NOT.search(passage.text):
        return
    name = next((name for name in named[0].names if any(run.of((name,)) for run in scope)), "")
    values = {stated.printed for run in scope for stated in run.of((name,))} if name else set()
    if values:
        start, end = min(named[0].start, match.start()), max(named[0].end, match.end())
        yield start, passage.text[start:end], len(values) == 1, f"{name}: {', '.join(sorted(values))}"
