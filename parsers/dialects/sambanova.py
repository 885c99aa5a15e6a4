"""SambaNova: BERT compile and training logs of SambaFlow."""

from __future__ import annotations

import re

from ..grammar import AHEAD, END, INSIDE, NUMBER, OPENS, Dialect, Draft, Event, Lines, Shape, decode, line, seconds

# The phases of a job's script, in their order. A starter program tests after each epoch of its training.
HEADER, COMPILE, COMMAND, COMPILED, RUN, TRAIN, RESULT = range(1, 8)
LOGGED = re.compile(rb"(?P<stamp>20\d\d-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) -(?=[ \r\n])")
HEAD = line("Model:{:blanks}{model:name}{:end}") + rb"(?:[^\n]{0,2000}\n){1,4}?[^\na-zA-Z]{0,24}Date: "
OPTION = re.compile(
    rb"(?<=\s)(?P<option>--?[a-z_]++)[ \t=]++(?P<value>" + NUMBER + rb")(?=[ \t<]|(?=[\r\n])" + END + rb")"
)
NEXT_LINE = 64  # so much of the next line tells whether a number goes on there
# The width of a terminal breaks a pasted line: its last number may go on in the next line, which counts as part of it.
REST = rb"[^\r\n]{1,8000}+(?=[\r\n])(?:\r?\n[\d.]++(?= +-))?+"
FIELDS = rb"(?:[^|\r\n]{0,60}+\|){0,6}?"  # of a step's line, as few as fit
IN_DICTIONARY = re.compile(rb" *[,}]")
# The program prints numbers with a point: one without, at the end of a line as long as a terminal's, is cut.
WHOLE_NUMBER = re.compile(rb"\d+\.?\r?\n")
TERMINAL = 72
OPTIONS = {
    b"-b": "batch_size",
    b"--max_seq_length": "sequence_length",
    b"--learning_rate": "learning_rate",
    b"--steps_this_run": "steps",
    b"--min_throughput": "token_throughput_min",
    b"--max_throughput": "token_throughput_max",
}
RESULTS = {
    "e2e_train_time": "train_time",
    "training_sequences_per_second": "token_throughput",
    "training_tokens_per_second": "token_throughput",
    "training_samples_per_second": "throughput",
    "final_loss": "final_loss",
}
QUOTE = "{:'|\"|‘|’|“|”|}"  # or none; a word processor makes curved ones  # noqa: RUF001
COMPILES, TRAINS = {"stage": "compile"}, {"stage": "train"}


class Memory:
    """What later lines of a run refer to."""

    compile_began: int | None = None
    began: float | None = None
    epoch_and_step = 1, 0
    instances = 0
    compiles: bool | None = None  # a program of its own: whether the compiler's lines belong to its compile


def options(run: Draft[Memory], event: Event) -> None:
    begin, end = event.match.span("_rest")
    for option in OPTION.finditer(event.match.string, begin, end + NEXT_LINE):
        if option.end() > end:
            break
        name = OPTIONS.get(option["option"])
        if name:
            run.state(name, decode(option["value"]), event.line, event.view_line, evidence=decode(option[0]))


def started(run: Draft[Memory], event: Event) -> None:
    run.memory.compile_began = event.number("_second")


def ended(run: Draft[Memory], event: Event) -> None:
    if run.memory.compile_began is not None:
        taken = event.number("_second") - run.memory.compile_began
        run.state("compile_time", str(taken), event.line, event.view_line)


def has_begun(run: Draft[Memory], _event: Event) -> bool:
    return run.phase > 0 or run.memory.compiles is not None


def step_falls(run: Draft[Memory], event: Event) -> bool:
    return run.phase > TRAIN or ("loss" in run.series and event.number("step") < run.series["loss"].steps[-1])


def times(run: Draft[Memory], lines: Event) -> None:
    """Add the seconds since the run's first timestamp, which may be on any line."""
    assert isinstance(lines, Lines)
    if not run.opened:
        return  # of an excerpt, nobody knows when it began
    moments = lines.moments()
    if run.memory.began is None and any(moments):
        first = run.earliest(LOGGED, end=lines.base + lines.offsets[-1])
        run.memory.began = seconds(decode(first.match["stamp"])) if first else None
    if run.memory.began is not None:
        run.extend_times(lines, moments, run.memory.began)


def differs(run: Draft[Memory], event: Event) -> bool:
    """Return whether the run has another result of that name; a report may show one twice."""
    texts = event.match.groupdict()
    return any(run.fact_value(group.lstrip("_")) not in (None, event.text(group)) for group in texts)


def result(run: Draft[Memory], event: Event) -> None:
    if b"{" in event.before() and not IN_DICTIONARY.match(event.match.string, event.match.end()):
        return  # the line is cut there, and so may be the number
    for group in event.match.groupdict():
        whole = WHOLE_NUMBER.match(event.match.string, event.match.start(group))
        if not whole or len(event.before()) + whole.end() - event.match.start() < TERMINAL:
            run.tell(event, group[1:])


def close(run: Draft[Memory]) -> None:
    run.state_span()
    if not run.opened:
        run.forget("started_at")


DIALECT = Dialect(
    system="SambaNova",
    called=r"samba ?nova|samba ?flow|\bsn30\b|\brdu",
    signs=(b"DataScale SN", b"sambaflow", b"/NODE/XRDU", b"COMPILE START AT", b"COMPILE COMMAND:", b"COMPILE END AT",
           b"RUN COMMAND:", b"|global_step:", b"e2e_train_time", b"training_s"),
    repeating=(TRAIN, RESULT),
    stamp=LOGGED,
    moment=rb"COMPILE END AT \d",
    close=close,
    memory=Memory, hosts=r"sn\d*",
    noise=(
        ("SambaFlow logger",
         r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} - (?:apps\.[\w.]+|py\.warnings) - [\w ,]{1,40} - (?:info|warning) +- "
         r"(?:NLP app (?:started|finished)|Dataset (?:is|has finished) loading|Patching \w+ hf model|final_loss "
         r"|transformers_hook app running|This module is not supported under lazy|/\S+\.py:\d+: \w*Warning: )"
         r"|Log ID initialized to: "),
        ("SambaFlow compiler", r"\[(?:info    |warning |debug   |error   )\] ?: |\[(?:Info|Warning)\]\["
                               r"|(?:inputs|outputs): \{NamedTensor|section type \d"),
        ("SambaFlow script", r"RUN$|COMPILE$|Date: +\d\d/\d\d/\d\d|Time: +\d\d:\d\d|import blocksparse tasks"
                             r"|Some weights of |You should probably TRAIN"),
        ("SambaFlow source line", r"task_module\.|mlperf_pretrain\."),
        ("hardware inventory", r"/NODE/|Component Name |Physical Inventory:|Machine [Ss]tate (?:Before|After)"
                               r"|Platform: DataScale "),
    ),
    shapes=(
        Shape(HEAD, OPENS, phase=HEADER, start=True, another=has_begun, says={"workload": "{model}"},
              example="Model:  BertLarge\nDate:  04/08/24"),
        Shape(line("sambaflow/{:word} {sdk_version:version} {_kind}", _kind=rb"(?:amd64|all)\b"), AHEAD, start=True),
        Shape(line("Platform: {platform}{:end}", platform=rb"DataScale [\w -]{1,40}?"), AHEAD, start=True),
        Shape(line("SLURM_NTASKS={ntasks:int}{:end}"), AHEAD, start=True),
        Shape(line("SLURM_JOB_NUM_NODES={nodes:int}{:end}"), AHEAD, start=True),
        Shape(line("SLURM_JOB_ID={job_id:int}{:end}"), AHEAD, start=True),
        Shape(line("SLURM_NODELIST={nodelist}{:end}", nodelist=rb"[\w.,\[\]-]{1,400}+"), AHEAD, start=True),
        Shape(line("COMPILE START AT {_second:int}{:end}"), action=started, phase=COMPILE, start=True, says=COMPILES),
        Shape(line("COMPILE COMMAND: {_rest}", _rest=REST), action=options, phase=COMMAND, start=True, says=COMPILES),
        Shape(line("COMPILE END AT {_second:int}{:end}"), action=ended, phase=COMPILED, start=True, says=COMPILES),
        # The script submits the job that trains, also where an earlier compile serves and none is made.
        Shape(line("Submitted batch job {submitted_job_id:int}{:end}"), INSIDE, start=True, says=COMPILES,
              during=(HEADER, COMPILE, COMMAND, COMPILED)),
        Shape(line("Submitted batch job {:int}{:end}"), INSIDE, start=True, during=(COMPILED,), ends="completed",
              cures=False),
        Shape(line("RUN COMMAND: {_rest}", _rest=REST), action=options, phase=RUN, start=True, says=TRAINS),
        Shape(line("|global_step:{step:int}|") + FIELDS + line("step_loss:{loss}|")
              + b"(?:" + FIELDS + line("learning_rate:{learning_rate}|") + b")?",
              action=times, phase=TRAIN, another=step_falls, series=True, says=TRAINS,
              example="|global_step:1|average_loss:9.5|step_loss:9.5|step_ns_loss:0.1|learning_rate:1.0e-08|"),
        *(Shape(line(f"{key}{QUOTE}: {{_{name}}}"), action=result, phase=RESULT, another=differs, says=TRAINS)
          for key, name in RESULTS.items()),
        Shape(line("AssertionError: Expected throughput {:rest}"), phase=RESULT, ends="failed"),
        Shape(line("Duration:{:blanks}{wall_time:int}{:end}"), INSIDE, start=True, ends="completed", cures=False,
              last=True),
    ),
)  # fmt: skip
