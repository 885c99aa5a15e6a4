"""`python -m scripts.build`: from the logs of the catalog to data, figures and pages in docs/.

Everything is made in memory first and laid beside the old; then those files that change are replaced. Where nothing has
changed since the last build, nothing is made at all. With --check nothing is written or remembered: exit status 1 if a
file is stale. With --logs and --out another folder of logs is reported on, in the pages that are wholly made by code.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import fresh
from scripts.cache import Cache
from scripts.catalog import DOCS
from scripts.files import write_all

if TYPE_CHECKING:  # a build of nothing new is over before these are needed
    from scripts.logs import LoadedLog
    from scripts.report.render import Rendered
    from scripts.report.results import Results

MANIFEST = ".generated"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.logs is not None and (options.out or DOCS).resolve() == DOCS:
        parser.error(f"--logs needs --out FOLDER, and another than {DOCS.name}, which holds the catalog's own pages")
    if options.check or options.logs is not None or options.out is not None:
        return _build(options, None)
    last = fresh.noted()
    try:
        before = fresh.state(before=last[0] if last else None)
    except OSError as error:
        return _refused(error)
    if last is not None and fresh.same(last[0], before):
        print(f"nothing has changed since the last build, which made {last[1]} files")
        return 0
    return _build(options, before)


def _build(options: argparse.Namespace, before: fresh.State | None) -> int:
    """Build, or only compare; leave a note of what changed from `before`, if it is given."""
    from scripts.report.render import BROKEN, render
    from scripts.report.results import collect
    from scripts.report.verification import last

    cache = Cache(None) if options.check else Cache()
    try:
        logs = _logs(options, cache)
        results = collect(logs)
        rendered = render(results, _pages(options), last(DOCS) if options.logs is None else None, cache)
    except BROKEN as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        return _refused(error)
    out = options.out or DOCS
    if options.check:
        return _say_stale(out, rendered)
    try:
        written, removed = put(out, rendered)
    except OSError as error:
        print(
            f"error: {error.filename or out}: cannot be written ({error.strerror}); {out} stays as it was",
            file=sys.stderr,
        )
        return 1
    if before is not None:
        _leave_note(before, rendered, removed)
    print(_summary(logs, results, len(rendered.files), len(written), len(removed)))
    return 0


def _refused(error: OSError) -> int:
    """Say what cannot be read; return the exit status. Not every error of the system names a file."""
    print(f"error: {error.filename or 'a file'}: cannot be read ({error.strerror or error})", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, name what is stale")
    parser.add_argument(
        "--logs", type=Path, metavar="FOLDER", help="report on the logs, or the data set, there; goes with --out"
    )
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write the pages there instead of docs")
    return parser


def _logs(options: argparse.Namespace, cache: Cache) -> list[LoadedLog]:
    if options.logs is None:
        from scripts import catalog
        from scripts.logs import load_log

        return [load_log(entry, cache=cache) for entry in catalog.load()]
    from scripts.dataset import is_dataset, load_dataset
    from scripts.folder import load_folder, told_apart

    if is_dataset(options.logs):
        return told_apart(load_dataset(options.logs))
    return load_folder(options.logs, cache)


def _pages(options: argparse.Namespace) -> dict[str, str]:
    """Return the hand-written pages, which are about the catalog's logs and no others."""
    if options.logs is not None:
        return {}
    generated = set(_manifest(DOCS))
    pages = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
    return {page: _page(path) for page, path in pages.items() if page not in generated}


def _page(path: Path) -> str:
    from scripts.report.links import BrokenPage

    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise BrokenPage(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from None


def put(out: Path, rendered: Rendered) -> tuple[list[str], list[str]]:
    """Make `out` hold the files; return what was written, and what was removed because it is no longer made."""
    stale = [name for name in _manifest(out) if name not in rendered.made]
    written = write_all(out, rendered.files | {MANIFEST: _listed(rendered)}, stale)
    return [name for name in written if name != MANIFEST], stale


def _listed(rendered: Rendered) -> bytes:
    return "".join(f"{name}\n" for name in sorted(rendered.made)).encode()


def _leave_note(before: fresh.State, rendered: Rendered, removed: list[str]) -> None:
    made = rendered.files | {MANIFEST: _listed(rendered)}
    files = {f"{DOCS.name}/{name}": content for name, content in made.items()}
    gone = [f"{DOCS.name}/{name}" for name in removed]
    fresh.leave(fresh.expected(before, files, gone), len(rendered.files))


def _manifest(out: Path) -> list[str]:
    try:
        return (out / MANIFEST).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []


def check(out: Path, rendered: Rendered) -> list[str]:
    """Return the names of the files in `out` that are not as the build makes them."""
    files = rendered.files
    stale = [name for name in files if not (out / name).is_file() or (out / name).read_bytes() != files[name]]
    return stale + [f"{name} (no longer made)" for name in _manifest(out) if name not in rendered.made]


def _say_stale(out: Path, rendered: Rendered) -> int:
    stale = check(out, rendered)
    for name in stale:
        print(f"stale: {name}")
    print(f"{len(rendered.files)} files checked, {len(stale)} stale")
    return 1 if stale else 0


def _summary(logs: list[LoadedLog], results: Results, files: int, written: int, removed: int) -> str:
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
