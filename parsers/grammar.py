"""What a dialect is written with: a file in `parsers/dialects` imports everything from here.

A dialect is data: the shapes of a system's lines, and what each means. `dialects/cpu.py` is the simplest example;
`dialects/groq.py` has a table. Every file in `dialects/` that has a `DIALECT` is loaded.

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
`line(template)` makes the pattern of a line that is written as it is printed. A hole is `{name:kind}`. The kinds are:

- `number` (the default), `int`;
- `clock` (`MM:SS`, `H:MM:SS`), which becomes seconds if the fact is in seconds;
- `word` (no blank, brace or quotation mark), `name` (letters, digits, `_./-`), `version`, `id`;
- `text` and `any`: as little as fits; `text` begins with a sign that is not blank;
- `rest` and `more`: all up to the end of the line; `more` may be empty;
- `cells`: cells of a table, each with the bar after it;
- `blanks` (at least one), `marks` (blanks and marks of Markdown, or nothing), `end` (the line ends here);
- `{stage:train|eval}`: one of some words;
- a pattern of your own by `line("{hash}", hash=rb"cs_\\w{1,80}+")`; `{hash:id}` ends it as the kind `id` ends.

A hole without a name is not a fact. A template that ends in a hole asks for the end of that number or word. A number
that a terminal broke within a list has no end. A template that ends in text also matches the beginning of a longer
line. Put `{:end}` there if it must not.

Where a template is not enough, use a regular expression over bytes. It needs an `example`; `NUMBER`, `END` and `EOL`
are parts for it. Templates and expressions begin with a literal, because the search looks for it. So no group of
alternatives comes first, no `|` is at the top level, and there is no look-ahead first.

`line(..., unquoted=True)` skips a line after a quotation mark. Patterns may be joined with `+`. A template that ends in
a hole then keeps its look-ahead. `maybe(template)` is a part that may be missing.

Groups
------
Each group becomes the fact of its name, which must be in `parsers/vocabulary.py`. A name that begins with `_` is
private and becomes no fact. Two private names have a meaning. `_device` is the device of the line's facts. `_reason`
are the words for a failure. Facts are added before the action is called.

Fields of a shape
-----------------
`pattern, role, action`
    The first three by position. `action(run, event)` does what no other field can. The roles are:

    - `OPENS` begins a run unless the open one goes on. It shows that the run was seen from its beginning.
    - `GIVES` (the default) begins a run where none is open.
    - `INSIDE` only adds to the open run.
    - `AHEAD` adds to the open run, else to the next one.
    - `FOLLOWS` is for lines that other systems print too. It acts as `GIVES`, but only in an open run of its dialect
      that has reached a phase.
`example`
    A line that matches, or several lines which together have a value for each group that becomes a fact. A regular
    expression needs one.
`start`, `bare`, `during`
    `start`: only the marks of a paste may be before it on its line. `bare`: the line alone is no evidence of a run.
    A bare line without groups only shows whose a run is; it does not count as a line that was read.
    `during=(PHASE, ...)`: the line has no meaning in another phase.
`phase`, `once`, `another`
    Which run a line belongs to, for `OPENS`, `GIVES`, `FOLLOWS`. Phases are numbers from 1, in the order of a program.
    A line begins another run if its phase is not later than the run's. A line with `once` begins another run if the run
    has printed it before. A line without either goes on with the open run.
    The phases in `Dialect.repeating` may follow one another in any order (train, evaluate, train). A later phase that
    does not repeat ends that.
    `another` decides in place of these rules: True, False, or a function of run and event. It gets the run as it was
    before the line. An `INSIDE` or `AHEAD` line reaches its phase too, and begins no run.
`says`
    Labels: `{"stage": "train"}`. `{"workload": "{model}"}` takes the group, in small letters, with hyphens:
    `BertLarge` becomes `bert-large`.
`times_from`, `times_to`
    The name of a duration that begins, or ends, at the timestamp of this line (`Dialect.stamp`). A beginning that is
    printed again counts anew; the end forgets it. `run.timed_from[name]` is the moment.
`ends`, `cures`, `final`, `last`
    `ends`: "completed", "failed" or "killed". The reason is the group `_reason`, else the matched text. "failed" is an
    error of the program itself, which counts even after "completed". But "completed" shows that errors before it were
    caught, unless `cures=False`. Nothing that is printed after `final` changes how the run ended. `last` is the last
    line of a run. The next line that can begin a run begins another, unless it says how the run failed.
`refuses`
    Why a run is not read that prints such a line before any other of its own. It is left out; a file without another
    run is refused for it.
`series`, `counted`, `apart`
    `series`: a run prints the line again and again. Its groups are series by the group `step`, or by ordinal if
    `counted`. Many lines come as one event, whose steps rise; `another` sees the first of them. `apart(lines)` says
    whether these must be taken one by one.

Fields of a dialect
-------------------
`system`, `signs`, `shapes`
    A file is in a dialect if it contains one of its signs. Of two shapes at one place the earlier is taken first. A
    system may have further files in `dialects/` with more signs, shapes and noise. The first one by name has the rest.
`repeating`, `stamp`, `moment`
    `repeating`: phases that repeat. `stamp`: a timestamp, as a compiled pattern with the group `stamp` and no other.
    `moment`: what else than a time of day shows a moment on the line of a duration.
`called`
    What texts call the system, as a regular expression without regard to case. A blank may also be a hyphen or an
    underscore, and `" ?"` any number of them. Without it, its name.
`noise`, `hosts`
    `noise`: lines that are known to say nothing, as (kind, what such a line begins with). `hosts`: a regular expression
    for how the names of the system's own hosts begin. They identify no person, so they are not hidden.
`memory`
    A class whose instance each run gets as `run.memory`, for what actions must remember. Annotate `Draft[Memory]`.
`begin(run, event)`, `close(run)`
    What can only be done at a run's first line, and at its end. `close=Draft.state_span` states `started_at` and
    `ended_at` from the timestamps.

What an action may use
----------------------
Of an event:

- `text(group)`, `number(group)`, `has(group)`, `moment()`, `line`, `view_line`, `match`;
- `before()`, the text before it on its line.

Of the `Lines` of a series: `steps`, `columns`, `last(group)`, `moments()`, `places(n)`, `last_place()`.

Of a run:

- `tell(event, name, group, device)` adds a group's text as a fact (the group `_name` if none is given);
- `retell` does the same and first forgets what the name had; `forget(name)` only forgets;
- `state` and `restate` do so with a text;
- `label`, `point`;
- `extend(lines, *names)` and `extend_times(lines, moments, since)` for series;
- `has(name)`, `fact_value(name)`, `facts`, `series`, `endings`;
- `reach(phase)`, `phase`; `complete`, `fail`, `stop`;
- `earliest(pattern)` and `latest(pattern)`, which search its text.
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
