"""`python -m scripts.verify --from FOLDER`: re-prove every number of the built site from the original logs.

Neither transcriptions nor committed pages are trusted: the originals are read anew, every figure is derived anew, and
each number of each page in site/ is followed to its fact, formula or line; data and figures must be what the build
makes of the originals, byte by byte.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from scripts import ROOT, catalog
from scripts.catalog import DOCS, RAW_LOGS, BrokenCatalog
from scripts.files import sha256, write
from scripts.logs import LoadedLog, MissingLog, original, transcribe
from scripts.others import load_others
from scripts.report.answers import Answers
from scripts.report.cohort import Cohort
from scripts.report.derive import constants, derive
from scripts.report.figures import pictures
from scripts.report.package import data_files, downloads
from scripts.report.prove import Proof, prove
from scripts.report.quantities import quantities
from scripts.report.results import collect
from scripts.report.verification import RECORD, BrokenRecord, Verification, last

SITE = ROOT / "site"
FACTS = "data/facts.csv"


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.verify", description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="where the originals lie by name")
    parser.add_argument("--site", type=Path, default=SITE, metavar="FOLDER", help="the built site")
    parser.add_argument("--record", action="store_true", help="keep the result in docs/, where the build shows it")
    parser.add_argument("--quiet", action="store_true", help="name only what fails")
    options = parser.parse_args(arguments)
    for needed in ("index.html", FACTS):
        if not (options.site / needed).is_file():
            print(f"error: {options.site}: no built site ({needed} is missing); `make site` builds it", file=sys.stderr)
            return 1
    try:
        proofs = list(_proofs(options.site, options.source))
    except (BrokenCatalog, BrokenRecord, MissingLog) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename or 'a file'}: cannot be read ({error.strerror})", file=sys.stderr)
        return 1
    for proof in proofs:
        if not (options.quiet and proof.ok):
            print("  ".join((proof.page, proof.text, proof.states, proof.where, proof.wrong or "ok")))
    found = _verified(proofs, sha256(options.site / FACTS))
    try:
        if options.record and write(DOCS / RECORD, found.content()):
            print(f"docs/{RECORD} has changed: `make build` shows it")
    except OSError as error:
        print(f"error: docs/{RECORD}: cannot be written ({error.strerror})", file=sys.stderr)
        return 1
    print(f"{found.right} of {found.numbers}")
    return 0 if proofs and all(proof.ok for proof in proofs) else 1


def _proofs(site: Path, source: Path | None) -> Iterator[Proof]:
    entries = catalog.load()
    data = {entry.path: original(entry, RAW_LOGS if entry.kept else source or RAW_LOGS) for entry in entries}
    logs = [LoadedLog(entry, transcribe(entry, data[entry.path]), True) for entry in entries]
    results = collect(logs)
    cohort = Cohort(results, collect(load_others()))
    known = quantities(results, derive(results), constants().values(), last(DOCS), cohort)
    yield from prove(site, results, known, {path: text.split(b"\n") for path, text in data.items()})
    made = downloads(data_files(results), results)
    for picture in pictures(Answers(results, known, cohort)).values():
        made |= picture.files()
    for path, content in made.items():
        same = (site / path).is_file() and (site / path).read_bytes() == content
        wrong = "" if same else "differs"
        yield Proof(path, "whole file", "made from the originals", path, wrong, "file")


def _verified(proofs: Sequence[Proof], facts_sha256: str) -> Verification:
    """Return the record of a verification, which does not count the numbers that tell of a verification."""
    proofs = [proof for proof in proofs if proof.sort != "verified"]
    sorts = Counter(proof.sort for proof in proofs)
    return Verification(
        facts_sha256=facts_sha256,
        numbers=len(proofs),
        right=sum(proof.ok for proof in proofs),
        pages=len({proof.page for proof in proofs}),
        sorts=dict(sorted(sorts.items())),
    )


if __name__ == "__main__":
    sys.exit(main())
