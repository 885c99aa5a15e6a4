"""What runs and quantities are called away from their own pages: in headings, link texts and link titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import regex

from ..reader import Fact, marks, term
from .results import ReportRun
from .rounding import shown
from .system import system_of

# A counted setting and its number: `32 tasks`.
_COUNTED = regex.compile(r"(?P<number>\S+) (?P<noun>[a-z ]+?)s?")
_NOT_STATED = "not stated"


def labels(runs: Sequence[ReportRun]) -> dict[str, str]:
    """Return a label of each run by id: its setting, its person if there are several, its number among equals.

    Examples are `32 tasks`, `learning rate 0.05, run 2 of 3` and `compile`.
    """
    people: dict[str, set[str]] = {}
    for run in runs:
        people.setdefault(run.system, set()).add(run.entry.author)
    alone = {run.id: _alone(run, len(people[run.system]) > 1) for run in runs}
    alike = Counter((run.system, alone[run.id]) for run in runs)
    seen: Counter[tuple[str, str]] = Counter()
    names = {}
    for run in runs:
        key = run.system, alone[run.id]
        seen[key] += 1
        names[run.id] = alone[run.id] + (f", run {seen[key]} of {alike[key]}" if alike[key] > 1 else "")
    return names


def _alone(run: ReportRun, several: bool) -> str:
    """Return the label of a run as if no other had its setting."""
    return _setting(run) + (f", {run.entry.author}" if several and run.entry.author else "")


def _setting(run: ReportRun) -> str:
    """Return the varied setting of a run in words; a compile has none."""
    column = system_of(run.system).setting(run.stated("workload"))
    if run.word("stage") == "compile" or column is None:
        return run.word("stage") or "run"
    value = run.word(column.name, column.device) or run.declared_value(column.name)
    return setting_words(column.heading, shown(value, term(column.name).digits))


def setting_words(heading: str, text: str) -> str:
    """Return a setting in words, from the heading of its column and its value as a page shows it.

    >>> setting_words("tasks", "32"), setting_words("batch size, samples", "512"), setting_words("epochs", "")
    ('32 tasks', 'batch size 512', 'epochs not stated')
    """
    noun = heading.partition(",")[0]
    if not text:
        return f"{noun} {_NOT_STATED}"
    if not noun.endswith("s") or noun.endswith("ss"):
        return f"{noun} {text}"
    return f"{text} {noun.removesuffix('s') if text == '1' else noun}"


def run_title(system: str, label: str, outcome: str) -> str:
    """Return the heading of a run's page.

    >>> run_title("SambaNova", "32 tasks, run 2 of 2", "failed its check")
    'SambaNova · 32 tasks · failed its check · run 2 of 2'
    """
    setting, *rest = label.split(", ")
    return " · ".join([system, setting, outcome, *rest])


def facts_of(label: str) -> str:
    """Return the text of a link to the facts of a run.

    >>> facts_of("32 tasks, run 2 of 2"), facts_of("learning rate 0.05"), facts_of("compile")
    ('facts of the 32-task run, 2 of 2', 'facts of the run with learning rate 0.05', 'facts of the compile run')
    """
    setting, *rest = label.split(", ")
    counted = _COUNTED.fullmatch(setting)
    if counted and setting[:1].isdigit():
        words = f"the {counted['number']}-{counted['noun']} run"
    elif any(sign.isdigit() for sign in setting):
        words = f"the run with {setting}"
    else:
        words = (
            f"the run, {setting}" if setting.endswith(_NOT_STATED) else f"the {setting} run".replace("run run", "run")
        )
    return ", ".join([f"facts of {words}", *(part.removeprefix("run ") for part in rest)])


def between_lines(fact: Fact) -> bool:
    """Return whether a fact is the time between two lines: a duration that the line of its end does not print."""
    printed = marks(fact.name, fact.value, fact.evidence)
    return bool(fact.evidence) and term(fact.name).duration and not printed


def line_of(fact: Fact) -> str:
    """Return where a fact is, for the title of a link: the line that states it, or on which its duration ends."""
    return f"{'ends on ' if between_lines(fact) else ''}line {fact.line}"


def title(name: str, *parts: str, device: str = "") -> str:
    """Return the title of a link: what it states, of which run, and where.

    >>> title("token_throughput", "32 tasks", "line 2887"), title("accuracy", "256 tokens", "line 9", device="groq")
    ('token throughput, 32 tasks, line 2887', 'accuracy on groq, 256 tokens, line 9')
    >>> title("learning_rate", "learning rate 0.05", "declared")
    'learning rate 0.05, declared'
    """
    words = name.replace("_", " ") + (f" on {device}" if device else "")
    given = [part for part in parts if part]
    return ", ".join(given if given and given[0].startswith(f"{words} ") else [words, *given])
