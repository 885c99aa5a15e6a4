"""Cerebras: `run.py` and `cszoo` logs of the model zoo, releases 1.9 to 2.10."""

from __future__ import annotations

import math
import re
from typing import Any

from ..grammar import END, NUMBER, Dialect, Draft, Event, Lines, Role, Shape, decode, seconds, segment_start
from ..vocabulary import EVAL_FAMILY

_STEP_LINE = re.compile(rb"Train Device=[^\r\n]{0,400}[\r\n]")
_LEVEL = re.compile(rb"(?P<stamp>20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) +[A-Z]+:")


def _now(event: Event) -> float | None:
    """Return the moment of the event's own line, or None where a paste lacks it."""
    stamps = _LEVEL.findall(event.before())
    return seconds(decode(stamps[-1])) if stamps else None


def _begin(run: Draft[Any], event: Event) -> None:
    """Remember where the run's timestamps begin: the first of the block, whatever its line says."""
    stamp = run.earliest(_LEVEL, run.block, event.at)
    moment = seconds(decode(stamp.match[1])) if stamp else None
    if stamp is not None and moment is not None:
        run.notes["first"], run.notes["first_at"] = moment, stamp.at
        run.start = min(run.start, stamp.at)
        run.state_found("started_at", decode(stamp.match[1]), stamp)


def _span(run: Draft[Any], event: Event, name: str, since: str) -> None:
    """State the time from a phase's first line, which is then forgotten, to the event's."""
    now, begun = _now(event), run.notes.pop(since, None)
    if now is not None and begun is not None and now >= begun:
        run.state(name, f"{now - begun:.3f}", event.line, event.view_line)


def _remember(run: Draft[Any], event: Event, name: str) -> None:
    now = _now(event)
    if now is not None:
        run.notes[name] = now


def _compiling(run: Draft[Any], event: Event) -> None:
    _remember(run, event, "compile")


def _programming(run: Draft[Any], event: Event) -> None:
    _remember(run, event, "programming")


def _compiled(run: Draft[Any], event: Event) -> None:
    _span(run, event, "compile_time", "compile")


def _loop(run: Draft[Any], event: Event) -> None:
    _span(run, event, "programming_time", "programming")
    _remember(run, event, "loop")


def _initiating(run: Draft[Any], event: Event) -> None:
    run.notes["execute"] = float(event.match["job"] == b"execute")


def _job(run: Draft[Any], event: Event) -> None:
    if "execute" in run.notes:
        run.tell(event, "execute_job_id" if run.notes["execute"] else "compile_job_id", "id")


def _step(run: Draft[Any], lines: Event) -> None:
    assert isinstance(lines, Lines)
    if _is_eval(lines):
        return _eval(run, lines)
    run.label(lines, "stage", "train")
    run.notes.pop("Evaluation", None)
    if run.notes.pop("Training", None):  # it had ended a round of it, before an evaluation
        run.endings[:] = [ending for ending in run.endings if ending.outcome != "completed"]
    run.notes["step"] = lines.steps[-1]
    run.extend(lines, "loss", "rate", "global_rate")
    moments = lines.moments()
    if "first" in run.notes:
        run.extend_times(lines, moments, run.notes["first"])
    _sum_up(run, lines, moments)


def _sum_up(run: Draft[Any], lines: Lines, moments: list[float | None]) -> None:
    """State what the last step line that says it says of the run as a whole."""
    told = [place for place, rate in enumerate(lines.columns["global_rate"]) if rate]
    if told and told[-1] == len(lines.offsets) - 1:
        run.restate("throughput", decode(lines.columns["global_rate"][told[-1]]), *lines.places(told[-1]))
    else:
        run.facts.pop("throughput", None)  # an earlier line's is not the run's
    timed = [(place, now) for place, now in enumerate(moments) if now is not None]
    if timed and timed[-1][1] >= run.notes.get("loop", math.inf):
        place, now = timed[-1]
        run.restate("train_time", f"{now - run.notes['loop']:.3f}", *lines.places(place))
    run.notes["stepped"] = lines.base + lines.end_of_last()


def _is_eval(event: Event) -> bool:
    return event.match["batch"] is not None or b"Eval Device=" in event.before()


def _may_be_eval(lines: Lines) -> bool:
    """Return whether some of the lines may be an evaluation's, so that each must be looked at."""
    data = lines.match.string[segment_start(lines.match.string, lines.offsets[0]) : lines.offsets[-1]]
    return any(lines.columns["batch"]) or b"Eval Device=" in data


def _eval(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "eval")
    run.notes.pop("Evaluation", None)
    run.point(event, "eval_loss", int(event.match["batch"] or event.match["step"]), event.text("loss"))
    if event.match["global_rate"] and "step" not in run.notes:
        run.restate("throughput", event.text("global_rate"), event.line, event.view_line)


def _eval_loss(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "eval")
    run.notes.pop("Evaluation", None)
    run.tell(event, "eval_loss", "loss")


def _eval_metric(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "eval")
    run.tell(event, EVAL_FAMILY + event.text("name"), "value")


def _completed(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "train" if event.match["what"] == b"Training" else "eval")
    run.notes[event.text("what")] = 1
    if event.match["what"] == b"Training" or "step" not in run.notes:  # an evaluation between steps ends no training
        run.complete(event)


def _both_completed(run: Draft[Any], event: Event) -> None:
    run.complete(event)


def _processed(run: Draft[Any], event: Event) -> None:
    run.tell(event, "samples", "samples")
    run.tell(event, "reported_time", "seconds")
    run.finished_at = event.end


def _failed(run: Draft[Any], event: Event) -> None:
    run.fail(event, event.text("reason"))


def _cancelled(run: Draft[Any], event: Event) -> None:
    run.stop(event, "killed", event.text("reason"))


def _anew(run: Draft[Any], event: Event) -> bool:
    if event.shape is _BATCH_SIZE:
        return run.has("batch_size") or bool(run.series or run.endings)
    if event.shape is _STEP and not _is_eval(event):
        step, last = int(event.match["step"]), run.notes.get("step", 0)
        return step < last or (step == last and ("Training" in run.notes or _rivals(run, event)))
    if event.shape in _COMPLETED:
        return bool(run.notes.get(event.text("what")))
    return False


def _rivals(run: Draft[Any], event: Event) -> bool:
    """Return whether the last step is said again with another loss or rate: two runs cannot share it."""
    step = int(event.match["step"])
    for name in ("loss", "rate", "global_rate"):
        series, said = run.series.get(name), event.match[name] and event.text(name)
        if said and series is not None and series.values and series.steps[-1] == step and series.values[-1] != said:
            return True
    return False


def _close(run: Draft[Any]) -> None:
    if "stepped" in run.notes and run.earliest(_STEP_LINE, int(run.notes["stepped"])):
        for name in ("throughput", "train_time"):  # a later step line that cannot be read would say them
            run.facts.pop(name, None)
    last = run.latest(_LEVEL, run.finished_at)
    moment = seconds(decode(last.match[1])) if last else None
    if last is None or moment is None or "first" not in run.notes:
        return
    run.state_found("ended_at", decode(last.match[1]), last)
    if last.at > run.notes["first_at"] and moment >= run.notes["first"]:
        run.state_found("total_time", f"{moment - run.notes['first']:.3f}", last)


# What follows an id; a single word on the next line may be the rest of it, which a narrow terminal broke off.
_WHOLE = rb"(?=[, \t<`*]|\r?\n(?!\w+[,\r\n]))"
_BATCH_SIZE = Shape(rb"Effective batch size is (?P<batch_size>\d+)\.?(?=[\s<`*)])", Role.OPENS)
_STEP = Shape(
    rb"Step=(?P<step>\d{1,18}), (?:Batch=(?P<batch>\d{1,18}), )?Loss=(?P<loss>" + NUMBER + rb")" + END +
    rb"(?!\r?\n\d+, Rate=)(?:, Rate=(?P<rate>" + NUMBER + rb") samples/sec)?"
    rb"(?:, GlobalRate=(?P<global_rate>" + NUMBER + rb") samples/sec)?",
    Role.GIVES,
    _step,
    series=True,
    apart=_may_be_eval,
)  # fmt: skip
_COMPLETED = (
    Shape(rb"(?<![\"'])(?P<what>Training) completed successfully!", Role.GIVES, _completed),
    Shape(rb"(?<![\"'])(?P<what>Evaluation) completed successfully!", Role.GIVES, _completed),
)

DIALECT = Dialect(
    system="Cerebras",
    signs=(b"wsjob-", b"Cerebras", b"sample(s) in ", b"sample\\(s\\) in ", b"Effective batch size is",
           b" completed successfully!", b", Loss="),
    shapes=(
        Shape(rb"--python_paths [^\r\n]{0,200}?/R_(?P<sdk_version>\d+\.\d+\.\d+)(?=/)", Role.AHEAD),
        _BATCH_SIZE,
        Shape(rb"(?<![\"'])Compiling the model\.", Role.GIVES, _compiling, bare=True),
        Shape(rb"(?<![\"'])Compile was successful!", Role.GIVES, _compiled),
        Shape(rb"Initiating a new (?P<job>compile|execute)", Role.GIVES, _initiating, bare=True),
        # Later releases begin both with a capital letter.
        Shape(rb"ompile job id: (?P<compile_job_id>wsjob-[\w-]++)" + _WHOLE, bare=True),
        Shape(rb"xecute job id: (?P<execute_job_id>wsjob-[\w-]++)" + _WHOLE, bare=True),
        Shape(rb"Job id: (?P<id>wsjob-[\w-]++)" + _WHOLE, Role.GIVES, _job, bare=True),
        Shape(rb"Compile hash is: (?P<compile_hash>cs_\w++)" + _WHOLE, bare=True),
        Shape(rb"Found existing cached compile with hash: \"?(?P<compile_hash>cs_\w++)(?=[\"\s<])", bare=True),
        Shape(rb"(?<![\"'])Programming Cerebras Wafer Scale Cluster", Role.GIVES, _programming, bare=True),
        Shape(rb"Preparing to execute using (?P<csx>\d+) CSX"),
        Shape(rb"(?<![\"'])Beginning appliance run", Role.GIVES, _loop, bare=True),
        _STEP,
        Shape(rb"Avg Eval Loss: (?P<loss>" + NUMBER + rb")" + END, Role.GIVES, _eval_loss),
        Shape(rb"- eval/(?P<name>[\w/]{1,80}) = (?P<value>" + NUMBER + rb")" + END, Role.GIVES, _eval_metric),
        *_COMPLETED,
        Shape(rb"Training and Eval runs completed successfully!", Role.GIVES, _both_completed),
        Shape(
            rb"Processed (?P<samples>\d+) (?:[a-z]{1,20} )?sample\\?\(s\\?\) in (?P<seconds>" + NUMBER + rb") seconds",
            Role.GIVES, _processed
        ),
        Shape(
            rb"ERROR: +(?P<reason>(?:Job|Poll ingress for) wsjob-[\w-]+ failed[ :][^\r\n]{1,400}+)(?=[\r\n])",
            Role.INSIDE, _failed
        ),
        Shape(rb"(?P<reason>Job wsjob-[\w-]+ was cancelled[^\r\n]{0,200}+)(?=[\r\n])", Role.INSIDE, _cancelled),
    ),
    begin=_begin,
    anew=_anew,
    stamp=_LEVEL,
    close=_close,
)  # fmt: skip
