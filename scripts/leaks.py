"""`python -m scripts.leaks`: look for private things in everything that is published; exit status 1 if it has any.

The command looks at docs/, the built site if there is one, the catalog, the transcriptions and the kept logs. Files and
folders that you name replace these. If the original logs are at hand, it looks for the private names in them. A public
handle of the catalog and a permalink are not leaks.
"""

from __future__ import annotations

import html
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import regex

from . import ROOT
from .logs import catalog
from .logs.catalog import DOCS, RAW_LOGS, BrokenCatalog, Entry
from .logs.load import LoadedLog
from .options import parser as command_parser
from .privacy.find import FAMILIES, Known, find, learn
from .privacy.stand_ins import read_as

# The theme's own files, the same for every site.
_THEME = ("assets/javascripts/", "assets/stylesheets/")
_MARKUP = (".md", ".html", ".svg", ".xml")
# The strokes of a drawing: numbers that may follow each other like those of an address.
_STROKES = regex.compile(r"(?<=\sd=\")[-+.,\d\sA-Za-z]*(?=\")")

# A control character, as pages spell it: `Password:` at the end of a line of Windows is followed by no word.
_SPELT_OUT = regex.compile(r"\\u00[01][0-9a-f]")


class Leak(NamedTuple):
    """A private thing in a file: where, and of what kind; never the thing itself."""

    path: Path
    line: int
    kind: str


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = command_parser("leaks", __doc__, "", "page.md logs/")
    parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="look at these instead")
    parser.add_argument("--logs", type=Path, default=RAW_LOGS, metavar="FOLDER", help="the folder of catalog.toml")
    options = parser.parse_args(arguments)
    try:
        entries = _entries(options.logs, needed=not options.paths)
        paths = files(options.paths) if options.paths else published(options.logs, entries)
        leaks = look(paths, entries, options.logs)
    except BrokenCatalog as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename}: cannot be read ({error.strerror})", file=sys.stderr)
        return 1
    for leak in leaks:
        print(f"{leak.path}:{leak.line}: {leak.kind}")
    counts = f": {counted(leaks)}" if leaks else ""
    print(f"{len(paths)} files looked at, {len(leaks)} leaks{counts}")
    return 1 if leaks else 0


def _entries(folder: Path, *, needed: bool) -> tuple[Entry, ...]:
    """Return the entries of the catalog; outside a site there are none, and named files need none."""
    return catalog.load(folder) if needed or (folder / "catalog.toml").exists() else ()


def published(folder: Path, entries: Iterable[Entry]) -> list[Path]:
    """Return the files that the repository and the site publish."""
    kept = [entry.original(folder) for entry in entries if entry.kept]
    paths = [folder / "catalog.toml", *sorted(folder.rglob("*.facts.csv"))]
    built = [path for path in (DOCS, ROOT / "site") if path.exists()]
    return files(built) + paths + [path for path in kept if path.is_file()]


def files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that paths name or hold, without the theme's own."""
    inside_files = []
    for path in paths:
        path.stat()  # an error where it does not exist
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        inside_files += [one for one in inside if one.is_file() and not any(part in one.as_posix() for part in _THEME)]
    return inside_files


def look(paths: Sequence[Path], entries: Sequence[Entry], folder: Path) -> list[Leak]:
    """Return the leaks of files, given the private things in the originals at hand and in the files themselves."""
    originals = [entry.original(folder) for entry in entries if not entry.kept]
    texts = {path: list(_texts(path, entries)) for path in paths}
    learnt = learn(
        [text for path in originals if path.is_file() for text in read_as(path.read_bytes())]
        + [text for of_file in texts.values() for text in of_file]
    )
    public = _public(learnt, entries)
    known = learnt._replace(things={name: kind for name, kind in learnt.things.items() if name not in public})
    leaks = {
        Leak(path, text.count("\n", 0, match.start) + 1, match.kind)
        for path, of_file in texts.items()
        for text in of_file
        for match in find(text, known)
        if match.value not in public
    }
    return sorted(leaks)


def in_report(logs: Sequence[LoadedLog]) -> list[Leak]:
    """Return the leaks in what a report publishes of logs: names, facts, and the lines of logs kept whole.

    Each is named by its line in the log; line 0 is the log's name.
    """
    published = [_published(log) for log in logs]
    texts = ["\n".join(text for _, text in lines) for lines in published]
    learnt = learn(texts)
    public = _public(learnt, [log.entry for log in logs])
    known = learnt._replace(things={name: kind for name, kind in learnt.things.items() if name not in public})
    leaks = {
        Leak(Path(log.entry.path), lines[text.count("\n", 0, match.start)][0], match.kind)
        for log, lines, text in zip(logs, published, texts, strict=True)
        for match in find(text, known)
        if match.value not in public
    }
    return sorted(leaks)


def _published(log: LoadedLog) -> list[tuple[int, str]]:
    """Return what a report publishes of a log: each text on one line, with its line in the log."""
    facts = [(fact.line, " ".join(fact.value.split())) for run in log.facts.runs for fact in run.facts]
    return [(0, log.entry.path), *facts, *enumerate(log.lines, 1)]


def _public(learnt: Known, entries: Iterable[Entry]) -> set[str]:
    """Return the account names that are public: the authors in the catalog."""
    handles = {entry.author for entry in entries}
    return {name for name in learnt.things if name in handles and FAMILIES[learnt.things[name]] == "user"}


def counted(leaks: Iterable[Leak]) -> str:
    """Return how many leaks there are of each kind, in words."""
    kinds = Counter(leak.kind for leak in leaks)
    return ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())


def _texts(path: Path, entries: Iterable[Entry]) -> Iterator[str]:
    """Give the texts of a file as a reader sees them, without the catalog's permalinks."""
    for text in read_as(path.read_bytes()):
        shown = text
        if path.suffix in _MARKUP:
            shown = _SPELT_OUT.sub(" ", html.unescape(_STROKES.sub(_blank, text)))
        for entry in entries:
            if entry.url:
                shown = shown.replace(entry.url, "-")
        yield shown


def _blank(strokes: regex.Match[str]) -> str:
    return "\n" * strokes[0].count("\n")


if __name__ == "__main__":
    sys.exit(main())
