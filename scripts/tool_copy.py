"""A copy of this tool as one file that pip installs. The folder of a site keeps it, so that no index is needed.

The installed package gives a wheel of its own files. A checkout gives an archive of its source.
"""

from __future__ import annotations

import base64
import csv
import gzip
import hashlib
import io
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from . import INSTALLED, TOOL
from .reader import __version__

_NAME = "testbed_report"
_RECORD = f"{_NAME}-{__version__}.dist-info/RECORD"
# What an installer writes beside the files of the wheel.
_OF_INSTALLER = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")
# What a build takes besides the files that pyproject.toml lists.
_ALWAYS = ("pyproject.toml", "README.md", "LICENSE")


class NoCopy(Exception):
    """The tool cannot be copied; the message says why."""


def tool_copy() -> tuple[str, bytes]:
    """Return the name and the bytes of the copy; the same files give the same bytes.

    Raises
    ------
    NoCopy
        If nothing says which files the installed package has.
    """
    if INSTALLED:
        try:
            installed = distribution("testbed-report")
        except PackageNotFoundError:
            raise NoCopy("the package is here without a record of its files") from None
        return f"{_NAME}-{__version__}-py3-none-any.whl", wheel(files_of(installed))
    return f"{_NAME}-{__version__}.tar.gz", source(sources(TOOL), f"{_NAME}-{__version__}")


def files_of(installed: Distribution) -> dict[str, Path]:
    """Return the files of an installed package by their names in its wheel."""
    names = [file for file in installed.files or () if file.parts[0].startswith(_NAME)]
    kept = [file for file in names if "__pycache__" not in file.parts and file.name not in _OF_INSTALLER]
    return {file.as_posix(): Path(str(file.locate())) for file in sorted(kept)}


def wheel(files: Mapping[str, Path]) -> bytes:
    """Return a wheel of files."""
    made, record = io.BytesIO(), io.StringIO()
    rows = csv.writer(record, lineterminator="\n")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, path in files.items():
            data = path.read_bytes()
            archive.writestr(_member(name, path.stat().st_mode), data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            rows.writerow((name, f"sha256={digest}", len(data)))
        rows.writerow((_RECORD, "", ""))
        archive.writestr(_member(_RECORD, 0o644), record.getvalue())
    return made.getvalue()


def _member(name: str, mode: int) -> zipfile.ZipInfo:
    """Return the entry of a file in a wheel: without a time, and a program stays one."""
    member = zipfile.ZipInfo(name)
    member.external_attr = (0o100755 if mode & 0o100 else 0o100644) << 16
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def sources(checkout: Path) -> list[Path]:
    """Return the files of a checkout that the package is built from."""
    settings = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))
    listed = settings["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    places = [checkout / name.lstrip("/") for name in (*_ALWAYS, *listed)]
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place])]
    return sorted(file for file in files if file.is_file() and "__pycache__" not in file.parts)


def source(files: Iterable[Path], folder: str) -> bytes:
    """Return an archive of files of the checkout, below a folder."""
    made = io.BytesIO()
    with (
        gzip.GzipFile(filename="", fileobj=made, mode="wb", mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for file in files:
            archive.add(file, f"{folder}/{file.relative_to(TOOL)}", filter=_nameless)
    return made.getvalue()


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Return the entry of a file in an archive without its time and its owner."""
    member.mtime = member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o755 if member.mode & 0o100 else 0o644
    return member
