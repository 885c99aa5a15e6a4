"""The catalog of logs: which logs there are, where they come from, and what a person declares about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Annotated

import regex
from msgspec import Meta

from .. import ROOT
from ..reader import BY_NAME, DialectFault, known_dialects
from ..store.files import digest
from ..store.structured import Broken, checked, inside, text_of, toml

RAW_LOGS = ROOT / "raw_logs"
DOCS = ROOT / "docs"
_LONGEST_SLUG = 120
_NUMBER = regex.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,3})?", regex.ASCII)


_Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class BrokenCatalog(Broken):
    """The catalog cannot be used; each line of the message names file, entry, field, value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person declares about a run that its log does not state, with the source in words and its address."""

    run: Annotated[int, Meta(ge=1)]
    name: str
    value: str
    source: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One log of the catalog.

    `swhid` is the Software Heritage identifier of its bytes. `slug` begins the ids of its runs. `kept` marks a log of
    our own that is whole in the repository and has a page. `original_sha256` is the checksum from before stand-ins
    replaced private things.
    """

    path: str
    system: str
    sha256: _Sha256
    size: Annotated[int, Meta(ge=0)]
    url: str
    author: str
    note: str
    declared: tuple[Declared, ...]
    slug: str
    kept: bool = False
    original_sha256: Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")] = ""
    swhid: Annotated[str, Meta(pattern="^(swh:1:cnt:[0-9a-f]{40})?$")] = ""

    def original(self, folder: Path) -> Path:
        """Return the path of the original in the folder of raw logs, if it exists; refuse a path that leads out."""
        return inside(folder, self.path)

    def transcription(self, folder: Path) -> Path:
        """Return the path of the transcription in the folder of raw logs."""
        return inside(folder, f"{self.path}.facts.csv")

    def run_id(self, ordinal: int) -> str:
        """Return the id of a run, which never changes once published."""
        return f"{self.slug}-{ordinal}"


def slug(path: str) -> str:
    """Return a log's path without its suffix, made of letters, digits and hyphens.

    If it has none, or too many for a file's name, part of a checksum makes it unique.
    """
    stem = str(PurePosixPath(path).with_suffix("")) if not path.endswith(".") else path
    plain = regex.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    if plain and len(plain) <= _LONGEST_SLUG:
        return plain
    return f"{plain[:_LONGEST_SLUG]}-{digest(path.encode('utf-8', 'surrogateescape'))[:8]}".strip("-")


def load(folder: Path = RAW_LOGS) -> tuple[Entry, ...]:
    """Return the entries of `folder`/catalog.toml in their order.

    Raises
    ------
    BrokenCatalog
        If the file is missing, is not TOML, or an entry breaks a rule.
    """
    path = folder / "catalog.toml"
    try:
        return parse(text_of(path), path)
    except FileNotFoundError:
        raise BrokenCatalog(_missing(path)) from None
    except Broken as error:
        raise BrokenCatalog(str(error)) from None


def _missing(path: Path) -> str:
    """Return what to do where there is no catalog."""
    if path.parent != RAW_LOGS:
        return f"{path}: no such file"
    return (
        f"{ROOT}: not the folder of a site ({RAW_LOGS.name}/{path.name} is missing); go to such a folder, name it with "
        "`testbed-report -C FOLDER COMMAND`, or make one with `testbed-report new FOLDER --logs LOGS`"
    )


def parse(text: str, path: Path) -> tuple[Entry, ...]:
    """Return the entries of a catalog's text; `path` is what errors call it, and its folder holds the logs.

    Raises
    ------
    BrokenCatalog
        If it is not TOML, or entries break a rule; all of these are named.
    """
    try:
        raw = toml(text, path)
    except Broken as error:
        raise BrokenCatalog(str(error)) from None
    unknown = sorted(set(raw) - {"log"})
    if unknown:
        raise BrokenCatalog(f"{path}: {unknown[0]!r} is not known here; only [[log]] is")
    if not isinstance(raw.get("log", []), list):
        raise BrokenCatalog(f"{path}: log is not a list of tables; write [[log]]")
    entries, wrong = [], []
    for number, table in enumerate(raw.get("log", []), 1):
        try:
            entries.append(_entry(path, number, table))
        except Broken as error:
            wrong.append(str(error))
    for name in ("path", "sha256"):
        wrong += _twice(path, name, [getattr(entry, name) for entry in entries])
    wrong += _twice(path, "slug (path without its suffix)", [entry.slug for entry in entries])
    if wrong:
        raise BrokenCatalog("\n".join(wrong))
    return tuple(entries)


def _entry(path: Path, number: int, table: object) -> Entry:
    where = f"{path}: log {number}"
    if not isinstance(table, dict):
        raise BrokenCatalog(f"{where}: not a table; write [[log]]")
    if "slug" in table:
        raise BrokenCatalog(f"{where}: 'slug' is not known; it is made from the path")
    declared = table.get("declared", [])
    if not isinstance(declared, list):
        raise BrokenCatalog(f"{where}: declared is not a list of tables; write [[log.declared]]")
    entry = checked({**table, "declared": [], "slug": slug(str(table.get("path")))}, Entry, where)
    of = f"log {number} ({entry.path})"
    where = f"{path}: {of}"
    try:
        entry.original(path.parent)
        entry.transcription(path.parent)
    except Broken as error:
        raise BrokenCatalog(f"{where}: path {error}") from None
    try:
        systems = [dialect.system for dialect in known_dialects()]
    except DialectFault as fault:
        raise BrokenCatalog(str(fault)) from None
    if entry.system not in systems:
        raise BrokenCatalog(f"{where}: system {entry.system!r} is not one of {', '.join(systems)}")
    _check_address(where, entry.url, needed=not entry.kept)
    return replace(entry, declared=declared_in(path, of, declared))


def declared_in(path: Path, log: str, items: Sequence[object], lines: Sequence[int] = ()) -> tuple[Declared, ...]:
    """Return what tables of a file declare of a log; `lines` are the lines of the file where their values are.

    Raises
    ------
    BrokenCatalog
        If one breaks a rule.
    """
    places = [f"{path}:{lines[index]}" if index < len(lines) else str(path) for index in range(len(items))]
    try:
        return tuple(
            _declared(f"{place}: {log}: declared {index}", item)
            for index, (place, item) in enumerate(zip(places, items, strict=True), 1)
        )
    except Broken as error:
        raise BrokenCatalog(str(error)) from None


def _declared(where: str, table: object) -> Declared:
    declared = checked(table, Declared, where)
    _check_address(where, declared.url, needed=False)
    if declared.name not in BY_NAME:
        raise BrokenCatalog(f"{where}: name {declared.name!r} is not in the vocabulary (parsers/vocabulary.py)")
    _check_value(f"{where}: {declared.name} of run {declared.run}", declared)
    return declared


def _check_value(where: str, declared: Declared) -> None:
    """Refuse a value that says nothing, or words where only a number makes sense."""
    if not declared.value.strip():
        raise BrokenCatalog(f"{where}: value is empty; write the value, or put # before the lines of this answer")
    term = BY_NAME[declared.name]
    if term.kind in ("parameter", "metric") and not term.text and not _NUMBER.fullmatch(declared.value):
        raise BrokenCatalog(
            f"{where}: value {declared.value!r} is not a number; allowed: digits, such as 8, 0.05, 5e-4"
        )


def _check_address(where: str, url: str, *, needed: bool) -> None:
    if (url or needed) and not regex.fullmatch(r"https://[\w.~:/?#@!&*+,;=%-]+", url):
        raise BrokenCatalog(f"{where}: url {url!r} does not begin with https://, or needs %-signs")


def _twice(path: Path, name: str, values: list[str]) -> list[str]:
    return [
        f"{path}: two logs have the {name} {value!r}" for index, value in enumerate(values) if value in values[:index]
    ]
