"""`python -m scripts.fetch_logs`: bring the original logs of the catalog, each checked against its sha256."""

from __future__ import annotations

import argparse
import logging
import sys
from pathlib import Path
from urllib.parse import urlsplit

import regex

from .logs import catalog
from .logs.catalog import RAW_LOGS, BrokenCatalog, Entry
from .logs.load import MissingLog, original
from .store.files import sha256, write


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.fetch_logs", description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, metavar="FOLDER", help="take them from there, not the net")
    parser.add_argument("--logs", type=Path, default=RAW_LOGS, metavar="FOLDER", help="the folder of catalog.toml")
    options = parser.parse_args(arguments)
    if options.source is not None and not options.source.is_dir():
        print(f"error: {options.source}: no such folder", file=sys.stderr)
        return 1
    try:
        fetched = [
            _fetch(entry, options.logs, options.source) for entry in catalog.load(options.logs) if not entry.kept
        ]
    except BrokenCatalog as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0 if all(fetched) else 1


def _fetch(entry: Entry, folder: Path, source: Path | None) -> bool:
    path = entry.original(folder)
    if path.exists():
        return _report_present(entry, path)
    if source is not None:
        return _copied(entry, path, source)
    import pooch

    pooch.get_logger().setLevel(logging.ERROR)
    try:
        pooch.retrieve(
            url=_raw(entry.url),
            known_hash=f"sha256:{entry.sha256}",
            fname=path.name,
            path=path.parent,
            progressbar=True,
        )
    except ValueError as error:  # pooch's word for a wrong checksum; it has already deleted what it got
        got = regex.search(r"[0-9a-f]{64}", str(error).replace(entry.sha256, ""))
        reason = _wrong(entry, got[0] if got else "another")
        print(f"error: {entry.path}: {reason}; the file was not kept", file=sys.stderr)
        return False
    except (OSError, RuntimeError) as error:
        print(f"error: {entry.path}: cannot be fetched ({_why(error, entry)})", file=sys.stderr)
        return False
    print(f"{entry.path}: fetched, sha256 right")
    return True


def _copied(entry: Entry, path: Path, source: Path) -> bool:
    try:
        write(path, original(entry, source))
    except MissingLog as error:
        print(f"error: {entry.path}: {error}", file=sys.stderr)
        return False
    except OSError as error:
        print(f"error: {path}: cannot be written ({error.strerror})", file=sys.stderr)
        return False
    print(f"{entry.path}: copied, sha256 right")
    return True


def _report_present(entry: Entry, path: Path) -> bool:
    try:
        got = sha256(path)
    except OSError as error:
        print(f"error: {path}: cannot be read ({error.strerror})", file=sys.stderr)
        return False
    if got == entry.sha256:
        print(f"{entry.path}: already here, sha256 right")
        return True
    print(
        f"error: {path}: {_wrong(entry, got)}; it stays as it is, move it away to fetch the original", file=sys.stderr
    )
    return False


def _why(error: Exception, entry: Entry) -> str:
    """Return in a few words why a log could not be fetched."""
    from requests.exceptions import ConnectionError as NoConnection
    from requests.exceptions import HTTPError

    if isinstance(error, HTTPError) and error.response is not None:
        return f"the server answers {error.response.status_code} to {_raw(entry.url)}"
    if isinstance(error, NoConnection):
        return f"no connection to {urlsplit(entry.url).hostname}; make logs FROM=folder takes the logs from a folder"
    return str(error)


def _wrong(entry: Entry, got: str) -> str:
    return f"sha256 expected {entry.sha256}, got {got}"


def _raw(url: str) -> str:
    """Return the address of the file itself, given the permalink of its page on the code host."""
    return url.replace("/blob/", "/raw/", 1)


if __name__ == "__main__":
    sys.exit(main())
