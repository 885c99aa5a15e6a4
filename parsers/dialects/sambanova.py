"""SambaNova: BERT compile and training logs of SambaFlow, and the starter programs' lines."""

from __future__ import annotations

import re
from typing import Any

from ..engine.evidence import of_text
from ..grammar import END, EOL, NUMBER, Dialect, Draft, Event, Lines, Role, Shape, decode, seconds

_LOGGED = re.compile(rb"(?P<stamp>20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) - ")
_OPTION = re.compile(rb"(?<=\s)(?P<option>--?[a-z_]++)[ \t=]++(?P<value>" + NUMBER + rb")(?=\s|\Z)")
# A pasted line that the terminal's width broke within a number goes on with the rest of it.
_WRAPPED = re.compile(rb"\r?\n[\d.]+ +-")
_REST = rb"(?!\r?\n[\d.]+(?:[eE][+-]?\d+)?[,}])"
_IN_DICTIONARY = re.compile(rb" *[,}]")
_OPTIONS = {
    b"-b": "batch_size",
    b"--max_seq_length": "sequence_length",
    b"--learning_rate": "learning_rate",
    b"--steps_this_run": "steps",
    b"--min_throughput": "token_throughput_min",
    b"--max_throughput": "token_throughput_max",
}


def _header(run: Draft[Any], event: Event) -> None:
    run.tell(event, "model", "model")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", event.text("model"))
    run.label(event, "workload", words.lower().replace("_", "-"))


def _compile(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "compile")
    said = event.match.groupdict()
    if said.get("begun") is not None:
        run.notes["compile_begun"] = int(event.text("begun"))
    if said.get("ended") is not None:
        run.notes["compile_ended"] = 1
        if "compile_begun" in run.notes:
            taken = int(event.text("ended")) - int(run.notes["compile_begun"])
            run.state("compile_time", str(taken), event.line, event.view_line)
    if said.get("options") is not None:
        _command(run, event)


def _command(run: Draft[Any], event: Event) -> None:
    options = event.match["options"]
    wrapped = _WRAPPED.match(event.match.string, event.match.end("options"))
    for option in _OPTION.finditer(options):
        name = _OPTIONS.get(option["option"])
        if name and not (wrapped and option.end() == len(options)):
            run.state(name, decode(option["value"]), event.line, event.view_line, evidence=of_text(option[0]))


def _run_command(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "train")
    run.notes["commanded"] = 1
    _command(run, event)


def _submitted(run: Draft[Any], event: Event) -> None:
    run.tell(event, "submitted_job_id", "job")
    if not run.has("stage"):
        run.label(event, "stage", "compile")
    if run.notes.get("compile_ended"):
        run.complete(event, cures=False)


def _step(run: Draft[Any], lines: Event) -> None:
    assert isinstance(lines, Lines)
    run.label(lines, "stage", "train")
    run.notes["step"] = lines.steps[-1]
    run.extend(lines, "loss", "learning_rate")
    moments = lines.moments()
    begun = _begun(run, lines, moments)
    if begun is not None:
        run.extend_times(lines, moments, begun)


def _begun(run: Draft[Any], lines: Lines, moments: list[float | None]) -> float | None:
    """Return the run's first moment, known from its first step line that has one."""
    stamped = (place for place, now in enumerate(moments) if now is not None)
    place = next(stamped, None) if "first" not in run.notes else None
    if place is not None:
        first = run.earliest(_LOGGED, end=lines.base + lines.offsets[place])
        moment = seconds(decode(first.match[1])) if first else None
        run.notes["first"] = moment if moment is not None else moments[place] or 0.0
    return run.notes.get("first")


def _result(run: Draft[Any], event: Event) -> None:
    if b"{" in event.before() and not _IN_DICTIONARY.match(event.match.string, event.match.end()):
        return  # the line is cut there, and so may be the number
    run.label(event, "stage", "train")
    run.notes["result"] = 1
    for group in event.match.groupdict():
        run.tell(event, group, group)


def _assertion(run: Draft[Any], event: Event) -> None:
    run.fail(event, event.text(0))


def _duration(run: Draft[Any], event: Event) -> None:
    run.tell(event, "wall_time", "seconds")
    run.complete(event, cures=False)
    run.finished_at = event.end


def _epoch_step(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "train")
    run.tell(event, "epochs", "epochs")
    run.notes["epoch"] = int(event.match["epoch"])
    run.point(event, "loss", int(event.match["step"]), event.text("loss"))


def _test(run: Draft[Any], event: Event) -> None:
    run.tell(event, "test_accuracy", "accuracy")
    run.tell(event, "test_loss", "loss")
    run.complete(event)


def _instance(run: Draft[Any], event: Event) -> None:
    """Read one data-parallel instance's own rate: each rank prints a line, and no line speaks for all."""
    run.label(event, "stage", "train")
    run.notes["instances"] = ordinal = run.notes.get("instances", 0) + 1
    device = f"instance {ordinal:.0f}"
    for name in ("train_time", "epochs", "steps", "throughput"):
        run.tell(event, name, name, device)
    run.complete(event)


def _generation(run: Draft[Any], event: Event) -> None:
    run.label(event, "stage", "inference")
    run.tell(event, "token_throughput", "rate")
    run.complete(event)


def _anew(run: Draft[Any], event: Event) -> bool:
    if event.shape is _HEADER:
        return True
    if event.shape is _STEP:
        return int(event.match["step"]) < run.notes.get("step", 0) or bool(run.notes.get("result"))
    said = event.match.groupdict()
    if said.get("begun") is not None or said.get("ended") is not None:
        return bool(run.notes.get("compile_ended"))
    if event.shape in _RESULTS:
        return any(
            run.fact_value(name) not in (None, decode(value)) for name, value in said.items() if value is not None
        )
    if event.shape is _RUN_COMMAND:
        return bool(run.notes.get("commanded") or run.notes.get("result") or run.series)
    if event.shape is _EPOCH_STEP:
        return int(event.match["epoch"]) < run.notes.get("epoch", 0) or run.has("test_accuracy")
    if event.shape is _TEST:
        return run.has("test_accuracy")
    return False


def _close(run: Draft[Any]) -> None:
    run.state_span()


_HEADER = Shape(
    rb"Model: {1,4}(?P<model>[\w./-]{1,80})[ \t\r]*+(?:<br */?>[ \t\r]*+)?\n"
    rb"(?:[^\n]{0,2000}\n){0,3}?[^\na-zA-Z]{0,24}Date: ",
    Role.OPENS,
    _header,
    start=True,
)
_RUN_COMMAND = Shape(rb"RUN COMMAND: (?P<options>[^\r\n]{1,8000}+)[\r\n]", Role.GIVES, _run_command, start=True)
# Up to six other fields of a step line.
_FIELDS = rb"(?:[^|\r\n]{0,60}+\|){0,6}?"
_STEP = Shape(
    rb"\|global_step:(?P<step>\d{1,18})\|" + _FIELDS + rb"step_loss:(?P<loss>" + NUMBER + rb")\|"
    rb"(?:" + _FIELDS + rb"learning_rate:(?P<learning_rate>" + NUMBER + rb")\|)?",
    Role.GIVES,
    _step,
    series=True,
)  # fmt: skip
_QUOTE = rb"(?:['\"]|\xe2\x80[\x98\x99\x9c\x9d])"  # a word processor makes curved ones
_KEYS = (
    (rb"e2e_train_time" + _QUOTE + rb"?", b"train_time"),
    (rb"training_sequences_per_second" + _QUOTE + rb"?", b"token_throughput"),
    (rb"training_samples_per_second" + _QUOTE + rb"?", b"throughput"),
    (rb"final_loss" + _QUOTE, b"final_loss"),
)
_RESULTS = tuple(
    Shape(key + rb": *(?P<" + name + rb">" + NUMBER + rb")" + END + _REST, Role.GIVES, _result) for key, name in _KEYS
)
_EPOCH_STEP = Shape(
    rb"Epoch \[(?P<epoch>\d{1,18})/(?P<epochs>\d+)\], Step \[(?P<step>\d{1,18})/\d+\], Loss: (?P<loss>"
    + NUMBER
    + rb")"
    + END,
    Role.GIVES,
    _epoch_step,
)
_TEST = Shape(
    rb"Test Accuracy: (?P<accuracy>" + NUMBER + rb") {1,8}Loss: (?P<loss>" + NUMBER + rb")" + END, Role.GIVES, _test
)

DIALECT = Dialect(
    system="SambaNova",
    signs=(b"DataScale SN", b"e2e_train_time", b"training_s", b"sambaflow", b"COMPILE START AT", b"COMPILE COMMAND:",
           b"COMPILE END AT", b"RUN COMMAND:", b"|global_step:",
           b"e2e samples_per_sec", b"/NODE/XRDU", b"tokens/second overall", b"], Step ["),
    shapes=(
        _HEADER,
        Shape(rb"sambaflow/[\w,.-]{1,60} (?P<sdk_version>[\w.+~:-]{1,40}) (?:amd64|all)\b", Role.AHEAD, start=True),
        Shape(rb"Platform: (?P<platform>DataScale [\w -]{1,40}?)" + EOL, Role.AHEAD, start=True),
        Shape(
            rb"SLURM_(?:NTASKS=(?P<ntasks>\d+)|JOB_NUM_NODES=(?P<nodes>\d+)|JOB_ID=(?P<job_id>\d+)"
            rb"|NODELIST=(?P<nodelist>[\w.,\[\]-]{1,400}))" + EOL, Role.AHEAD, start=True
        ),
        Shape(rb"COMPILE START AT (?P<begun>\d{1,18})" + EOL, Role.GIVES, _compile, start=True),
        Shape(rb"COMPILE COMMAND: (?P<options>[^\r\n]{1,8000}+)[\r\n]", Role.GIVES, _compile, start=True),
        Shape(rb"COMPILE END AT (?P<ended>\d{1,18})" + EOL, Role.GIVES, _compile, start=True),
        Shape(rb"Submitted batch job (?P<job>\d+)" + EOL, Role.INSIDE, _submitted, start=True),
        _RUN_COMMAND,
        _STEP,
        *_RESULTS,
        Shape(rb"AssertionError: Expected throughput [^\r\n]{1,200}+(?=[\r\n])", Role.GIVES, _assertion),
        Shape(rb"Duration: {1,4}(?P<seconds>\d+)" + EOL, Role.INSIDE, _duration, start=True),
        _EPOCH_STEP,
        _TEST,
        Shape(
            rb"inner train loop time : (?P<train_time>" + NUMBER + rb") for (?P<epochs>\d+) epochs, "
            rb"number of global steps: (?P<steps>\d+), e2e samples_per_sec: (?P<throughput>" + NUMBER + rb")" + END,
            Role.GIVES, _instance
        ),
        Shape(rb"tokens/second overall[ :=]{1,4}(?P<rate>" + NUMBER + rb")" + END, Role.GIVES, _generation),
    ),
    anew=_anew,
    stamp=_LOGGED,
    moment=rb"COMPILE END AT \d",
    close=_close,
)  # fmt: skip
