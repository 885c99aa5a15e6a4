"""`python -m scripts.report LOGS OUT`: make a site of logs, inside the folder OUT.

LOGS is a log, a folder of logs, or a data set of facts. In a folder, `declared.toml` may name the author and state what
the logs do not. It has the form of raw_logs/catalog.toml. `notes/SYSTEM.md` may hold remarks for a page. The pages go
to OUT/pages, the site to OUT/site. OUT is new, empty, or a report of an earlier call. Only files of an earlier call are
replaced or removed there.

Logs of several owners get pages over all people too. Owners are the authors that a catalog or `declared.toml` names, or
the folders in LOGS (--owners folders). In such a folder, a text about the runs is proofread against the person's logs.
A report calls the owners p01, p02 …, and leaves the remarks out. The command prints which log is which.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from filecmp import cmp
from pathlib import Path

from .. import ROOT, THEME, TOOL
from ..build import summary, unread, unwritten
from ..leaks import Leak, counted, in_report
from ..logs.author import remarks
from ..logs.dataset import is_dataset, load_dataset
from ..logs.folder import load_folder, told_apart
from ..logs.load import LoadedLog
from ..logs.owners import OWNERS, key_of, owned, pseudonymous, several
from ..navigation import navigation
from ..options import command
from ..options import parser as command_parser
from ..reader import DialectFault, add_dialects, printable
from ..store.cache import Cache
from ..store.files import LOCK, STAGE, alone, holds, place, put, staged
from ..store.manifest import content, listed, refuse_foreign
from ..store.structured import Broken
from .people_proofs import people_proofs
from .render import BROKEN, render
from .results import collect

# The list of a report's files, which also says that the folder is a report.
LIST = ".testbed-report"
PAGES, SITE = "pages", "site"
CONFIG = THEME.parent / "other_logs.yml"
_SHOWN = 20  # lines of MkDocs' errors, or of private things


class Refused(Broken):
    """A report cannot go to a folder; the message says why and what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        add_dialects(options.dialect)
    except DialectFault as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2
    try:
        out = claimable(options.out, options.logs)
        loaded = owned(_loaded(options.logs), options.owners)
        logs, key = _named(loaded, names=options.names)
        results = collect(logs)
        proofs = people_proofs(options.logs, loaded, logs) if options.owners == "folders" else []
        # Remarks may name somebody.
        remarks_by_page = remarks(options.logs) if options.logs.is_dir() and not key else {}
        made = render(results, {}, cache=Cache(), remarks=remarks_by_page, proofs=proofs).made
    except BROKEN as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        return unread(error)
    _warn_of_leaks(in_report(logs))
    try:
        written, removed, count = publish(out, made)
    except Broken as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        return unwritten(error, out)
    print(summary(logs, results, count, written, removed))
    print(f"{'site':10}{printable(str(out / SITE / 'index.html'))}")
    for line in key:
        print(printable(line))
    return 0


def _warn_of_leaks(leaks: Sequence[Leak]) -> None:
    """Print on standard error the private things that a report shows: log, line and kind."""
    if not leaks:
        return
    print(f"warning: the report shows private things ({counted(leaks)}):", file=sys.stderr)
    for leak in leaks[:_SHOWN]:
        print(f"  {leak.path}:{leak.line}: {leak.kind}" if leak.line else f"  {leak.path}: its name", file=sys.stderr)
    if len(leaks) > _SHOWN:
        print(f"  and {len(leaks) - _SHOWN} more", file=sys.stderr)
    print(f"To share it, make redacted copies of the logs with `{command('add_log')}`.", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = command_parser("report", __doc__, "logs/ out/", "course/ out/ --owners folders")
    parser.add_argument("logs", type=_path, metavar="LOGS", help="a log, a folder of logs, or a data set of facts")
    parser.add_argument("out", type=_path, metavar="OUT", help="the folder of the report: new, empty, or a report")
    parser.add_argument(
        "--dialect", type=Path, action="append", default=[], metavar="FILE.py", help="read with this dialect too"
    )
    parser.add_argument(
        "--owners", choices=OWNERS, default=OWNERS[0], help="who owns a log: the author in its catalog, or its folder"
    )
    parser.add_argument("--names", action="store_true", help="show the names of owners and logs instead of pseudonyms")
    return parser


def _named(logs: list[LoadedLog], *, names: bool) -> tuple[list[LoadedLog], list[str]]:
    """Return logs under pseudonyms, with the name of each; logs of one owner, or on request, keep their names."""
    if names or not several(logs):
        return logs, []
    renamed = pseudonymous(logs)
    return renamed, key_of(logs, renamed)


def _path(text: str) -> Path:
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError("an empty path; name LOGS, then OUT (make report LOGS=FOLDER OUT=FOLDER)")
    return Path(text)


def _loaded(path: Path) -> list[LoadedLog]:
    return told_apart(load_dataset(path)) if is_dataset(path) else load_folder(path, Cache())


def claimable(out: Path, logs: Path) -> Path:
    """Return the folder of a report, links resolved, if a report may go there.

    Raises
    ------
    Refused
        If it holds something else, belongs to the project, or lies in the folder of logs.
    """
    folder = Path(os.path.realpath(out))
    source = Path(os.path.realpath(logs))
    if folder == source or (source.is_dir() and folder.is_relative_to(source)):
        raise Refused(f"{out}: lies in the logs, {logs}; name another folder for the report")
    if (ROOT / "mkdocs.yml").is_file() and _belongs_to_site(folder):
        raise Refused(f"{out}: belongs to the project; name another folder for the report")
    if os.path.lexists(folder) and not folder.is_dir():
        raise Refused(f"{out}: is not a folder; name another folder for the report")
    if folder.is_dir() and not os.path.lexists(folder / LIST) and any(map(_is_somebodys, folder.iterdir())):
        raise Refused(f"{out}: is not empty and is not a report; name a new or an empty folder")
    _listed(folder)
    return folder


def _belongs_to_site(folder: Path) -> bool:
    """Return whether a folder is the site's or the tool's, or a part that people or the build write."""
    parts = ("docs", "parsers", "raw_logs", "scripts", "testbed_report", "tests", ".git")
    return folder in (ROOT, TOOL) or any(folder.is_relative_to(top / name) for top in (ROOT, TOOL) for name in parts)


def _is_somebodys(path: Path) -> bool:
    """Return whether a file of an unmarked folder is not the empty lock that a report was killed with."""
    return path.name != LOCK or path.is_symlink() or path.stat().st_size > 0


def publish(out: Path, made: Mapping[str, bytes]) -> tuple[int, int, int]:
    """Make `out` hold the pages and the site that MkDocs builds of them.

    Everything is built in a hidden folder inside `out`, and only then put in its place.

    Parameters
    ----------
    made
        The pages and their files by path.

    Returns
    -------
    tuple of int
        How many files were written, how many removed, and how many the report has.

    Raises
    ------
    Broken
        If a file of somebody else is in the way, or MkDocs cannot build the site.
    OSError
        If something cannot be written.
    """
    out.mkdir(parents=True, exist_ok=True)
    with alone(out):
        before = _listed(out)
        with staged(out) as stage:
            _write_list(out, before)
            for name, data in made.items():
                put(stage / PAGES / name, data)
            build_site(stage / PAGES, stage / SITE)
            names = sorted(path.relative_to(stage).as_posix() for path in stage.rglob("*") if path.is_file())
            gone = sorted(set(before) - set(names))
            refuse_foreign(out, names, before, lambda name: _same(out / name, stage / name))
            changed = [name for name in names if not _same(out / name, stage / name)]
            # The list of a killed writer names all that it made or was about to remove.
            _write_list(out, {*names, *gone})
            place(out, changed, [name for name in gone if os.path.lexists(out / name)])
            _write_list(out, names)
    return len(changed), len(gone), len(names)


def build_site(pages: Path, site: Path) -> None:
    """Have MkDocs build a site of the pages; a warning is an error.

    Raises
    ------
    Broken
        If it does not; the message has the first lines of what is wrong.
    """
    names = [path.relative_to(pages).as_posix() for path in pages.rglob("*.md")]
    environment = os.environ | {"PAGES": str(pages), "SITE": str(site), "NO_MKDOCS_2_WARNING": "1"}
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "mkdocs.yml")  # JSON is YAML
        config.write_text(
            json.dumps({"INHERIT": str(CONFIG), "theme": {"custom_dir": str(THEME)}, "nav": navigation(names)}),
            encoding="utf-8",
        )
        command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict", "-f", str(config)]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    if done.returncode:
        errors = done.stderr.decode("utf-8", "replace").splitlines()
        wrong = [line for line in errors if not line.startswith(("INFO", "DEBUG"))]
        raise Broken("\n".join(["MkDocs cannot build the site:", *wrong[:_SHOWN]]))


def _listed(out: Path) -> list[str]:
    """Return the files of an earlier report; its list may name nothing but pages and the site."""
    names = listed(out, LIST)
    for name in names:
        if not name.startswith((f"{PAGES}/", f"{SITE}/")):
            raise Refused(f"{out / LIST}: {name!r} is not a file of a report; name another folder for the report")
    return names


def _write_list(out: Path, names: Iterable[str]) -> None:
    """Write the list of a report's files, while files are staged there."""
    if not holds(out / LIST, content(names)):
        put(out / STAGE / LIST, content(names))
        place(out, [LIST])


def _same(path: Path, other: Path) -> bool:
    return path.is_file() and not path.is_symlink() and cmp(path, other, shallow=False)


if __name__ == "__main__":
    sys.exit(main())
