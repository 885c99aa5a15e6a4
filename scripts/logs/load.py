"""The logs of the catalog, read from the original if its sha256 is right, else from its transcription."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from ..reader import (
    READER,
    DamagedTranscription,
    NotALog,
    Transcription,
    added_dialects,
    contents,
    decode,
    load_transcription,
    parse_covered,
)
from ..store.cache import Cache, key_of, version_of
from ..store.files import digest, swhid
from ..store.structured import Outside, inside
from .catalog import RAW_LOGS, BrokenCatalog, Entry


class MissingLog(Exception):
    """Neither the original nor a transcription that fits is at hand; the message says what to do."""


@dataclass(frozen=True, slots=True)
class LoadedLog:
    """A log of the catalog with its facts, and whether they were read from the original.

    `lines` is the text of a log that is kept whole, line by line. No text of another person's log is kept.
    """

    entry: Entry
    facts: Transcription
    from_original: bool
    lines: tuple[str, ...] = ()


def original(entry: Entry, folder: Path) -> bytes:
    """Return the original of a log, which is in a folder under its path, or under its name alone.

    Raises
    ------
    MissingLog
        If it is not there, cannot be read, or has another sha256 than the catalog says.
    BrokenCatalog
        If the catalog says another size or Software Heritage identifier.
    """
    try:
        path, beside = entry.original(folder), inside(folder, PurePosixPath(entry.path).name)
    except Outside as error:
        raise MissingLog(str(error)) from None
    path = beside if beside.is_file() and not path.is_file() else path
    try:
        data = contents(path)
    except NotALog as error:
        fetch = "; `make logs` fetches the originals" if not path.exists() and not entry.kept else ""
        raise MissingLog(f"{path}: {error}{fetch}") from None
    if (got := digest(data)) != entry.sha256:
        raise MissingLog(f"{path}: sha256 expected {entry.sha256}, got {got}")
    if entry.swhid and (identifier := swhid(data)) != entry.swhid:
        raise BrokenCatalog(f"{entry.path}: the catalog says swhid = {entry.swhid}, but the file has {identifier}")
    if len(data) != entry.size:
        raise BrokenCatalog(f"{entry.path}: the catalog says size = {entry.size}, but the file has {len(data)} bytes")
    return data


def load_log(entry: Entry, folder: Path = RAW_LOGS, cache: Cache | None = None) -> LoadedLog:
    """Return a log's facts; an original that `cache` knows is not read again.

    Raises
    ------
    MissingLog
        If there is neither the original nor a transcription of it.
    BrokenCatalog
        If the catalog says another size, or declares something of a run that the log does not have.
    """
    try:
        data = original(entry, folder)
    except MissingLog:
        if entry.kept:
            raise
    else:
        lines = tuple(decode(line) for line in data.removesuffix(b"\n").split(b"\n")) if entry.kept else ()
        return LoadedLog(entry, declared_of_runs(entry, remembered(entry, data, cache or Cache(None))), True, lines)
    path = entry.transcription(folder)
    try:
        facts = load_transcription(path)
    except FileNotFoundError:
        raise MissingLog(
            f"{path}: no such file, and no original beside it with the catalog's sha256; `make logs` fetches it"
        ) from None
    except DamagedTranscription as error:
        raise MissingLog(f"{error}; `make logs transcribe` makes it anew") from None
    if facts.sha256 != entry.sha256:
        raise MissingLog(
            f"{path}: transcribes {facts.sha256}, the catalog has {entry.sha256}; `make logs transcribe` makes it anew"
        )
    if facts.size != entry.size:
        raise BrokenCatalog(f"{entry.path}: the catalog says size = {entry.size}, but {path} says {facts.size}")
    return LoadedLog(entry, declared_of_runs(entry, facts), False)


def declared_of_runs(entry: Entry, facts: Transcription) -> Transcription:
    """Return the facts of a log, if it has every run of which the catalog declares something."""
    there = [run.ordinal for run in facts.runs]
    for declared in entry.declared:
        if declared.run not in there:
            raise BrokenCatalog(
                f"{entry.path}: the catalog declares {declared.name} of run = {declared.run}, "
                f"but the log has the runs {', '.join(map(str, there)) or '(none)'}"
            )
    return facts


def remembered(entry: Entry, data: bytes, cache: Cache) -> Transcription:
    """Return the facts of a log, from the cache if possible; they depend only on its bytes and the parsers.

    The cache is pickled and as trusted as the compiled code in `__pycache__` of the same checkout.
    """
    key = key_of([entry.sha256, version_of(READER), *(digest(file.read_bytes()) for file in added_dialects())])
    kept = cache.get("facts", key, lambda: pickle.dumps(transcribe(entry, data), pickle.HIGHEST_PROTOCOL))
    facts: Transcription = pickle.loads(kept)
    return replace(facts, log=entry.path, url=entry.url)


def transcribe(entry: Entry, data: bytes) -> Transcription:
    """Return what the parsers read from the bytes of a log, with the counts of its lines."""
    reading, lines = parse_covered(data, entry.path)
    return Transcription(
        log=entry.path,
        sha256=entry.sha256,
        size=entry.size,
        url=entry.url,
        lines=lines.lines,
        lines_with_facts=lines.facts,
        lines_of_noise=lines.known_noise,
        lines_unknown=lines.not_understood,
        runs=reading.runs,
    )
