"""`python -m scripts.add_log FILE...`: take logs of your own into raw_logs/, with stand-ins for what is private.

What was found is shown first: dialect, runs, outcomes, and how much of each kind is private. The copy gives the same
facts on the same lines, and that is made sure of before it is written. With --dry-run nothing is written and every
line that would change is shown. The file itself is only read, and nothing that exists is overwritten.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import regex

from parsers.engine.lines import decode, printable
from parsers.engine.text import NotALog, opened
from parsers.facts import Reading, rows
from parsers.reading import parse
from scripts import catalog
from scripts.catalog import RAW_LOGS, BrokenCatalog
from scripts.files import alone, digest, sha256, write
from scripts.privacy.stand_ins import Redacted, left, redact

_LONGEST_NAME = 100


class Refused(Exception):
    """A file is not taken; the message says why."""


@dataclass(frozen=True)
class Addition:
    """A log to be added: the file it comes from, what was read of it, the copy, and where that goes."""

    source: Path
    original: bytes
    opened: bytes
    reading: Reading
    redacted: Redacted
    path: str

    def entry(self, author: str, note: str) -> str:
        """Return the log's entry in the catalog."""
        fields: dict[str, object] = {
            "path": self.path,
            "system": _system(self.reading),
            "sha256": digest(self.redacted.data),
            "size": len(self.redacted.data),
            "url": "",
            "author": author,
            "note": note,
            "kept": True,
            "original_sha256": digest(self.original),
        }
        return "\n[[log]]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in fields.items())


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    if options.name and len(options.files) > 1:
        print("error: --name goes with one file", file=sys.stderr)
        return 2
    done = True
    for file in options.files:
        try:
            addition = prepare(file, options.name)
            print(_told(addition))
            if options.dry_run:
                print("\n".join(_diff(addition)))
            else:
                print(add(addition, options.logs, options.author, options.note))
        except (Refused, BrokenCatalog) as error:
            print(f"error: {printable(str(file))}: {error}", file=sys.stderr)
            done = False
        except OSError as error:
            where = printable(str(error.filename or file))
            print(f"error: {where}: cannot be read or written ({error.strerror})", file=sys.stderr)
            done = False
    return 0 if done else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.add_log", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="write nothing, show what would change")
    parser.add_argument("--name", default="", help="the copy's file name, if not the file's own")
    parser.add_argument("--author", default="", help="your public handle, for the catalog")
    parser.add_argument("--note", default="", help="a sentence for the log's page")
    parser.add_argument("--logs", type=Path, default=RAW_LOGS, metavar="FOLDER", help="where catalog.toml lies")
    return parser


def prepare(file: Path, name: str = "") -> Addition:
    """Return what a file would add, having made sure that it is harmless and says the same.

    Raises
    ------
    Refused
        If the file holds no run, or its facts would not be the same, or something private would remain.
    OSError
        If it cannot be read.
    """
    if not file.is_file():
        raise Refused("not a file" if file.exists() else "no such file")
    original = file.read_bytes()
    try:
        data = opened(original)
    except NotALog as error:
        raise Refused(str(error)) from None
    reading = parse(data, "")
    if not reading.runs:
        raise Refused(reading.reason)
    redacted = redact(data)
    _make_sure(data, reading, redacted)
    safe = _safe_name(name or redacted.of(file.name))
    return Addition(file, original, data, reading, redacted, f"{_system(reading).lower()}/{safe}")


def add(addition: Addition, folder: Path, author: str = "", note: str = "") -> str:
    """Write the copy, then its entry in the catalog; return what was done.

    Raises
    ------
    Refused
        If another file has the copy's place.
    BrokenCatalog
        If the catalog is broken, or would be: another log's runs have the same ids.
    OSError
        If something cannot be written.
    """
    copy, original = digest(addition.redacted.data), digest(addition.original)
    listed, path = folder / "catalog.toml", folder / addition.path
    with alone(folder):
        for entry in catalog.load(folder):
            if {copy, original} & {entry.sha256, entry.original_sha256}:
                return f"  {entry.path}: already in the catalog, nothing to do"
        text = listed.read_text(encoding="utf-8") + addition.entry(author, note)
        catalog.parse(text, listed)
        if path.exists() and sha256(path) != copy:
            raise Refused(f"{path} is another file; it stays as it is, and --name gives this one another name")
        write(path, addition.redacted.data)
        _unignore(folder, addition.path)
        write(listed, text.encode())
    return "  added; `make build` makes its pages"


def _unignore(folder: Path, path: str) -> None:
    """Have git keep a log: the originals beside it are ignored."""
    ignored = folder / ".gitignore"
    said = ignored.read_text(encoding="utf-8") if ignored.exists() else "# Logs of our own, kept whole.\n"
    line = f"!/{path}\n"
    if line not in said:
        write(ignored, (said + line).encode())


def _make_sure(data: bytes, reading: Reading, redacted: Redacted) -> None:
    if data.count(b"\n") != redacted.data.count(b"\n") or data.count(b"\r") != redacted.data.count(b"\r"):
        raise Refused("its lines would not stay the same")
    # The evidence around a value may hold a private thing, which the copy replaces.
    before = [(*row[:6], redacted.of(str(row[6])), *row[7:-1]) for row in rows("", reading.runs)]
    after = [row[:-1] for row in rows("", parse(redacted.data, "").runs)]
    for was, would_be in zip(before, after, strict=False):
        if was != would_be:
            raise Refused(f"line {was[8]}: the fact {was[3]} would change from {was[6]!r} to {would_be[6]!r}")
    if len(before) != len(after):
        raise Refused(f"{len(before)} facts would become {len(after)}")
    for line, kind in left(redacted.data):
        raise Refused(f"line {line}: {kind} would remain")


def _system(reading: Reading) -> str:
    fact = reading.runs[0].fact("system")
    return fact.value if fact else ""


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


def _told(addition: Addition) -> str:
    reading, counts = addition.reading, addition.redacted.counts
    signs = ", ".join(f"{system} ({printable(sign)!r} stands in it)" for system, sign in reading.dialects)
    ends = ", ".join(
        f"lines {run.first_line}-{run.last_line} {fact.value if (fact := run.fact('outcome')) else 'unknown'}"
        for run in reading.runs
    )
    private = ", ".join(f"{kind} {count}" for kind, count in counts.most_common()) or "nothing found"
    rows = (
        ("dialect", signs),
        ("runs", f"{len(reading.runs)}: {ends}"),
        ("private", private),
        ("goes to", addition.path),
    )
    return "\n".join([printable(str(addition.source)), *(f"  {name:9}{said}" for name, said in rows)])


def _diff(addition: Addition) -> Iterator[str]:
    """Give each line that changes, before and after, with its number."""
    pairs = zip(addition.opened.split(b"\n"), addition.redacted.data.split(b"\n"), strict=True)
    for number, (old, new) in enumerate(pairs, 1):
        if old != new:
            yield f"@@ {number} @@\n-{printable(decode(old))}\n+{printable(decode(new))}"


if __name__ == "__main__":
    sys.exit(main())
