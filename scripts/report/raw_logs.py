"""The table of raw_logs/README.md: each log of the catalog, what is in it, and where its bytes are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from ..logs.catalog import Entry
from .blocks import NO_RUN, NOTHING, failed_after_finishing
from .known import Known
from .markdown import code, escaped, link, table
from .results import ReportRun, Results
from .rounding import counted
from .system import Question, system_of

_HEADER = ("log", "runs", "what was varied", "what it shows", "where its bytes are")


def logs_table(results: Results, known: Known, _page: str) -> str:
    """Return a table with a row for each log, in the order of the catalog."""
    of_log: dict[str, list[ReportRun]] = {log.entry.path: [] for log in results.logs}
    for run in results.runs:
        of_log[run.entry.path].append(run)
    rows = [_row(log.entry, of_log[log.entry.path], known) for log in results.logs]
    return table(_HEADER, rows, "lrlll") if rows else f"{NO_RUN}\n"


def _row(entry: Entry, runs: Sequence[ReportRun], known: Known) -> list[str]:
    return [
        link(code(entry.path), quote(entry.path)) if entry.kept else code(entry.path),
        counted(len(runs)),
        _joined(_varied(asked, of_question, known) for asked, of_question in _by_question(runs)),
        _joined([_outcomes(runs), *(_measured(asked, some, known) for asked, some in _by_question(runs))]),
        _bytes(entry),
    ]


def _by_question(runs: Sequence[ReportRun]) -> list[tuple[Question, list[ReportRun]]]:
    """Return the questions that the runs answer, each with its runs; compiles answer none."""
    runs_by_question: dict[Question, list[ReportRun]] = {}
    for run in runs:
        asked = system_of(run.system).question(run.word("workload"))
        if asked is not None and run.word("stage") != "compile":
            runs_by_question.setdefault(asked, []).append(run)
    return list(runs_by_question.items())


def _varied(asked: Question, runs: Sequence[ReportRun], known: Known) -> str:
    """Return the setting that a question varies, and its values in their order."""
    setting = asked.setting
    heading = setting.heading.partition(",")[0]
    values = _texts(runs, setting.name, setting.device, known)
    return f"{escaped(heading)} {', '.join(map(escaped, values))}" if values else ""


def _measured(asked: Question, runs: Sequence[ReportRun], known: Known) -> str:
    """Return what answers a question, for each device: its value, or the lowest and the highest."""
    logged = [fact.device for run in runs for fact in run.run.facts if fact.name == asked.metric]
    return "; ".join(
        filter(None, (_ends(asked.metric, device, runs, known) for device in dict.fromkeys(logged or [""])))
    )


def _ends(metric: str, device: str, runs: Sequence[ReportRun], known: Known) -> str:
    values = _texts(runs, metric, device, known)
    if not values:
        return ""
    unit = next(quantity.unit for run in runs if (quantity := known.of(run, metric, device)) is not None)
    named = f"{metric.replace('_', ' ')} ({device})" if device else metric.replace("_", " ")
    ends = " to ".join(dict.fromkeys([values[0], values[-1]]))
    return escaped(f"{named} {ends} {unit}".rstrip())


def _texts(runs: Sequence[ReportRun], name: str, device: str, known: Known) -> list[str]:
    """Return the different values of runs as pages show them, from the lowest to the highest."""
    numbers = {known.text(run, name, device): known.number(run, name, device) for run in runs}
    return sorted((text for text, value in numbers.items() if value is not None), key=lambda text: numbers[text] or 0)


def _outcomes(runs: Sequence[ReportRun]) -> str:
    """Return what the runs did and how they ended: `bert-large train: 4 completed, 1 failed`."""
    ended: dict[str, Counter[str]] = {}
    for run in runs:
        named = " ".join(run.stated(name) for name in ("workload", "stage") if run.stated(name))
        after = " its own check after finishing" if failed_after_finishing(run) else ""
        ended.setdefault(named, Counter())[run.word("outcome") + after] += 1
    return "; ".join(
        escaped(f"{named}: {', '.join(f'{count} {outcome}' for outcome, count in counts.items())}".removeprefix(": "))
        for named, counts in ended.items()
    )


def _bytes(entry: Entry) -> str:
    if entry.kept:
        return "here"
    transcription = link("transcription", quote(f"{entry.path}.facts.csv"))
    return f"{link('permalink', entry.url)} or {code('make logs')}; here: {transcription}"


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(text for text in texts if text) or NOTHING
