"""`--replace-transcription`: the owner of a catalogued log has it kept whole; its transcription is then removed.

The entry keeps its path, so its runs keep their ids. It keeps its address, author, note and declared values too.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import regex

from scripts import catalog
from scripts.addition import Addition, Refused, put_in_place, unignored
from scripts.catalog import BrokenCatalog, Entry
from scripts.files import alone, digest, sha256

_LOG = regex.compile(r"[ \t]*\[\[[ \t]*log[ \t]*\]\]")  # [[log]]
_TABLE = regex.compile(r"[ \t]*\[")  # [[log.declared]]
_FIELD = regex.compile(r"[ \t]*(?P<name>[\w-]+)[ \t]*=[ \t]*(?P<value>[^\s#]+)")  # size = 182873


def owned(addition: Addition, folder: Path) -> Addition:
    """Return the addition with the path of the catalogued log that it is.

    Raises
    ------
    Refused
        If it is not the original of a catalogued log.
    """
    return replace(addition, path=_entry(addition, catalog.load(folder)).path)


def keep_whole(addition: Addition, folder: Path) -> str:
    """Put the copy of a catalogued log in its place and remove its transcription; return what was done.

    The catalog is replaced after the copy is in place, and the transcription is removed last. Until the catalog is
    replaced, the log is read from its transcription as before.

    Raises
    ------
    Refused
        If it is not the original of a catalogued log, or its place is taken.
    BrokenCatalog
        If the catalog is broken.
    OSError
        If something cannot be written.
    """
    listed = folder / "catalog.toml"
    with alone(folder):
        entries = catalog.load(folder)
        entry = _entry(addition, entries)
        if entry.kept:
            entry.transcription(folder).unlink(missing_ok=True)  # of an earlier call that was killed
            return f"  {entry.path}: already kept whole, nothing to do"
        _refuse_taken(addition, entry, folder)
        text = _edited(listed.read_bytes().decode(), listed, entries, _whole(addition, entry))
        put_in_place(
            folder,
            {
                entry.path: addition.redacted.data,
                ".gitignore": unignored(folder, entry.path),
                "catalog.toml": text.encode(),
            },
        )
        entry.transcription(folder).unlink(missing_ok=True)
    return "  kept whole now, and its transcription is removed; `make build` makes its pages"


def _entry(addition: Addition, entries: Sequence[Entry]) -> Entry:
    original = digest(addition.source.original)
    for entry in entries:
        if original in (entry.sha256, entry.original_sha256):
            return entry
    logs = ", ".join(f"{entry.path} ({entry.sha256})" for entry in entries if not entry.kept)
    raise Refused(
        f"its sha256 {original} is not that of a log in the catalog; --replace-transcription takes the unchanged "
        f"original of one of these: {logs or 'none, since all logs are kept whole'}"
    )


def _refuse_taken(addition: Addition, entry: Entry, folder: Path) -> None:
    """Make sure that nothing is lost where the copy goes: only the same bytes or a fetched original may lie there."""
    path, copy = entry.original(folder), digest(addition.redacted.data)
    if not os.path.lexists(path):
        return
    if path.exists() and path.samefile(addition.source.file) and copy != entry.sha256:
        raise Refused("its redacted copy would take its place; move this file to another folder, and name it there")
    if not path.is_file() or sha256(path) not in (entry.sha256, copy):
        raise Refused(f"{path} is another file, which stays as it is; move it to another folder, and try again")


def _whole(addition: Addition, entry: Entry) -> Entry:
    """Return the entry of a log that is kept whole from now on."""
    data = addition.redacted.data
    return replace(entry, kept=True, sha256=digest(data), size=len(data), original_sha256=entry.sha256)


def _edited(text: str, path: Path, entries: Sequence[Entry], entry: Entry) -> str:
    """Return the catalog's text with the fields of one entry set, and everything else as it was.

    Raises
    ------
    Refused
        If the text would not give exactly the entries that are meant.
    """
    wanted = tuple(entry if one.path == entry.path else one for one in entries)
    number = [one.path for one in entries].index(entry.path)
    fields = {
        "sha256": f'"{entry.sha256}"',
        "size": str(entry.size),
        "kept": "true",
        "original_sha256": f'"{entry.original_sha256}"',
    }
    lines = text.splitlines(keepends=True)
    starts = [place for place, line in enumerate(lines) if _LOG.match(line)]
    if number < len(starts):
        _set_fields(lines, starts[number], fields)
    edited = "".join(lines)
    try:
        right = catalog.parse(edited, path) == wanted
    except BrokenCatalog:
        right = False
    if not right:
        raise Refused(
            f"{path}: the entry of {entry.path} cannot be changed safely; write it as a table [[log]] "
            f"with each field on a line of its own, and try again"
        )
    return edited


def _set_fields(lines: list[str], start: int, fields: dict[str, str]) -> None:
    """Set fields of the table that begins at a line; those that it does not have follow its last field."""
    end = next((place for place in range(start + 1, len(lines)) if _TABLE.match(lines[place])), len(lines))
    last, missing = start, dict(fields)
    for place in range(start + 1, end):
        field = _FIELD.match(lines[place])
        if field is None:
            continue
        last = place
        if field["name"] in missing:
            value = missing.pop(field["name"])
            lines[place] = lines[place][: field.start("value")] + value + lines[place][field.end("value") :]
    newline = "\r\n" if lines[start].endswith("\r\n") else "\n"
    if not lines[last].endswith("\n"):
        lines[last] += newline
    lines[last + 1 : last + 1] = [f"{name} = {value}{newline}" for name, value in missing.items()]
