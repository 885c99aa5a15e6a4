"""What a dialect is written with: everything that a file in `parsers/dialects` imports comes from here.

A dialect is data: the shapes of a system's lines, and what each says. `dialects/cpu.py` is the simplest example,
`dialects/groq.py` one with a table. A file in `dialects/` that has a `DIALECT` is found by itself.

Examples
--------
>>> from parsers.grammar import GIVES, INSIDE, OPENS, Dialect, Shape, line
>>> BUILD, TRAIN, END = range(1, 4)
>>> DIALECT = Dialect(
...     system="Toy",
...     signs=(b"toy-runtime ",),
...     shapes=(
...         Shape(line("toy-runtime {sdk_version:version}{:end}"), OPENS, phase=BUILD, start=True),
...         Shape(line("step {step:int}: loss {loss}"), series=True, phase=TRAIN, says={"stage": "train"}),
...         Shape(line("done in {train_time:clock}"), phase=END, ends="completed"),
...         Shape(line("toy-error: {_reason:rest}"), INSIDE, ends="failed"),
...     ),
... )

Patterns
--------
`line(template)` makes the pattern of a line that is written as it is printed. A hole is `{name:kind}`:

- `number` (the default), `int`, `clock` (`MM:SS`, `H:MM:SS`; a fact in seconds is told in seconds);
- `word` (no blank, brace or quotation mark), `name` (letters, digits, `_./-`), `version`, `id`;
- `text` and `any` (as little as fits; `text` begins with a sign that is not blank), `rest` and `more` (all up to the
  end of the line; `more` may be nothing), `cells` (cells of a table, each with the bar behind it);
- `blanks` (at least one), `marks` (blanks and marks of Markdown, or nothing), `end` (here the line ends);
- `{stage:train|eval}` (one of some words); a pattern of your own by `line("{hash}", hash=rb"cs_\\w{1,80}+")`, with the
  end of a kind by `{hash:id}`.

A hole without a name is no fact. A template that ends in a hole asks for the end of that number or word; a number that
a terminal broke within a list has none. One that ends in text is content with the beginning of a longer line: put
`{:end}` there if it is not to be. Where a template cannot say it, a regular expression over bytes does; it needs an
`example`, and `NUMBER`, `END` and `EOL` are parts for it. Either begins with a literal, for which is searched: no group
of alternatives first, no `|` at the top level, no look-ahead. `line(..., unquoted=True)` passes over a line behind
a quotation mark. Patterns may be joined with `+`; a template that ends in a hole keeps its look-ahead then.
`maybe(template)` is a part that may be missing.

Groups
------
Each group is told as the fact of its name, which must be in `parsers/vocabulary.py`. A name that begins with `_` is
private: nothing is told. Two private names have a meaning: `_device` is the device of the line's facts, `_reason` the
words for a failure. They are told before the action is called.

Fields of a shape
-----------------
`pattern, role, action`
    The first three by position. Roles: `OPENS` begins a run unless the open one goes on, and shows that the run was
    seen from its beginning; `GIVES` (the default) begins one where none is open; `INSIDE` says something of the open
    run only; `AHEAD` of the open run, else of the next one. `FOLLOWS` is for lines that other systems print too: as
    `GIVES`, but only while a run of its dialect is open that has reached a phase. `action(run, event)` does what no
    other field can.
`example`
    A line that matches, or several which together have a value for each group that is told. Needed beside a regular
    expression.
`start`, `bare`, `during`
    `start`: only the marks of a paste may be before it on its line. `bare`: alone it is no evidence of a run.
    A bare line without groups only shows whose a run is: it counts as no line that was read.
    `during=(PHASE, ...)`: it says nothing in another phase.
`phase`, `once`, `another`
    Which run a line belongs to, for `OPENS`, `GIVES`, `FOLLOWS`. Phases are numbers from 1 in the order in which a
    program goes through them. A line of no later phase than the run has reached begins another run; so does a line
    with `once` that the run has printed before. A line without either goes on with the open run. The phases in
    `Dialect.repeating` may follow one another in any order (train, evaluate, train); a later phase that does not
    repeat ends that. `another` decides in place of these rules: True, False, or a function of run and event (the run
    as it was before the line). A line that `INSIDE` or `AHEAD` says reaches its phase too, and begins no run.
`says`
    Labels: `{"stage": "train"}`; `{"workload": "{model}"}` takes the group, in small letters, with hyphens:
    `BertLarge` is told as `bert-large`.
`times_from`, `times_to`
    The name of a duration that begins, or ends, at the timestamp of this line (`Dialect.stamp`). A beginning that is
    printed again counts anew; the end forgets it. `run.timed_from[name]` is the moment.
`ends`, `cures`, `final`, `last`
    `ends`: "completed", "failed" or "killed", for the reason that the group `_reason` says, else the matched text.
    "failed" is an error of the program itself, which counts even after "completed"; but a "completed" shows that
    errors before it were caught, unless `cures=False`. Nothing that is printed behind `final` changes how the run
    ended. `last` is the last line of a run: the next line that begins runs begins another, unless it says how the run
    failed.
`refuses`
    Why a run that prints such a line is not read. It is left out; a file without another run is refused for it.
`series`, `counted`, `apart`
    `series`: a run prints it again and again; its groups are series by the group `step`, or by their ordinal if
    `counted`. Many lines come as one event, whose steps rise; `another` sees the first of them. `apart(lines)` says
    whether these must be taken one by one.

Fields of a dialect
-------------------
`system`, `signs`, `shapes`
    A file is in a dialect if it contains one of its signs. Of two shapes at one place the earlier is taken first. A
    system may have further files in `dialects/` with more signs, shapes and noise. The first one by name has the rest.
`repeating`, `stamp`, `moment`
    Phases that repeat. A timestamp, as a compiled pattern with the group `stamp` and no other. What shows a moment on
    the line of a duration beside a time of day.
`noise`, `hosts`
    Lines that are known to say nothing, as (kind, what such a line begins with). How the names of the system's own
    hosts begin, as a regular expression: they belong to no person, so nobody hides them.
`memory`
    A class whose instance each run gets as `run.memory`, for what actions must remember. Annotate `Draft[Memory]`.
`begin(run, event)`, `close(run)`
    What can only be done at a run's first line, and at its end. `close=Draft.state_span` states `started_at` and
    `ended_at` from the timestamps.

What an action may use
----------------------
Of an event: `text(group)`, `number(group)`, `has(group)`, `before()` (what is before it on its line), `moment()`,
`line`, `view_line`, `match`. Of the `Lines` of a series: `steps`, `columns`, `last(group)`, `moments()`, `places(n)`,
`last_place()`.

Of a run: `tell(event, name, group, device)` adds what a group says (the group `_name` if none is given), `retell` does
and forgets what the name said before; `forget(name)` only forgets; `state`, `restate` do so with a text; `label`,
`point`; `extend(lines, *names)` and `extend_times(lines, moments, since)` for series; `has(name)`, `fact_value(name)`,
`facts`, `series`, `endings`; `reach(phase)`, `phase`; `complete`, `fail`, `stop`; `earliest(pattern)`,
`latest(pattern)` in its text.
"""

from __future__ import annotations

from .engine.drafts import Draft, each_match
from .engine.events import Event, Lines, clock, seconds
from .engine.lines import decode, segment_start
from .engine.shapes import AHEAD, FOLLOWS, GIVES, INSIDE, OPENS, Dialect, Role, Shape
from .engine.templates import END, EOL, NUMBER, DialectFault, line, maybe

__all__ = (
    "AHEAD",
    "END",
    "EOL",
    "FOLLOWS",
    "GIVES",
    "INSIDE",
    "NUMBER",
    "OPENS",
    "Dialect",
    "DialectFault",
    "Draft",
    "Event",
    "Lines",
    "Role",
    "Shape",
    "clock",
    "decode",
    "each_match",
    "line",
    "maybe",
    "seconds",
    "segment_start",
)
