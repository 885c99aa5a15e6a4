"""Changes fields of one entry in the text of the catalog; every other letter stays."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import regex

from . import catalog
from .catalog import BrokenCatalog, Entry

_LOG = regex.compile(r"[ \t]*\[\[[ \t]*log[ \t]*\]\]")  # [[log]]
_TABLE = regex.compile(r"[ \t]*\[")  # [[log.declared]]
_FIELD = regex.compile(r"[ \t]*(?P<name>[\w-]+)[ \t]*=[ \t]*(?P<value>[^\s#]+)")  # size = 182873


class Unchangeable(Exception):
    """An entry cannot be changed safely; the message names it and says what to do."""


def edited(text: str, path: Path, entries: Sequence[Entry], entry: Entry, names: Iterable[str]) -> str:
    """Return the catalog's text with the named fields of one entry set, and everything else as it was.

    Raises
    ------
    Unchangeable
        If the text would not give exactly the entries that are meant.
    """
    wanted = tuple(entry if one.path == entry.path else one for one in entries)
    number = [one.path for one in entries].index(entry.path)
    fields = {name: json.dumps(getattr(entry, name)) for name in names}
    lines = text.splitlines(keepends=True)
    starts = [index for index, line in enumerate(lines) if _LOG.match(line)]
    if number < len(starts):
        _set_fields(lines, starts[number], fields)
    changed = "".join(lines)
    try:
        right = catalog.parse(changed, path) == wanted
    except BrokenCatalog:
        right = False
    if not right:
        raise Unchangeable(
            f"{path}: the entry of {entry.path} cannot be changed safely; write it as a table [[log]] "
            f"with each field on a line of its own, and try again"
        )
    return changed


def _set_fields(lines: list[str], start: int, fields: dict[str, str]) -> None:
    """Set fields of the table that begins at a line; new fields follow its last field."""
    end = next((index for index in range(start + 1, len(lines)) if _TABLE.match(lines[index])), len(lines))
    last, missing = start, dict(fields)
    for index in range(start + 1, end):
        field = _FIELD.match(lines[index])
        if field is None:
            continue
        last = index
        if field["name"] in missing:
            value = missing.pop(field["name"])
            lines[index] = lines[index][: field.start("value")] + value + lines[index][field.end("value") :]
    newline = "\r\n" if lines[start].endswith("\r\n") else "\n"
    if not lines[last].endswith("\n"):
        lines[last] += newline
    lines[last + 1 : last + 1] = [f"{name} = {value}{newline}" for name, value in missing.items()]
