"""What shells, schedulers and Python print around every system's logs: prompts, fences, kills, exceptions."""

from __future__ import annotations

import re
from typing import Any

from ..engine.drafts import Draft, Ending
from ..engine.events import Event
from ..engine.evidence import of_text
from ..engine.lines import decode, segment_start
from ..engine.shapes import Role, Shape
from ..engine.templates import EOL
from ..engine.text import CELL_END

# Before the `@` or `$` of a prompt: environments in brackets, then the user or the directory. What is behind an `@` and
# a host is the end of that prompt, not a second one.
_ENVIRONMENTS = rb"[\s>|*+#]*(?:\([^()\n]{1,80}\)\s*)*"
_BEFORE_AT = re.compile(_ENVIRONMENTS + rb"\[?[\w.-]{1,64}\Z")
_BEFORE_DOLLAR = re.compile(
    _ENVIRONMENTS + rb"(?![\w.-]{1,64}@[\w.-]{1,80}:)(?:[\w.-]{1,64}:[\w.~/-]{1,80} )?[\w.:~/@-]{0,120}\Z"
)
_VIEWER = re.compile(rb"(?:^|&&|;)\s*(?:sudo\s+|ssh\s+\S+\s+)?(?:tail|cat|less|more|head|view|vim?|nano|watch|grep)\b")
# What follows these is an exception that Python reports and goes on.
_IGNORED = re.compile(rb"Exception ignored in|Exception in thread|--- Logging error ---|Error in atexit")
_FINAL_LINE = re.compile(
    rb"(?m)^(?P<marks>[ \t>+#<|*`-]{0,40}(?:\[\d{1,9},\d{1,9}\]<std(?:out|err)>:)?)"
    # A name after a module's name is an exception, whatever it ends in; a bare word is one by its ending.
    rb"(?P<_reason>(?:(?:[a-zA-Z_]\w*\.)+(?:[A-Z]\w*|\w*error|timeout)"
    rb"|(?:[a-zA-Z_]\w*\.)*(?:[A-Za-z_]\w*(?:Error|Exception|Interrupt|Exit|Timeout)|StopIteration))\b(?::[^\r\n]*)?)"
    rb"[ \t]*[\r\n]"
)
# The exception of a program whose job was cancelled, or whose time was over.
_CANCELLED = re.compile(rb"[\w.]*(?:CancelledByCsctl|RuntimeJobTimeoutError)\b")
_TRACEBACK_REACH = 20000
_CRASH = rb"(?:Segmentation fault|Aborted|Bus error|Illegal instruction|Floating point exception)(?: \(core dumped\))?"
_SHOT = rb"(?:Killed|Terminated|Out Of Memory)"
_TASKS = rb"srun: error: [^\r\n:]{1,80}: tasks? [\d,-]*:? ?"


def is_prompt(match: re.Match[bytes]) -> bool:
    """Return whether a match of the prompts' shapes is a prompt indeed."""
    data, at = match.string, match.start()
    pattern = _BEFORE_AT if data.startswith(b"@", at) else _BEFORE_DOLLAR
    return pattern.match(data, segment_start(data, at, 200), at) is not None


def is_view(event: Event) -> bool:
    """Return whether a prompt's command only shows a file: an interrupt then ends the view, not the run."""
    return _VIEWER.search(event.match["_command"] or b"") is not None


def _exit_code(run: Draft[Any], event: Event) -> None:
    run.stop(event, "failed", event.text("_reason"))


def _killed(run: Draft[Any], event: Event) -> None:
    run.stop(event, "killed", event.text("_reason") if event.has("_reason") else "")


def _task_killed(run: Draft[Any], event: Event) -> None:
    run.stop(event, "killed", event.text("_reason"), echo=True)


def _interrupt(run: Draft[Any], event: Event) -> None:
    run.stop(event, "killed", "^C", typed=True)


def _traceback(run: Draft[Any], event: Event) -> None:
    data, at = event.match.string, event.match.start()
    if _IGNORED.search(data, max(0, at - 300, run.start - event.base), at):
        return
    reach = min(len(data), at + _TRACEBACK_REACH)
    another = data.find(event.match[0], event.match.end(), reach)
    final = _final_line(event, reach if another < 0 else another)
    if final is None or final["_reason"].startswith(b"KeyboardInterrupt"):
        return
    cancelled = _CANCELLED.match(final["_reason"]) is not None
    line = run.ruler.place(event.base + final.start("_reason"))
    outcome = "killed" if cancelled else "failed"
    reason = decode(final["_reason"]).strip()
    run.endings.append(Ending(outcome, reason, *line, of_text(final["_reason"], reason), exception=not cancelled))


def _final_line(event: Event, end: int) -> re.Match[bytes] | None:
    """Return the line that names a traceback's exception: after the same marks as its first line, or after none."""
    marks = (b"", event.before())
    lines = _FINAL_LINE.finditer(event.match.string, event.match.start(), end)
    return next((line for line in lines if line["marks"] in marks), None)


PROMPTS = (
    Shape(rb"@[\w.-]{1,80}(?::|[ \t])[^\n\r$#]{0,300}+[$#](?:[ \t]+(?P<_command>[^\r\n]*)|(?=[\r\n]|\Z))", Role.BREAKS),
    Shape(
        rb"@[\w.-]{1,80}(?: [^\s$#%]{1,200}+ %|:[~/][^\s$#>]{0,200}+>)(?:[ \t]+(?P<_command>[^\r\n]*)|(?=[\r\n]))",
        Role.BREAKS,
    ),
    Shape(rb"sh-\d[\d.]{0,8}# (?P<_command>[^\r\n]+)", Role.BREAKS),
    Shape("➜".encode() + rb" {1,2}(?P<_command>[^\r\n]+)", Role.BREAKS, start=True),
    Shape(rb"\$ (?P<_command>[^\r\n]+)", Role.BREAKS),
)
FENCES = (
    Shape(rb"```[`]*+", Role.BREAKS, start=True),
    Shape(rb"~~~[~]*+", Role.BREAKS, start=True),
    Shape(CELL_END + rb"\f*+", Role.BREAKS),
)
INTERRUPT = Shape(rb"\^C(?:\^C)*+", Role.INSIDE, _interrupt)
ENDINGS = (
    INTERRUPT,
    Shape(rb"Traceback \(most recent call last\):", Role.INSIDE, _traceback),
    Shape(rb"(?P<_reason>" + _TASKS + rb"Exited with exit code \d+)(?=[\s<|`])", Role.INSIDE, _exit_code),
    Shape(rb"(?P<_reason>" + _TASKS + _CRASH + rb")" + EOL, Role.INSIDE, _exit_code),
    Shape(rb"(?P<_reason>" + _TASKS + _SHOT + rb")" + EOL, Role.INSIDE, _task_killed),
    Shape(rb"(?P<_reason>srun: sending Ctrl-C to [^\r\n]{1,80}+)(?=[\r\n])", Role.INSIDE, _killed),
    Shape(rb"(?P<_reason>srun: Force Terminated [^\r\n]{1,80}+)(?=[\r\n])", Role.INSIDE, _killed),
    # What a shell prints about a command that a signal ended: about the script's line, or about what was typed.
    Shape(rb": line \d{1,9}: +\d+ (?P<_reason>" + _CRASH + rb")(?=\s)", Role.INSIDE, _exit_code),
    Shape(rb": line \d{1,9}: +\d+ (?P<_reason>" + _SHOT + rb")(?=\s)", Role.INSIDE, _killed),
    Shape(rb"(?P<_reason>Segmentation fault(?: \(core dumped\))?)" + EOL, Role.INSIDE, _exit_code, start=True),
    Shape(rb"(?P<_reason>Aborted \(core dumped\))" + EOL, Role.INSIDE, _exit_code, start=True),
    Shape(rb"(?P<_reason>Killed)" + EOL, Role.INSIDE, _killed, start=True),
    Shape(rb"(?P<_reason>Terminated)" + EOL, Role.INSIDE, _killed, start=True),
    Shape(
        rb"(?P<_reason>terminate called after throwing an instance of [^\r\n]{1,200}+)(?=[\r\n])",
        Role.INSIDE,
        _exit_code,
        start=True,
    ),
    Shape(rb"(?P<_reason>srun: error: Unable to [^\r\n]{1,300}+)(?=[\r\n])", Role.INSIDE, _exit_code),
    Shape(rb"(?P<_reason>sbatch: error: [^\r\n]{1,300}+)(?=[\r\n])", Role.INSIDE, _exit_code),
    Shape(
        rb"slurmstepd(?:-[\w.-]{1,80})?: error: (?:(?P<_reason>\*\*\* (?:JOB|STEP) [^\r\n]{1,200} \*\*\*)"
        + EOL
        + rb"|\*\*\* (?:JOB|STEP) [^\r\n]{1,120} CANCELLED AT )",  # cut, so that the reason is not known
        Role.INSIDE,
        _killed,
    ),
    Shape(
        rb"slurmstepd(?:-[\w.-]{1,80})?: error: (?P<_reason>Detected \d+ oom[^\r\n]{0,200}+)(?=[\r\n])",
        Role.INSIDE,
        _killed,
    ),
    Shape(rb"=>> PBS: (?P<_reason>job killed: [^\r\n]{1,200}+)(?=[\r\n])", Role.INSIDE, _killed),
    Shape(rb"(?P<_reason>KeyboardInterrupt)(?=[\s:])", Role.INSIDE, _killed, start=True),
)
