"""The catalog of logs: which there are, where they come from, and what a person declares of them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import regex

from parsers.vocabulary import BY_NAME

ROOT = Path(__file__).resolve().parent.parent
RAW_LOGS = ROOT / "raw_logs"
DOCS = ROOT / "docs"
SYSTEMS = ("SambaNova", "Graphcore", "Cerebras", "Groq", "CPU")


class BrokenCatalog(Exception):
    """The catalog cannot be used; the message names file, entry, field, value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person says of a run that its log does not, and where they say it."""

    run: int
    name: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One log of the catalog.

    `slug` begins the ids of its runs. `kept` marks a log of our own that lies whole in the repository and has a page.
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
_DECLARED: dict[str, type] = {"run": int, "name": str, "value": str, "source": str}


def slug(path: str) -> str:
    """Return a log's path without its suffix, made of letters, digits and hyphens."""
    stem = str(PurePosixPath(path).with_suffix("")) if not path.endswith(".") else path
    return regex.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")


def load(folder: Path = RAW_LOGS) -> tuple[Entry, ...]:
    """Return the entries of `folder`/catalog.toml in their order.

    Raises
    ------
    BrokenCatalog
        If the file is missing, is no TOML, or an entry breaks a rule.
    """
    path = folder / "catalog.toml"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BrokenCatalog(f"{path}: no such file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BrokenCatalog(f"{path}: {error}") from None
    unknown = sorted(set(raw) - {"log"})
    if unknown:
        raise BrokenCatalog(f"{path}: {unknown[0]!r} is not known here; only [[log]] is")
    entries = tuple(_entry(path, number, table) for number, table in enumerate(raw.get("log", []), 1))
    for name in ("path", "sha256"):
        _unique(path, name, [getattr(entry, name) for entry in entries])
    _unique(path, "slug (path without its suffix)", [entry.slug for entry in entries])
    return entries


def _entry(path: Path, number: int, table: dict[str, object]) -> Entry:
    where = f"{path}: log {number}"
    declared, kept = table.get("declared", []), table.get("kept", False)
    if not isinstance(kept, bool):
        raise BrokenCatalog(f"{where}: kept = {kept!r} is neither true nor false")
    if not isinstance(declared, list):
        raise BrokenCatalog(f"{where}: declared is no list of tables; write [[log.declared]]")
    said = _checked(where, {key: value for key, value in table.items() if key not in ("declared", "kept")}, _FIELDS)
    where = f"{where} ({said['path']})"
    parts = PurePosixPath(str(said["path"])).parts
    if not parts or parts[0] == "/" or ".." in parts or any(ord(c) < 32 for c in str(said["path"])):
        raise BrokenCatalog(f"{where}: path must lead into the folder of raw logs, without '..'")
    if said["system"] not in SYSTEMS:
        raise BrokenCatalog(f"{where}: system {said['system']!r} is not one of {', '.join(SYSTEMS)}")
    if not regex.fullmatch(r"[0-9a-f]{64}", str(said["sha256"])):
        raise BrokenCatalog(f"{where}: sha256 {said['sha256']!r} is not 64 hexadecimal digits in lower case")
    if not kept and not str(said["url"]).startswith("https://"):
        raise BrokenCatalog(f"{where}: url {said['url']!r} does not begin with https://")
    of_runs = tuple(_declared(where, place, item) for place, item in enumerate(declared, 1))
    return Entry(**said, declared=of_runs, slug=slug(str(said["path"])), kept=kept)  # type: ignore[arg-type]


def _declared(where: str, place: int, table: object) -> Declared:
    where = f"{where}: declared {place}"
    if not isinstance(table, dict):
        raise BrokenCatalog(f"{where}: not a table")
    said = _checked(where, table, _DECLARED)
    if said["name"] not in BY_NAME:
        raise BrokenCatalog(f"{where}: name {said['name']!r} is not in the vocabulary (parsers/vocabulary.py)")
    return Declared(**said)  # type: ignore[arg-type]


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


def _unique(path: Path, name: str, values: list[str]) -> None:
    for place, value in enumerate(values):
        if value in values[:place]:
            raise BrokenCatalog(f"{path}: two logs have the {name} {value!r}")
