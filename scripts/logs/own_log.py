"""`--replace-transcription`: the owner of a catalogued log has it kept whole; its transcription is then removed.

The entry keeps its path, so its runs keep their ids. It keeps its address, author, note and declared values too.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ..options import made_by
from ..store.files import alone, digest, sha256, swhid
from . import catalog
from .addition import Addition, Refused, put_in_place, unignored
from .catalog import Entry
from .catalog_text import Unchangeable, edited

_CHANGED = ("sha256", "swhid", "size", "kept", "original_sha256")


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
        try:
            text = edited(listed.read_bytes().decode(), listed, entries, _whole(addition, entry), _CHANGED)
        except Unchangeable as error:
            raise Refused(str(error)) from None
        put_in_place(
            folder,
            {
                entry.path: addition.redacted.data,
                ".gitignore": unignored(folder, entry.path),
                "catalog.toml": text.encode(),
            },
        )
        entry.transcription(folder).unlink(missing_ok=True)
    return f"  kept whole now, and its transcription is removed; `{made_by('build', 'build')}` makes its pages"


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
    """Make sure that the copy overwrites nothing: only the same bytes or a fetched original may be there."""
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
    copied = replace(entry, sha256=digest(data), swhid=swhid(data), size=len(data))
    return replace(copied, kept=True, original_sha256=entry.sha256)
