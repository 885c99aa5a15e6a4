"""A log that its owner adds to raw_logs/: what the parsers read, the copy with stand-ins, and the copy's path."""

from __future__ import annotations

import json
import os
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePosixPath

import regex

from ..options import command, made_by
from ..privacy.stand_ins import Redacted, left, redact, redact_all
from ..reader import SIZE_LIMIT, NotALog, Reading, files, inside_archive, opened, parse, rows
from ..store.files import alone, digest, place, put, sha256, staged, swhid
from ..store.structured import inside
from . import catalog
from .catalog import Entry, slug

_LONGEST_NAME = 100


class Refused(Exception):
    """A file is not added; the message says why."""


class NoRun(Refused):
    """A file contains no run."""


@dataclass(frozen=True)
class Source:
    """A file to add: its bytes, also out of their archive, and what the parsers read."""

    file: Path
    original: bytes
    opened: bytes
    reading: Reading

    @property
    def place(self) -> Path:
        """Where the file is, with an archive as a folder."""
        inside = inside_archive(self.file)
        return inside[0].absolute() / inside[1] if inside else self.file.absolute()

    @property
    def system(self) -> str:
        """The system of the first run."""
        fact = self.reading.runs[0].fact("system")
        return fact.value if fact else ""


@dataclass(frozen=True)
class NotSource:
    """A file that contains no run, and the reason."""

    file: Path
    reason: str


@dataclass(frozen=True)
class Addition:
    """A log to add: its source, its copy with stand-ins, and the copy's path in raw_logs/."""

    source: Source
    redacted: Redacted
    path: str

    @property
    def sums(self) -> set[str]:
        """The sha256 of the copy and of the original."""
        return {digest(self.redacted.data), digest(self.source.original)}

    def entry(self, author: str, note: str) -> str:
        """Return the log's entry in the catalog."""
        fields: dict[str, object] = {
            "path": self.path,
            "system": self.source.system,
            "sha256": digest(self.redacted.data),
            "swhid": swhid(self.redacted.data),
            "size": len(self.redacted.data),
            "url": "",
            "author": author,
            "note": note,
            "kept": True,
            "original_sha256": digest(self.source.original),
        }
        return "\n[[log]]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in fields.items())


def read_sources(file: Path) -> list[Source | NotSource]:
    """Return what a file holds: itself, or each file of an archive; `archive.zip!run.log` is one of them.

    Raises
    ------
    NoRun
        If it is neither a log nor an archive.
    Refused
        If it does not exist, is too large, or is a folder that cannot be listed.
    OSError
        If it cannot be read.
    """
    _look_at(file)
    try:
        return [_source(Path(name), data, reason) for name, data, reason in files(file, str(file))]
    except NotALog as error:
        raise NoRun(str(error)) from None


def _look_at(file: Path) -> None:
    """Make sure that a path is one of a file, or of a file of an archive."""
    if inside_archive(file) is not None:
        return
    if not os.path.lexists(file):
        raise Refused("no such file")
    if file.is_dir() and not file.is_symlink():
        raise Refused("a folder that cannot be listed")
    if not file.is_file():
        raise NoRun("a link to a folder, which is not followed" if file.is_dir() else "not a file")
    if file.stat().st_size > SIZE_LIMIT:
        raise Refused(f"larger than {SIZE_LIMIT} bytes")
    with file.open("rb"):
        pass


def _source(file: Path, original: bytes, reason: str) -> Source | NotSource:
    try:
        data = b"" if reason else opened(original)
    except NotALog as error:
        return NotSource(file, str(error))
    reading = None if reason else parse(data, "")
    if reading is None or not reading.runs:
        return NotSource(file, reason or (reading.reason if reading else ""))
    return Source(file, original, data, reading)


def additions(sources: Sequence[Source], name: str = "") -> list[tuple[Addition, str]]:
    """Return what files would add, each with the reason why it is refused, or an empty text.

    A private thing in one log has the same stand-in in all. A log that is refused by itself gives no names to the
    others.
    """
    together = _together(sources, name)
    if len(together) == 1 or not any(reason for _, reason in together):
        return together
    alone = [_together([source], name)[0] for source in sources]
    fine = [addition.source for addition, reason in alone if not reason]
    return [(addition, reason) for addition, reason in alone if reason] + _together(fine, name)


def _together(sources: Sequence[Source], name: str) -> list[tuple[Addition, str]]:
    copies = redact_all([source.opened for source in sources])
    if name:
        paths = [f"{source.system.lower()}/{_safe_name(name)}" for source in sources]
    else:
        paths = _told_apart(sources, copies)
    made = [Addition(*parts) for parts in zip(sources, copies, paths, strict=True)]
    return [(addition, _problem(addition)) for addition in made]


def _told_apart(sources: Sequence[Source], copies: Sequence[Redacted]) -> list[str]:
    """Return a path for each copy: the file's name, with as many folders before it as make it unique."""
    places = [source.place for source in sources]
    accounts = redact(b"\n".join(map(os.fsencode, places)))  # a folder may have the name of its owner

    def at_depth(depth: int) -> list[str]:
        pairs = zip(places, copies, strict=True)
        names = [accounts.of(copy.of("-".join(each.parts[-depth:]))) for each, copy in pairs]
        return [f"{source.system.lower()}/{_safe_name(name)}" for source, name in zip(sources, names, strict=True)]

    own = paths = at_depth(1)
    for depth in range(2, max((len(each.parts) for each in places), default=0)):
        same = _same(paths)
        if not any(same):
            return paths
        paths = [longer if again else path for longer, path, again in zip(at_depth(depth), paths, same, strict=True)]
    return [short if again else path for short, path, again in zip(own, paths, _same(paths), strict=True)]


def _same(paths: Iterable[str]) -> list[bool]:
    """Return for each path whether the runs of another would have the same ids."""
    slugs = [slug(path) for path in paths]
    counts = Counter(slugs)
    return [counts[name] > 1 for name in slugs]


def add(addition: Addition, folder: Path, author: str = "", note: str = "") -> str:
    """Write the copy and its entry in the catalog; return what was done.

    Raises
    ------
    Refused
        If another log has the copy's place.
    BrokenCatalog
        If the catalog is broken, or would be.
    OSError
        If something cannot be written; nothing is written then.
    """
    listed = folder / "catalog.toml"
    catalog.load(folder)  # outside a site nothing is made, no lock either
    with alone(folder):
        entries = catalog.load(folder)
        for entry in entries:
            if addition.sums & {entry.sha256, entry.original_sha256}:
                return f"  {entry.path}: already in the catalog, nothing to do"
        _refuse_taken(addition, folder, entries)
        text = listed.read_bytes().decode() + addition.entry(author, note)
        catalog.parse(text, listed)
        put_in_place(
            folder,
            {
                addition.path: addition.redacted.data,
                ".gitignore": unignored(folder, addition.path),
                "catalog.toml": text.encode(),
            },
        )
    return f"  added; `{made_by('build', 'build')}` makes its pages"


def _refuse_taken(addition: Addition, folder: Path, entries: Sequence[Entry]) -> None:
    """Make sure that no other log has the copy's place, and that no other log's runs have its ids."""
    if not _taken(addition.path, addition, folder, entries):
        return
    path = PurePosixPath(addition.path)
    others = (path.with_stem(f"{path.stem}-{number}") for number in count(2))
    free = next(other for other in others if not _taken(str(other), addition, folder, entries))
    use = f"{command('add_log')} --name {shlex.quote(free.name)} {shlex.quote(str(addition.source.file))}"
    raise Refused(f"the name {addition.path} is taken by another log, which stays as it is; use: {use}")


def _taken(path: str, addition: Addition, folder: Path, entries: Sequence[Entry]) -> bool:
    file = inside(folder, path)
    other = os.path.lexists(file) and not (file.is_file() and sha256(file) == digest(addition.redacted.data))
    return other or slug(path) in {entry.slug for entry in entries}


def put_in_place(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files in their places, in their order, once all are on the disk. The caller must be `alone`."""
    with staged(folder) as stage:
        for name, content in files.items():
            put(inside(stage, name), content)
        place(folder, files)


def unignored(folder: Path, path: str) -> bytes:
    """Return the text of .gitignore with which git keeps a log; the originals beside it are ignored."""
    ignored = folder / ".gitignore"
    text = ignored.read_text(encoding="utf-8") if ignored.exists() else "# Logs of our own, kept whole.\n"
    line = f"!/{path}"
    return (text if line in text.splitlines() else f"{text.rstrip()}\n{line}\n").encode()


def _problem(addition: Addition) -> str:
    """Return why a copy does not give the same facts on the same lines, or what private thing is left."""
    data, redacted = addition.source.opened, addition.redacted
    if data.count(b"\n") != redacted.data.count(b"\n") or data.count(b"\r") != redacted.data.count(b"\r"):
        return "its lines would not stay the same"
    # The evidence around a value may hold a private thing, which the copy replaces.
    before = [(*row[:6], redacted.of(str(row[6])), *row[7:-1]) for row in rows("", addition.source.reading.runs)]
    after = [row[:-1] for row in rows("", parse(redacted.data, "").runs)]
    for was, would_be in zip(before, after, strict=False):
        if was != would_be:
            return f"line {was[8]}: the fact {was[3]} would change from {was[6]!r} to {would_be[6]!r}"
    if len(before) != len(after):
        return f"{len(before)} facts would become {len(after)}"
    return next((f"line {line}: {kind} would remain" for line, kind in left(redacted.data)), "")


def _safe_name(name: str) -> str:
    """Return a file name of letters, digits, dots, hyphens and underscores, which begins with a letter or a digit."""
    plain = regex.sub(r"[^A-Za-z0-9._-]+", "-", name.removesuffix(".gz")).strip("-._") or "log"
    plain = regex.sub(r"-+\.", ".", plain)
    stem, dot, suffix = plain.rpartition(".")
    return (
        plain if len(plain) <= _LONGEST_NAME else f"{(stem or suffix)[:_LONGEST_NAME]}{dot}{suffix[:8] if stem else ''}"
    )


def _toml(value: object) -> str:
    """Return a value as TOML: the strings of JSON are strings of TOML too."""
    return json.dumps(regex.sub(r"\p{C}+", " ", value) if isinstance(value, str) else value, ensure_ascii=False)
