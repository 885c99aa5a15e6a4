"""`python -m scripts.build`: from the logs of the catalog to data, figures and pages in docs/.

It also writes the table of logs in raw_logs/README.md.

Everything is made in memory first and written beside the old files. Then the files that change are replaced. If nothing
has changed since the last build, nothing is made. With --check nothing is written: the exit status is 1 if a file is
outdated. `python -m scripts.report` reports on other logs.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import OWN, ROOT
from .logs.catalog import DOCS, RAW_LOGS
from .options import parser as command_parser
from .store import fresh
from .store.cache import Cache
from .store.files import holds, write, write_all
from .store.manifest import content, listed, refuse_foreign
from .store.structured import Broken, text_of

if TYPE_CHECKING:  # a build of nothing new is over before these are needed
    from .logs.load import LoadedLog
    from .report.render import Rendered
    from .report.results import Results

MANIFEST = ".generated"
# The hand-written pages outside docs/ that have a table of the build, by their paths in the project.
BESIDE = (f"{RAW_LOGS.name}/README.md",)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    if options.check:
        return _build(None, check_only=True)
    last = fresh.noted()
    try:
        before = fresh.state(before=last[0] if last else None)
    except OSError as error:
        return unread(error)
    if last is not None and fresh.same(last[0], before):
        print(f"nothing has changed since the last build, which made {last[1]} files")
        return 0
    return _build(before)


def _build(before: fresh.State | None, *, check_only: bool = False) -> int:
    """Build, or only compare; leave a note of what changed from `before`, if it is given."""
    from .logs import catalog
    from .logs.author import remarks, with_declared
    from .logs.load import load_log
    from .navigation import settings
    from .report.render import BROKEN, render
    from .report.results import collect
    from .report.verification import last

    cache = Cache(None) if check_only else Cache()
    try:
        logs = with_declared([load_log(entry, cache=cache) for entry in catalog.load()], RAW_LOGS)
        results = collect(logs)
        beside_docs = {name: _page(ROOT / name) for name in BESIDE if OWN}
        rendered = render(results, _pages(), last(DOCS), cache, beside_docs, remarks(RAW_LOGS), own=OWN)
        if not OWN:
            rendered = replace(rendered, beside=settings(name for name in rendered.files if name.endswith(".md")))
        if check_only:
            return _say_stale(rendered)
    except BROKEN as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        return unread(error)
    try:
        beside = put_beside(ROOT, rendered)
        written, removed = put(DOCS, rendered)
    except Broken as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        return unwritten(error, DOCS)
    if before is not None:
        _leave_note(before, rendered, removed)
    print(summary(logs, results, _count(rendered), len(beside) + len(written), len(removed)))
    return 0


def unread(error: OSError) -> int:
    """Print what cannot be read; return the exit status. Not every error of the system names a file."""
    print(f"error: {error.filename or 'a file'}: cannot be read ({error.strerror or error})", file=sys.stderr)
    return 1


def unwritten(error: OSError, out: Path) -> int:
    """Print what cannot be written; return the exit status."""
    print(
        f"error: {error.filename or out}: cannot be written ({error.strerror or error}); {out} stays as it was",
        file=sys.stderr,
    )
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("build", __doc__, "", "--check")
    parser.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    return parser


def _pages() -> dict[str, str]:
    """Return the hand-written pages."""
    generated = set(listed(DOCS, MANIFEST))
    pages = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
    return {page: _page(path) for page, path in pages.items() if page not in generated}


def _page(path: Path) -> str:
    from .report.links import BrokenPage

    try:
        return text_of(path)
    except Broken as error:
        raise BrokenPage(str(error)) from None


def put(out: Path, rendered: Rendered) -> tuple[list[str], list[str]]:
    """Make `out` hold the files; return what was written, and what was removed because it is no longer needed."""
    before = listed(out, MANIFEST)
    refuse_foreign(out, rendered.made, before, lambda name: holds(out / name, rendered.made[name]))
    stale = [name for name in before if name not in rendered.made]
    # The list of a killed writer names all that it made or was about to remove.
    written = write_all(out, {MANIFEST: content({*rendered.made, *stale})} | rendered.files, stale)
    write(out / MANIFEST, content(rendered.made))
    return [name for name in written if name != MANIFEST], stale


def put_beside(project: Path, rendered: Rendered) -> list[str]:
    """Write the filled pages outside docs/; return the names of those that changed."""
    return [name for name, text in rendered.beside.items() if write(project / name, text)]


def _leave_note(before: fresh.State, rendered: Rendered, removed: list[str]) -> None:
    made = rendered.files | {MANIFEST: content(rendered.made)}
    files = {f"{DOCS.name}/{name}": content for name, content in made.items()} | rendered.beside
    gone = [f"{DOCS.name}/{name}" for name in removed]
    fresh.leave(fresh.expected(before, files, gone), _count(rendered))


def _count(rendered: Rendered) -> int:
    return len(rendered.files) + len(rendered.beside)


def check(out: Path, rendered: Rendered) -> list[str]:
    """Return the names of the outdated files in `out`."""
    files = rendered.files
    stale = [name for name in files if not holds(out / name, files[name])]
    return stale + [f"{name} (no longer made)" for name in listed(out, MANIFEST) if name not in rendered.made]


def check_beside(project: Path, rendered: Rendered) -> list[str]:
    """Return the names of the outdated pages outside docs/."""
    return [name for name, text in rendered.beside.items() if not holds(project / name, text)]


def _say_stale(rendered: Rendered) -> int:
    stale = check(DOCS, rendered) + check_beside(ROOT, rendered)
    for name in stale:
        print(f"stale: {name}")
    print(f"{_count(rendered)} files checked, {len(stale)} stale")
    return 1 if stale else 0


def summary(logs: list[LoadedLog], results: Results, files: int, written: int, removed: int) -> str:
    """Return what was read and written, one line each."""
    originals = sum(log.from_original for log in logs)
    rows = (
        ("logs read", f"{len(logs)} ({originals} originals, {len(logs) - originals} transcriptions)"),
        ("runs", str(len(results.runs))),
        ("facts", str(len(results.facts))),
        ("files", f"{files} ({written} written, {files - written} unchanged, {removed} removed)"),
    )
    return "\n".join(f"{name:10}{value}" for name, value in rows)


if __name__ == "__main__":
    sys.exit(main())
