"""What a transformation cost: each fact and run of the changed log held against those of the original."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import NamedTuple

from parsers.facts import Fact, Reading, Run
from parsers.reading import parse

from .texts import Changed, Transformation

# Names whose loss must not go unsaid: how a run ended, and what answers a system's question.
ANSWERS = frozenset({"outcome", "throughput", "test_accuracy", "end_to_end_latency", "on_chip_latency"})
# Outcomes that do not claim to know how a run ended.
_OPEN = frozenset({"truncated", "unknown"})
SAME, SAID, UNSAID, ANSWER, WRONG, INVENTED = VERDICTS = (
    "same", "fewer, said", "fewer, unsaid", "answer, unsaid", "wrong", "invented",
)  # fmt: skip


class Point(NamedTuple):
    """A fact or a point of a series, without the run that it is of."""

    name: str
    device: str
    step: int
    value: str
    line: int


# What must be alike. A line that says the same again stands in for one that is lost. Points without a step of their own
# are numbered, so that those behind a lost one have another number.
_KEYS: tuple[Callable[[Point], object], ...] = (
    lambda point: point,
    lambda point: point._replace(step=0),
    lambda point: point._replace(line=0),
    lambda point: point._replace(line=0, value=_number(point.value)),
)


def _number(value: str) -> str:
    """Return a number as Python prints it: a table of results repeats numbers with other digits."""
    try:
        return repr(float(value))
    except ValueError:
        return value


class Verdicts(NamedTuple):
    """How many facts got which verdict, and examples of the bad ones."""

    counts: Counter[str]
    examples: list[str]


def judged(data: bytes, transformation: Transformation) -> Verdicts:
    """Return what reading a transformed log gave, held against reading the log."""
    changed = transformation.make(data)
    before = parse(data if changed.original is None else changed.original, "")
    after = parse(changed.data, "")
    return _Judge(before, after, changed).verdicts()


class _Judge:
    def __init__(self, before: Reading, after: Reading, changed: Changed) -> None:
        self.before, self.after, self.places = before, after, changed.places
        self.said = bool(after.reason or after.notes or after.unread > before.unread)
        self.counts: Counter[str] = Counter()
        self.examples: list[str] = []
        # Lines that nobody can tell from a program's own, once they are broken or cut where the program's line ends.
        # The original holds more than that, so none of its facts is on them, and the reader says that they are unread.
        self.longer: set[int] = set()

    def verdicts(self) -> Verdicts:
        """Return the verdicts on all facts: first on those of the same lines, then on those that moved."""
        left = [point for run in self.before.runs for point in _points(run)]
        found = [point._replace(line=self._place(point.line)) for run in self.after.runs for point in _points(run)]
        if self.before.unread > self.after.unread:
            self.longer = {point.line for point in found if point.step} - {point.line for point in left}
        lost = left
        for key in _KEYS:
            lost, found = self._unmatched(lost, found, key)
        for point in found:
            self._judge_other(point, left)
        for point in lost:
            self._note_missing(point)
        self._judge_runs()
        return Verdicts(self.counts, self.examples)

    def _unmatched(
        self, lost: list[Point], found: list[Point], key: Callable[[Point], object]
    ) -> tuple[list[Point], list[Point]]:
        """Count the points that are on both sides; return what is left on either."""
        pool: defaultdict[object, list[Point]] = defaultdict(list)
        for point in lost:
            pool[key(point)].append(point)
        others = [point for point in found if not (pool[key(point)] and pool[key(point)].pop())]
        self.counts[SAME] += len(found) - len(others)
        return [point for points in pool.values() for point in points], others

    def _judge_other(self, point: Point, left: list[Point]) -> None:
        """Judge a fact that is none of the original's: words that were cut are fewer, all else is wrong."""
        if point.line in self.longer:
            return
        whole = (other for other in left if other[:3] == point[:3] and other.line == point.line)
        words = not point.value.replace(".", "").isdigit()
        if not (words and any(other.value.startswith(point.value) for other in whole)):
            self._note(WRONG, f"line {point.line}: {point.name} {point.device} {point.step or ''} = {point.value}")

    def _place(self, line: int) -> int:
        return self.places[line - 1] if line <= len(self.places) else self.places[-1]

    def _note_missing(self, point: Point) -> None:
        verdict = SAID if self.said else ANSWER if point.name in ANSWERS else UNSAID
        self._note(verdict, f"line {point.line}: {point.name} {point.step or ''} = {point.value}")

    def _judge_runs(self) -> None:
        """Match the runs by the lines that they share. Each pair's outcome is a fact; so is a run without a pair."""
        free = list(self.before.runs)
        for run in self.after.runs:
            first, last = self._place(run.first_line), self._place(run.last_line)
            shared = [min(last, other.last_line) - max(first, other.first_line) for other in free]
            best = max(range(len(free)), key=shared.__getitem__, default=-1)
            if best < 0 or shared[best] < 0:
                if all(self._place(point.line) in self.longer for point in _points(run)):
                    continue
                self._note(INVENTED, f"lines {run.first_line}-{run.last_line}: a run")
                continue
            self._judge_outcome(free.pop(best), run)
        for run in free:
            self._note(SAID if self.said else ANSWER, f"lines {run.first_line}-{run.last_line}: no such run")

    def _judge_outcome(self, before: Run, after: Run) -> None:
        was, now = _outcome(before), _outcome(after)
        if was == now:
            self.counts[SAME] += 1
        else:
            verdict = (SAID if self.said else ANSWER) if now in _OPEN else WRONG
            self._note(verdict, f"lines {after.first_line}-{after.last_line}: outcome {now}, was {was}")

    def _note(self, verdict: str, words: str) -> None:
        self.counts[verdict] += 1
        self.examples.append(f"{verdict}: {words}")


def _outcome(run: Run) -> str:
    fact = run.fact("outcome")
    return fact.value if fact else ""


def _points(run: Run) -> list[Point]:
    """Return what a run states, but how it ended, which is judged apart, and of which system it is."""
    facts = [_point(fact) for fact in run.facts if fact.name not in ("outcome", "system")]
    for series in run.series:
        columns = zip(series.steps, series.values, series.lines, strict=True)
        facts += [Point(series.name, "", step, value, line) for step, value, line in columns]
    return facts


def _point(fact: Fact) -> Point:
    return Point(fact.name, fact.device, 0, fact.value, fact.line)
