"""The catalog of logs: which there are, where they come from, and what a person declares of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import regex

from parsers.engine.detection import DIALECTS
from parsers.vocabulary import BY_NAME
from scripts import ROOT
from scripts.files import digest

RAW_LOGS = ROOT / "raw_logs"
DOCS = ROOT / "docs"
SYSTEMS = tuple(dialect.system for dialect in DIALECTS)
_LONGEST_SLUG = 120


class BrokenCatalog(Exception):
    """The catalog cannot be used; each line of the message names file, entry, field, value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person says of a run that its log does not, and where they say it: in words, and its address if any."""

    run: int
    name: str
    value: str
    source: str
    url: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One log of the catalog.

    `slug` begins the ids of its runs. `kept` marks a log of our own that lies whole in the repository and has a page;
    `original_sha256` is of what it was before stand-ins took the place of private things.
    """

    path: str
    system: str
    sha256: str
    size: int
    url: str
    author: str
    note: str
    declared: tuple[Declared, ...]
    slug: str
    kept: bool = False
    original_sha256: str = ""

    def original(self, folder: Path) -> Path:
        """Return where the original lies, if it is at hand, in the folder of raw logs."""
        return folder / self.path

    def transcription(self, folder: Path) -> Path:
        """Return where the transcription lies in the folder of raw logs."""
        return folder / f"{self.path}.facts.csv"

    def run_id(self, ordinal: int) -> str:
        """Return the id of a run, which never changes once published."""
        return f"{self.slug}-{ordinal}"


_FIELDS: dict[str, type] = {
    "path": str,
    "system": str,
    "sha256": str,
    "size": int,
    "url": str,
    "author": str,
    "note": str,
}
_OPTIONAL: dict[str, type] = {"kept": bool, "original_sha256": str}
_DECLARED: dict[str, type] = {"run": int, "name": str, "value": str, "source": str, "url": str}


def slug(path: str) -> str:
    """Return a log's path without its suffix, made of letters, digits and hyphens.

    Where it has none of them, or far too many for a file's name, part of a checksum makes it one of its own.
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
        If the file is missing, is no TOML, or an entry breaks a rule.
    """
    path = folder / "catalog.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BrokenCatalog(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise BrokenCatalog(f"{path}: {error}") from None
    except OSError as error:
        raise BrokenCatalog(f"{path}: cannot be read ({error.strerror})") from None
    return parse(text, path)


def parse(text: str, path: Path) -> tuple[Entry, ...]:
    """Return the entries of a catalog's text; `path` is what errors call it.

    Raises
    ------
    BrokenCatalog
        If it is no TOML, or entries break a rule: every one that does is named.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenCatalog(f"{path}: {error}") from None
    unknown = sorted(set(raw) - {"log"})
    if unknown:
        raise BrokenCatalog(f"{path}: {unknown[0]!r} is not known here; only [[log]] is")
    if not isinstance(raw.get("log", []), list):
        raise BrokenCatalog(f"{path}: log is no list of tables; write [[log]]")
    entries, wrong = [], []
    for number, table in enumerate(raw.get("log", []), 1):
        try:
            entries.append(_entry(path, number, table))
        except BrokenCatalog as error:
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
    declared = table.get("declared", [])
    if not isinstance(declared, list):
        raise BrokenCatalog(f"{where}: declared is no list of tables; write [[log.declared]]")
    said = {"kept": False, "original_sha256": ""} | {key: table[key] for key in table if key != "declared"}
    _checked(where, said, _FIELDS | _OPTIONAL)
    where = f"{where} ({said['path']})"
    parts = PurePosixPath(str(said["path"])).parts
    if not parts or parts[0] == "/" or ".." in parts or any(ord(c) < 32 for c in str(said["path"])):
        raise BrokenCatalog(f"{where}: path must lead into the folder of raw logs, without '..'")
    if said["system"] not in SYSTEMS:
        raise BrokenCatalog(f"{where}: system {said['system']!r} is not one of {', '.join(SYSTEMS)}")
    for name in ("sha256", "original_sha256"):
        if (said[name] or name == "sha256") and not regex.fullmatch(r"[0-9a-f]{64}", str(said[name])):
            raise BrokenCatalog(f"{where}: {name} {said[name]!r} is not 64 hexadecimal digits in lower case")
    _check_address(where, str(said["url"]), needed=not said["kept"])
    of_runs = tuple(_declared(where, place, item) for place, item in enumerate(declared, 1))
    return Entry(**said, declared=of_runs, slug=slug(str(said["path"])))


def _declared(where: str, place: int, table: object) -> Declared:
    where = f"{where}: declared {place}"
    if not isinstance(table, dict):
        raise BrokenCatalog(f"{where}: not a table")
    said = _checked(where, {"url": "", **table}, _DECLARED)
    _check_address(where, str(said["url"]), needed=False)
    if said["name"] not in BY_NAME:
        raise BrokenCatalog(f"{where}: name {said['name']!r} is not in the vocabulary (parsers/vocabulary.py)")
    return Declared(**said)  # type: ignore[arg-type]


def _check_address(where: str, url: str, *, needed: bool) -> None:
    if (url or needed) and not regex.fullmatch(r"https://[\w.~:/?#@!&*+,;=%-]+", url):
        raise BrokenCatalog(f"{where}: url {url!r} does not begin with https://, or needs %-signs")


def _checked(where: str, table: dict[str, object], fields: dict[str, type]) -> dict[str, object]:
    for name, kind in fields.items():
        if name not in table:
            raise BrokenCatalog(f"{where}: {name} is missing")
        if type(table[name]) is not kind:
            raise BrokenCatalog(f"{where}: {name} = {table[name]!r} is not of type {kind.__name__}")
    unknown = sorted(set(table) - set(fields))
    if unknown:
        raise BrokenCatalog(f"{where}: {unknown[0]!r} is not known; known are {', '.join(fields)}")
    return table


def _twice(path: Path, name: str, values: list[str]) -> list[str]:
    return [
        f"{path}: two logs have the {name} {value!r}" for place, value in enumerate(values) if value in values[:place]
    ]
