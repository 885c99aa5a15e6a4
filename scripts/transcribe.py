"""`python -m scripts.transcribe`: write each log's facts beside the catalog, from the originals.

It also writes into the catalog the Software Heritage identifier of each original whose entry has none.

With --check nothing is written. The exit status is then 1 if an identifier is missing, or if the parsers now read
something else.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from .logs import catalog
from .logs.catalog import RAW_LOGS, BrokenCatalog, Entry
from .logs.catalog_text import Unchangeable, edited
from .logs.load import MissingLog, original, transcribe
from .reader import dump_transcription
from .store.files import swhid, write


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.transcribe", description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="take the originals from there")
    parser.add_argument("--check", action="store_true", help="only compare")
    parser.add_argument("--logs", type=Path, default=RAW_LOGS, metavar="FOLDER", help="the folder of catalog.toml")
    options = parser.parse_args(arguments)
    try:
        entries = catalog.load(options.logs)
    except BrokenCatalog as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    try:
        results = [_one(entry, options.logs, options.source, options.check) for entry in entries if not entry.kept]
        if options.check or all(results):
            results.append(_identify(options.logs, options.source, options.check))
    except OSError as error:
        print(f"error: {error.filename or 'a file'}: cannot be read ({error.strerror})", file=sys.stderr)
        return 1
    return 0 if all(results) else 1


def _identify(folder: Path, source: Path | None, check: bool) -> bool:
    """Write the missing identifiers of originals at hand into the catalog; return whether all is well."""
    path = folder / "catalog.toml"
    missing = [entry for entry in catalog.load(folder) if not entry.swhid]
    if check:
        for entry in missing:
            print(f"{entry.path}: the catalog has no swhid")
        return not missing
    text = before = path.read_bytes().decode()
    try:
        for entry in missing:
            text = _with_identifier(text, path, entry, folder if entry.kept else source or folder)
    except (BrokenCatalog, Unchangeable) as error:
        print(f"error: {error}", file=sys.stderr)
        return False
    if text == before:
        return True
    try:
        write(path, text.encode())
    except OSError as error:
        print(f"error: {path}: cannot be written ({error.strerror})", file=sys.stderr)
        return False
    print(f"{path.name}: Software Heritage identifiers written")
    return True


def _with_identifier(text: str, path: Path, entry: Entry, folder: Path) -> str:
    """Return the catalog's text with the identifier of a log; unchanged if the original is not at hand."""
    try:
        identifier = swhid(original(entry, folder))
    except MissingLog:
        return text  # transcribing it says so
    return edited(text, path, catalog.parse(text, path), replace(entry, swhid=identifier), ("swhid",))


def _one(entry: Entry, folder: Path, source: Path | None, check: bool) -> bool:
    try:
        text = dump_transcription(transcribe(entry, original(entry, source or folder))).encode()
    except (BrokenCatalog, MissingLog) as error:
        print(f"error: {error}", file=sys.stderr)
        return False
    path = entry.transcription(folder)
    if check:
        same = path.is_file() and path.read_bytes() == text
        print(f"{path.name}: {'equals the parse' if same else 'differs from the parse'}")
        return same
    try:
        written = write(path, text)
    except OSError as error:
        print(f"error: {path}: cannot be written ({error.strerror})", file=sys.stderr)
        return False
    print(f"{path.name}: {'written' if written else 'unchanged'}")
    return True


if __name__ == "__main__":
    sys.exit(main())
