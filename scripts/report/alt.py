"""What a figure shows, in numbers: the text for people who do not see it."""

from __future__ import annotations

from collections.abc import Sequence

from ..reader import Series
from .known import Known
from .naming import setting_words
from .plot import Losses, Plot, Shares, Timeline
from .results import ReportRun
from .rounding import counted, shown
from .strips import Strips
from .system import system_of

# If there are more values at one setting, or more settings, the text has only the ends.
_MOST_VALUES, _MOST_SETTINGS = 3, 12
_DIGITS = 4


def numbers(plot: Plot, runs: Sequence[ReportRun], known: Known) -> str:
    """Return what a plot of comparable runs shows, as one sentence."""
    if isinstance(plot, Timeline):
        return _sentence([_phases(plot, run, known) for run in runs])
    if isinstance(plot, Losses):
        return _sentence([_loss(plot, run, known) for run in runs])
    return _by_setting(plot.setting, plot.whole if isinstance(plot, Shares) else plot.metric, runs, known)


def of_strips(strips: Strips) -> str:
    """Return what a strip plot shows: the lowest and the highest value of each setting."""
    sentences = []
    for row in strips.rows:
        values = sorted(float(dot.text) for dot in row.dots)
        ends = [shown(f"{value:.15g}", _DIGITS) for value in (values[0], values[-1])]
        sentences.append(f"{' to '.join(dict.fromkeys(ends))} at {row.label.replace(chr(10), ', ')}")
    return f"{strips.metric}: {_sentence(sentences)}"


def _by_setting(setting: str, metric: str, runs: Sequence[ReportRun], known: Known) -> str:
    """Return the values of a metric at each setting: `throughput, samples/s: 2 293 at 8 tasks; 4 608 at 16 tasks.`."""
    of_setting: dict[float, list[ReportRun]] = {}
    for run in runs:
        value = known.number(run, setting)
        if value is not None and known.number(run, metric) is not None:
            of_setting.setdefault(value, []).append(run)
    if not of_setting:
        return ""
    values = [
        f"{_values(metric, same, known)} at {_at(same[0], setting, known)}" for _, same in sorted(of_setting.items())
    ]
    quantity = known.of(next(iter(of_setting.values()))[0], metric)
    unit = f", {quantity.unit}" if quantity and quantity.unit else ""
    return f"{metric.replace('_', ' ')}{unit}: {_sentence(values)}"


def _values(metric: str, runs: Sequence[ReportRun], known: Known) -> str:
    ranked = sorted(runs, key=lambda run: known.number(run, metric) or 0)
    texts = [known.text(run, metric) for run in ranked]
    return " and ".join(texts) if len(texts) <= _MOST_VALUES else f"{texts[0]} to {texts[-1]}, n = {len(texts)},"


def _at(run: ReportRun, setting: str, known: Known) -> str:
    """Return the setting of a run in the words of its question."""
    headings = {asked.setting.name: asked.setting.heading for asked in system_of(run.system).questions}
    return setting_words(headings.get(setting, setting.replace("_", " ")), known.text(run, setting))


def _phases(plot: Timeline, run: ReportRun, known: Known) -> str:
    row = plot.rows(run, known)
    if row is None:
        return ""
    phases = [f"{phase.name} {shown(f'{phase.seconds:.15g}', _DIGITS)} s" for phase in row.phases]
    return f"{row.label.replace(chr(10), ', ')}: {', '.join(phases)}"


def _loss(plot: Losses, run: ReportRun, known: Known) -> str:
    series = next((series for series in run.run.series if series.name == "loss"), None)
    return f"{_at(run, plot.setting, known)}: {_ends(series)}" if series is not None else ""


def _ends(series: Series) -> str:
    return " to ".join(f"{series.values[end]} at step {counted(series.steps[end])}" for end in (0, -1))


def _sentence(parts: Sequence[str]) -> str:
    """Return parts as a sentence; of many, the first and the last."""
    texts = [part for part in parts if part]
    if len(texts) > _MOST_SETTINGS:
        texts = [texts[0], f"{len(texts) - 2} more", texts[-1]]
    return f"{'; '.join(texts)}." if texts else ""
