"""What results of any program look like: words of a metric, and a number beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

from .engine.events import at_start

# A search for few words skips fast over text without them, so there are no more than these.
_METRICS = (b"loss", b"accuracy", b"throughput", b"latency", b"perplexity")
_SHORT = (b"acc", b"ppl")  # where no letter is before them
_TIMES = (
    b"train_time", b"train_runtime", b"training time", b"Training time", b"Train time", b"test_time", b"Test time",
    b"inference_time", b"Inference time", b"eval_runtime", b"total_time", b"Total time", b"Elapsed time",
)  # fmt: skip
_COUNTED = (b"samples", b"tokens", b"sequences", b"images", b"items", b"inferences", b"examples", b"queries")
_PER_SECOND = re.compile(rb"(?: ?/ ?| per |_per_)s(?:ec(?:ond)?)?(?![A-Za-z])")
_BEFORE_RATE = re.compile(rb"\d[ \t]{0,4}$")
# What is between a key and its number: `loss=1.5`, `accuracy': 0.5`, `Latency (ms): 2.5`, `train time 20.5`.
_BEHIND_KEY = re.compile(
    rb"[\"'`*_]{0,3}(?: ?[(\[][^()\[\]\r\n]{1,20}[)\]])?"
    rb"(?:(?: (?:after|at|of|for|in|on) [^:=|\r\n]{1,24})?[ \t]{0,20}[:=|][ \t\"'`*]{0,20}[-+]?\.?\d"
    rb"|[ \t]{1,20}[-+]?\d{0,12}\.\d)"
)
_BEHIND_OWN = re.compile(rb"[ \t\"'=:`*|]{0,4}[-+]?\d")


def _spelt(words: tuple[bytes, ...]) -> tuple[bytes, ...]:
    return tuple(spelling for word in words for spelling in (word, word.capitalize(), word.upper()))


_SHORT_WORDS = frozenset(_spelt(_SHORT))
_WORDS = (*_spelt(_METRICS), *_SHORT_WORDS, *_TIMES, *_COUNTED)


def _search(words: tuple[bytes, ...]) -> BytesAhoCorasick:
    return BytesAhoCorasick(words, implementation=Implementation.DFA, matchkind=MatchKind.LeftmostFirst)


class Search:
    """Looks for results: for the words of metrics, and for what begins a value in the lines of a system.

    Parameters
    ----------
    own
        What begins a value, and whether only at the start of a line.
    """

    def __init__(self, own: Mapping[bytes, bool]) -> None:
        self._own = sorted(own.items(), key=lambda item: -len(item[0]))
        self._search = _search(tuple(word for word, _ in self._own))

    def results(self, text: bytes) -> Iterator[int]:
        """Yield where results are in a text: first those of metrics, then those of the system."""
        for index, begin, end in _common().find_matches_as_indexes(text):
            if _is_metric(_WORDS[index], text, begin, end):
                yield begin
        for index, begin, end in self._search.find_matches_as_indexes(text):
            if (not self._own[index][1] or at_start(text, begin)) and _BEHIND_OWN.match(text, end):
                yield begin


@cache
def _common() -> BytesAhoCorasick:
    return _search(_WORDS)


def _is_metric(word: bytes, text: bytes, begin: int, end: int, *, rates: bool = True) -> bool:
    """Return whether a word in a text has a number beside it as a metric has."""
    if word in _SHORT_WORDS and text[max(0, begin - 1) : begin].isalpha():
        return False
    if word in _COUNTED:
        per = _PER_SECOND.match(text, end)
        if per is None or (rates and _BEFORE_RATE.search(text[max(0, begin - 6) : begin])):
            return per is not None
        end = per.end()
    return _BEHIND_KEY.match(text, end) is not None


def has_key(line: str) -> bool:
    """Return whether a line has a metric's key and then a number; the pace of a bar, `5.5 samples/s`, has no key."""
    text = line.encode("utf-8", "replace")
    matches = _common().find_matches_as_indexes(text)
    return any(_is_metric(_WORDS[index], text, begin, end, rates=False) for index, begin, end in matches)
