"""The columns of every table: name, type and meaning, for CSV, JSON, Parquet, transcriptions and the data package."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..vocabulary import Term

Type = Literal["text", "whole", "number"]

_WHOLE = re.compile(r"[-+]?\d{1,18}")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


class Column(NamedTuple):
    """A column: its name, the type of its cells, and its meaning in a sentence. An empty cell has no value."""

    name: str
    type: Type
    meaning: str


FACTS = (
    Column("log", "text", "The log's path."),
    Column("run", "whole", "The run's place among the runs of its log, from one."),
    Column("kind", "text", "What kind of fact it is."),
    Column("name", "text", "The fact's name in the glossary."),
    Column("device", "text", "The device that the fact is about, if a run reports several."),
    Column("step", "whole", "The step of a point of a series."),
    Column(
        "value",
        "text",
        "The value as the log prints it; an apostrophe leads words that a spreadsheet would take for a formula.",
    ),
    Column("unit", "text", "The value's unit; empty for words and pure numbers."),
    Column("line", "whole", "The line of the log, counted by newlines alone, from one."),
    Column("view_line", "whole", "The same line where a bare carriage return also ends one, as code hosts count."),
    Column(
        "evidence",
        "text",
        "The part of the line that states the value, shortened around it; empty for points of a series.",
    ),
)
FACT_NAMES = tuple(column.name for column in FACTS)

RUN_ID = Column("id", "text", "The run's name in this report, and of its page.")
RUNS = (
    *FACTS[:2],
    Column("first_line", "whole", "The run's first line in the log."),
    Column("last_line", "whole", "The run's last line in the log."),
)
CONSISTENCY = Column(
    "consistency", "text", "Whether the arithmetic holds that facts of such a run satisfy, else which facts disagree."
)


def run_column(term: Term, device: str, values: Iterable[str], *, declared: bool = False) -> Column:
    """Return the column of the runs table for a fact of the vocabulary, of one device where there are several.

    Parameters and metrics are numbers where every one of the `values` is.
    """
    name = f"{term.name}_{device.replace(' ', '_')}" if device else term.name
    unit = f" In {term.unit}." if term.unit else ""
    of = f" Of {device}." if device else ""
    by = " As a person declares it, not the log." if declared else ""
    numeric = term.kind in ("parameter", "metric")
    return Column(
        f"declared_{name}" if declared else name,
        type_of(values) if numeric else "text",
        f"{term.meaning}{unit}{of}{by}",
    )


def type_of(values: Iterable[str]) -> Type:
    """Return the narrowest type that holds all of some printed values, empty ones aside."""
    stated = [value for value in values if value]
    if all(map(_WHOLE.fullmatch, stated)):
        return "whole"
    return "number" if all(map(_NUMBER.fullmatch, stated)) else "text"
