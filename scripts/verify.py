"""`python -m scripts.verify --from FOLDER`: re-prove every number of the built site from the original logs.

Neither transcriptions nor committed pages are trusted. The originals are read anew, and every figure is derived anew.
Each number of each page in site/ is followed to its fact, formula or line. Data and figures must equal what the build
makes from the originals, byte by byte. With --record the result is kept, and a list of what was followed.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd

from . import OWN, ROOT
from .logs import catalog
from .logs.author import with_declared
from .logs.catalog import DOCS, RAW_LOGS, BrokenCatalog
from .logs.load import LoadedLog, MissingLog, original, transcribe
from .options import made_by
from .options import parser as command_parser
from .others import load_others
from .reader import Column
from .report.answers import Answers
from .report.cohort import Cohort
from .report.derive import constants, derive
from .report.figures import pictures
from .report.package import DataFile, data_files, downloads
from .report.prove import Proof, prove
from .report.quantities import quantities
from .report.results import Results, collect
from .report.verification import LIST, RECORD, BrokenRecord, Verification, last, newest_input
from .store.files import digest, sha256, write

SITE = ROOT / "site"
FACTS = "data/facts.csv"
_FOLLOWED = (
    Column("page", "text", "The page or file of the built site."),
    Column("number", "text", "The number, as the page shows it."),
    Column("fact", "text", "What it states."),
    Column("line", "text", "The log and line that say so, or the address of what it is computed from."),
    Column("ok", "text", "`yes`, or what is wrong."),
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = command_parser("verify", __doc__, "", "--from originals/", "--quiet")
    parser.add_argument(
        "--from", dest="source", type=Path, metavar="FOLDER", help="the folder of the originals, with their names"
    )
    parser.add_argument("--site", type=Path, default=SITE, metavar="FOLDER", help="the built site")
    parser.add_argument("--record", action="store_true", help="keep the result in docs/, where the build shows it")
    parser.add_argument("--quiet", action="store_true", help="name only what fails")
    options = parser.parse_args(arguments)
    for needed in ("index.html", FACTS):
        if not (options.site / needed).is_file():
            how = f"`{made_by('site', 'build')}` builds it"
            print(f"error: {options.site}: no built site ({needed} is missing); {how}", file=sys.stderr)
            return 1
    try:
        results, originals = _read(options.source)
        proofs, newest = list(_proofs(options.site, results, originals)), newest_input(results)
    except (BrokenCatalog, BrokenRecord, MissingLog) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename or 'a file'}: cannot be read ({error.strerror})", file=sys.stderr)
        return 1
    for proof in proofs:
        if not (options.quiet and proof.ok):
            print("  ".join((proof.page, proof.text, proof.states, proof.where, proof.wrong or "ok")))
    listed = followed(proofs)
    verified = _verified(proofs, sha256(options.site / FACTS), newest, listed)
    try:
        if options.record and any([write(DOCS / LIST, listed), write(DOCS / RECORD, verified.content())]):
            print(f"docs/{RECORD} has changed: `{made_by('build', 'build')}` shows it")
        if options.record and verified.changed:
            print(_NOT_COMMITTED, file=sys.stderr)
    except OSError as error:
        print(f"error: docs/{RECORD}: cannot be written ({error.strerror})", file=sys.stderr)
        return 1
    print(f"{verified.right} of {verified.numbers}")
    return 0 if proofs and all(proof.ok for proof in proofs) else 1


_NOT_COMMITTED = "note: files of the project differ from its commit, and the record says so; commit, then verify again"


def _read(source: Path | None) -> tuple[Results, dict[str, bytes]]:
    """Return what the originals give, read anew, and their bytes by the catalog's paths."""
    entries = catalog.load()
    data = {entry.path: original(entry, RAW_LOGS if entry.kept else source or RAW_LOGS) for entry in entries}
    logs = [LoadedLog(entry, transcribe(entry, data[entry.path]), True) for entry in entries]
    return collect(with_declared(logs, RAW_LOGS)), data


def _proofs(site: Path, results: Results, originals: Mapping[str, bytes]) -> Iterator[Proof]:
    cohort = Cohort(results, collect(load_others() if OWN else ()))
    documented = [constant for constant in constants().values() if OWN or not constant.measured_here]
    known = quantities(results, derive(results), documented, last(DOCS), cohort, own=OWN)
    drawn = pictures(Answers(results, known, cohort)).values()
    lines = {path: text.split(b"\n") for path, text in originals.items()}
    yield from prove(site, results, known, lines, [picture.alt for picture in drawn])
    made = downloads(data_files(results), results)
    for picture in drawn:
        made |= picture.files()
    for path, content in made.items():
        same = (site / path).is_file() and (site / path).read_bytes() == content
        wrong = "" if same else "differs"
        yield Proof(path, "whole file", "made from the originals", path, wrong, "file")


def followed(proofs: Sequence[Proof]) -> bytes:
    """Return what was followed as CSV, one row per number, without the numbers about a verification."""
    rows = [(proof.page, proof.text, proof.states, proof.where, proof.wrong or "yes") for proof in _counted(proofs)]
    frame = pd.DataFrame(rows, columns=[column.name for column in _FOLLOWED])
    return DataFile("verification", "What the last verification followed", frame, _FOLLOWED).content


def _counted(proofs: Sequence[Proof]) -> list[Proof]:
    """Return the proofs that a record counts: all but those of numbers about a verification."""
    return [proof for proof in proofs if proof.sort != "verified"]


def _verified(proofs: Sequence[Proof], facts_sha256: str, newest: str, listed: bytes) -> Verification:
    """Return the record of a verification."""
    proofs = _counted(proofs)
    sorts = Counter(proof.sort for proof in proofs)
    commit, changed = _commit()
    return Verification(
        facts_sha256=facts_sha256,
        numbers=len(proofs),
        right=sum(proof.ok for proof in proofs),
        pages=len({proof.page for proof in proofs}),
        sorts=dict(sorted(sorts.items())),
        newest=newest,
        commit=commit,
        changed=changed,
        list_sha256=digest(listed),
    )


def _commit() -> tuple[str, bool]:
    """Return the commit of the project, and whether a tracked file differs from it; no commit where git has none."""
    git = ["git", "-C", str(ROOT)]
    try:
        commit = subprocess.check_output([*git, "rev-parse", "HEAD"], text=True, stderr=subprocess.DEVNULL)
        changed = subprocess.check_output([*git, "status", "--porcelain", "--untracked-files=no"], text=True)
    except (OSError, subprocess.CalledProcessError):
        return "", False
    return commit.strip(), bool(changed)


if __name__ == "__main__":
    sys.exit(main())
