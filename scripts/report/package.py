"""The data set for download: its description for machines (Data Package, schema.org) and its page for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
import regex

from ..logs.catalog import Entry
from ..reader import FACTS, KINDS, Column, __version__
from .blocks import NO_RUN
from .known import log_page, relative
from .markdown import code, escaped, explained, link, table
from .results import Results
from .rounding import counted

DATA_PAGE = "data/index.md"
_NAME = "testbed-report"
_TITLE = "Facts of AI accelerator logs"
_LICENCE = {"name": "CC0-1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/", "title": "CC0 1.0"}
_DESCRIPTION = (
    "What the logs of training and inference runs on AI accelerators state: each value as printed, with its unit and "
    "the line of the log that says it."
)
CITATION = (
    f'<span class="citation">Testbed Report contributors: *Testbed Report*, version {__version__}. The data: CC0 1.0.'
    "</span>"
)
_CITE = (
    f"> {CITATION}\n\n"
    "A number is cited by its run and line: the button beside each fact of a run's page copies the value, its unit, "
    "the run, the log with its checksums and line, the words of that line, both addresses, the day and the licence. "
    "`CITATION.cff` in the repository tells "
    "programs how to cite."
)
_MOST_SOURCES = 500
# What a column's type is called in a table schema.
_SCHEMA_TYPES = {"text": "string", "whole": "integer", "number": "number"}
_REQUIRED = {"id", "log", "run", "name", "value", "line", "view_line"}
_NUMBER = regex.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
# What begins a formula in a spreadsheet, and harmless text that begins in the same way.
_ACTING = ("=", "+", "-", "@", "\t", "\r")
_SIGNED = rf"{_NUMBER.pattern}|[-+](?:inf|nan|NaN|Infinity)"


@dataclass(frozen=True)
class DataFile:
    """A table for download: its name, what it holds, its columns and the bytes written."""

    name: str
    title: str
    frame: pd.DataFrame
    columns: Sequence[Column]

    @property
    def path(self) -> str:
        """The file's path below docs/data/."""
        return f"{self.name}.csv"

    @cached_property
    def content(self) -> bytes:
        """The table as CSV."""
        return _defused(self.frame).to_csv(index=False, lineterminator="\n").encode()

    @cached_property
    def sha256(self) -> str:
        """The checksum of the file."""
        return hashlib.sha256(self.content).hexdigest()

    def fields(self) -> list[dict[str, object]]:
        """Return the columns as fields of a table schema."""
        return list(map(_field, self.columns))


def _field(column: Column) -> dict[str, object]:
    field: dict[str, object] = {
        "name": column.name,
        "type": _SCHEMA_TYPES[column.type],
        "description": column.meaning,
    }
    if column.name == "kind":
        field["constraints"] = {"enum": list(KINDS)}
    elif column.name in _REQUIRED:
        field["constraints"] = {"required": True}
    return field


def _defused(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose words no spreadsheet reads as a formula: such a cell gets an apostrophe; numbers stay."""
    defused = {}
    for column in frame.select_dtypes(exclude="number").columns:
        words = frame[column].astype(str)
        acts = words.str.startswith(_ACTING)
        if acts.any() and (acts := acts & ~words.str.fullmatch(_SIGNED)).any():
            defused[column] = words.mask(acts, "'" + words)
    return frame.assign(**defused)


def data_files(results: Results) -> tuple[DataFile, ...]:
    """Return the tables for download: every fact, and every run with its facts as columns."""
    return (
        DataFile("facts", "All facts, one per row", results.facts, FACTS),
        DataFile("runs", "All runs, one per row", results.printed, results.run_columns),
    )


def downloads(files: Sequence[DataFile], results: Results) -> dict[str, bytes]:
    """Return what there is to download, by path below docs/."""
    made = {f"data/{file.path}": file.content for file in files}
    return made | {"data/datapackage.json": described(files, results)}


def described(files: Sequence[DataFile], results: Results) -> bytes:
    """Return `datapackage.json`: the tables with their columns, sizes and checksums (Data Package, version 1)."""
    package = {
        "profile": "tabular-data-package",
        "name": _NAME,
        "title": _TITLE,
        "description": _DESCRIPTION,
        "licenses": [_LICENCE],
        "sources": [{"title": log.entry.path, "path": log.entry.url} for log in results.logs if log.entry.url],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": file.name,
                "title": file.title,
                "path": file.path,
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(file.content),
                "hash": f"sha256:{file.sha256}",
                "schema": {"fields": file.fields(), "missingValues": [""]},
            }
            for file in files
        ],
    }
    return (json.dumps(package, indent=2, ensure_ascii=False) + "\n").encode()


def data_page(files: Sequence[DataFile], results: Results) -> str:
    """Return the page of the data: what there is to take, checksums, columns, licence, sources."""
    taken = [[link(code(file.path), file.path), escaped(file.title), code(file.sha256)] for file in files]
    taken.append([link(code("datapackage.json"), "datapackage.json"), "Description of both tables for programs", ""])
    parts = [
        "# Data\n",
        f"{_DESCRIPTION} The words and figures are free for any use "
        f"({link('CC0', _LICENCE['path'])}); the logs themselves are their authors'.\n",
        table(["file", "what", code("sha256")], taken),
    ]
    for file in files:
        rows = [
            [code(str(field["name"])), str(field["type"]), explained(str(field["description"]))]
            for field in file.fields()
        ]
        parts.append(f"## Columns of {file.path}\n\n{table(['column', 'type', 'meaning'], rows)}")
    parts += [f"## Sources\n\n{_sources(results)}", f"## Cite\n\n{_CITE}\n"]
    parts.append(f'<script type="application/ld+json">{_linked(files, results)}</script>\n')
    return "\n".join(parts)


def _sources(results: Results) -> str:
    rows = [
        [code(log.entry.path), _original(log.entry), code(log.entry.author), code(log.entry.sha256)]
        for log in results.logs[:_MOST_SOURCES]
    ]
    more = len(results.logs) - len(rows)
    rest = f"\nThe page of each run names its log; so do those of {code(counted(more))} more.\n" if more else ""
    return table(["log", "original", "author", code("sha256")], rows) + rest if rows else f"{NO_RUN}\n"


def _original(entry: Entry) -> str:
    if entry.kept:
        return link("its text", relative(log_page(entry.slug), DATA_PAGE))
    return link("permalink", entry.url) if entry.url else "–"


def _linked(files: Sequence[DataFile], results: Results) -> str:
    """Return the data set in the words of schema.org, as one line that no HTML ends."""
    description = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": _TITLE,
        "description": _DESCRIPTION,
        "license": _LICENCE["path"],
        "creator": {"@type": "Organization", "name": "Testbed Report contributors"},
        "isBasedOn": [log.entry.url for log in results.logs if log.entry.url],
        "variableMeasured": _measured(results),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": relative(f"data/{file.path}", DATA_PAGE),
                "sha256": file.sha256,
            }
            for file in files
        ],
    }
    return json.dumps(description, ensure_ascii=True).replace("<", "\\u003c").replace("--", "-\\u002d")


def _measured(results: Results) -> list[str]:
    named: Iterable[str] = {fact.name for run in results.runs for fact in run.run.facts if fact.kind == "metric"}
    return sorted(named)
