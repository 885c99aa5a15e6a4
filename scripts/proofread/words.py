"""The words by which a text names quantities, systems and changes: those of the vocabulary and of the dialects."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

import regex

from ..reader import TERMS, known_dialects

_QUANTITIES = tuple(term for term in TERMS if term.kind in ("parameter", "metric", "series") or term.name == "job_id")
_NAMES = frozenset(term.name for term in _QUANTITIES)
_TIME_UNITS = ("s", "min", "ms")


def _of_unit(*units: str) -> tuple[str, ...]:
    return tuple(term.name for term in _QUANTITIES if term.unit in units)


# What runs are set to: by it a text tells them apart. Bounds of a rate are none.
SETTINGS = frozenset(term.name for term in _QUANTITIES if term.kind == "parameter" and "/" not in term.unit)
_RATES = tuple(term.name for term in _QUANTITIES if term.kind == "metric" and term.unit.endswith("/s"))
_TIMES = tuple(term.name for term in _QUANTITIES if term.kind == "metric" and term.unit in _TIME_UNITS)
# Quantities that a text names loosely: it says "time" or "latency" of several that a log tells apart.
LOOSE = frozenset(_of_unit(*_TIME_UNITS, "inferences/s"))

# The units of each quantity in a text; where no word names the quantity, the unit does.
BY_UNIT: dict[str, tuple[str, ...]] = (
    {unit: _of_unit(unit) for unit in ("%", "samples/s", "tokens/s", "inferences/s")}
    | {unit: _of_unit("ms") for unit in ("ms", "us")}
    | {"per second": _RATES}
    | {unit: _of_unit("s", "min") for unit in ("s", "min", "h")}
)

# Words that may mean any quantity of a unit.
_GENERAL = (
    (_RATES, (r"throughputs?", r"(?:processing |training |sample processing )?(?:rate|speed)s?", r"performance")),
    (
        _TIMES,
        (
            r"(?:run|processing|execution|elapsed|reported)? ?times?(?! \d)(?<!\d times)",
            r"\btook\b",
            r"\btakes?\b",
            r"\bseconds\b",
            r"in total",
        ),
    ),
)
# Words for what no log states, so that a number beside them is not taken for something else.
_NEVER_STATED = (
    (("hardware_count",), (r"tasks? per node", r"cpus? per task", r"[cigr][pd]us\b", r"devices")),
    (("test_batch_size",), (r"test batch ?sizes?",)),
)
FORMULAS = ("speed_up", "efficiency", "error_rate")
_DERIVED = (
    (("speed_up",), (r"speed ?ups?",)),
    (("efficiency",), (r"(?:weak |strong )?(?:scaling |parallel )?efficienc(?:y|ies)",)),
    (("error_rate",), (r"error rates?",)),
)

CHANGE = regex.compile(
    r"(?i)increas|decreas|improve|drop|\brais|\bgrew|declin|multipl|faster|slower|gain|reduc|speed.?up|efficien|higher"
    r"|lower|grow|rise|rose|fell|difference|ratio|average|mean\b|more than|less than|(?:%|per ?cent)\s+(?:more|less)\b"
    r"|better|worse|overhead|share|double|triple|error rate"
    r"|\b(?:goes|went|go) (?:up|down)|\b(?:up|down) by"
)


class Mention(NamedTuple):
    """A phrase of a text that names quantities."""

    start: int
    end: int
    names: tuple[str, ...]


@cache
def _phrases() -> tuple[tuple[regex.Pattern[str], tuple[str, ...]], ...]:
    """Return each phrase's pattern with the quantities that it names, in the order of the vocabulary."""
    named: dict[str, list[str]] = {}
    for term in _QUANTITIES:
        own = (f"{term.name.replace('_', ' ')}s?",) if "_" in term.name else ()
        for word in term.words or own:
            named.setdefault(word, []).append(term.name)
    by_names: dict[tuple[str, ...], list[str]] = {}
    for word, names in named.items():
        by_names.setdefault(_with_bounds(names), []).append(word)
    for several, general in (*_GENERAL, *_NEVER_STATED, *_DERIVED):
        by_names.setdefault(several, []).extend(general)
    return tuple((_pattern(words), names) for names, words in by_names.items())


def _with_bounds(names: list[str]) -> tuple[str, ...]:
    """Return quantities with their own bounds: a text that names one may give the bounds that it must be within."""
    bounds = [bound for name in names for bound in (f"{name}_min", f"{name}_max") if bound in _NAMES]
    return tuple(dict.fromkeys([*names, *bounds]))


def _pattern(words: Iterable[str]) -> regex.Pattern[str]:
    return regex.compile(rf"(?i)(?<![a-z]){_spaced('|'.join(words))}(?![a-z])")


def _spaced(phrase: str) -> str:
    """Return a phrase's pattern in which a blank also matches hyphens, underscores and line breaks."""
    return regex.sub(r" (\??)", lambda match: r"(?:[\s_-]*)" if match[1] else r"(?:[\s_-]+)", rf"(?:{phrase})")


@lru_cache(maxsize=4096)  # headings and cells of a table come again and again
def mentions(text: str) -> tuple[Mention, ...]:
    """Return the phrases of a text that name quantities, in their order; of those that overlap, the longest."""
    if not any(map(str.isalpha, text)):
        return ()
    found = [
        Mention(match.start(), match.end(), names)
        for pattern, names in _phrases()
        for match in pattern.finditer(text)
        if match[0].strip()
    ]
    found.sort(key=lambda mention: (mention.start - mention.end, mention.start))
    kept: list[Mention] = []
    for mention in found:
        if all(mention.end <= other.start or other.end <= mention.start for other in kept):
            kept.append(mention)
    return tuple(sorted(kept))


@cache
def _systems() -> tuple[tuple[str, regex.Pattern[str]], ...]:
    called = {dialect.system: dialect.called or regex.escape(dialect.system) for dialect in known_dialects()}
    return tuple((system, regex.compile(f"(?i){_spaced(pattern)}")) for system, pattern in called.items())


@lru_cache(maxsize=256)
def systems(text: str) -> list[str]:
    """Return the systems that a text names, the last named first."""
    places = [(max((m.start() for m in pattern.finditer(text)), default=-1), system) for system, pattern in _systems()]
    return [system for place, system in sorted(places, reverse=True) if place >= 0]
