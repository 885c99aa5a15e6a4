"""Archives that people hand logs in with: zip, and tar as it is or compressed. Each member may be a log.

Nothing is unpacked onto the disk, and nothing that an archive says about itself is trusted. It can name a file `../x`,
or expand to a thousand times its size.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from .engine.compressed import Damaged, beginning, expanded
from .engine.kinds import is_tar
from .engine.text import EXPANSION_LIMIT, NotALog, opened

if TYPE_CHECKING:  # most logs are in no archive
    import tarfile
    import zipfile

# What is between an archive's path and that of its member.
BETWEEN = "!"
# The members of an archive, and the bytes that they expand to together.
MEMBERS, TOGETHER = 10_000, 1 << 29
# A header of a tar archive that is longer than this is not a name.
_LONGEST_HEADER = 1 << 14
_ZIP, _ZIP_ENTRY, _ENCRYPTED = (b"PK\x03\x04", b"PK\x05\x06"), b"PK\x01\x02", 1
_STORED, _DEFLATED, _BZIP2 = 0, 8, 12
# Documents that are zip archives too, known by a member that every document of the kind has.
_DOCUMENTS = {
    "[Content_Types].xml": "Office document, not a log",
    "mimetype": "OpenDocument text or book, not a log",
    "META-INF/MANIFEST.MF": "Java program, not a log",
}


class Member(NamedTuple):
    """A file of an archive: its path in it, and its bytes, or the reason why they are not read."""

    name: str
    data: bytes
    reason: str = ""


class _Entry(NamedTuple):
    """A file as an archive lists it: path, size, how to read it, or why it is not read."""

    name: str
    size: int
    read: Callable[[], bytes]
    reason: str = ""


def is_archive(data: bytes) -> bool:
    """Return whether the bytes of a file are an archive of files."""
    return data.startswith(_ZIP) or is_tar(data) or is_tar(beginning(data, 512))


def members(data: bytes) -> Iterator[Member]:
    """Yield the files of an archive in their order; folders, and what macOS adds, are left out.

    Raises
    ------
    NotALog
        If the archive is damaged, empty, a document, or has too many files or bytes.
    """
    entries = [entry for entry in (_zip if data.startswith(_ZIP) else _tar)(data) if not _is_added(entry.name)]
    if not entries:
        raise NotALog("an empty archive")
    names = Counter(entry.name for entry in entries)
    left = TOGETHER
    for entry in entries:
        member = _member(entry, _refused(entry, names[entry.name]))
        left -= len(member.data)
        if left < 0:
            raise NotALog(f"archive expands past {TOGETHER} bytes at {entry.name}; unpack it first")
        yield member


def member(data: bytes, name: str) -> bytes:
    """Return the bytes of one file of an archive.

    Raises
    ------
    NotALog
        If there is no such file, or it is not read.
    """
    for each in members(data) if is_archive(data) else ():
        if each.name == name and each.reason:
            raise NotALog(each.reason)
        if each.name == name:
            return each.data
    raise NotALog("no such file in the archive")


def split(path: Path) -> tuple[Path, str] | None:
    """Return the archive and the member that a path such as `logs.zip!run.log` means; the path itself is not a file."""
    pieces = str(path).split(BETWEEN)
    if len(pieces) == 1 or os.path.lexists(path):
        return None
    places = ((BETWEEN.join(pieces[:count]), BETWEEN.join(pieces[count:])) for count in range(1, len(pieces)))
    return next(((Path(archive), name) for archive, name in places if os.path.isfile(archive)), None)  # noqa: PTH113


def _is_added(name: str) -> bool:
    """Return whether macOS added a file to the person's own files."""
    parts = PurePosixPath(name).parts
    return parts[:1] == ("__MACOSX",) or (bool(parts) and parts[-1].startswith("._"))


def _named(name: str) -> str:
    """Return the path of a file as folders write it; some archives write `./a.log` or `hw\\a.log`."""
    return str(PurePosixPath(name.replace("\\", "/")))


def _refused(entry: _Entry, same: int) -> str:
    """Return why a file is not read, or nothing."""
    if entry.name.startswith("/") or ".." in entry.name.split("/") or entry.name[1:2] == ":":
        return "its name leads out of the archive; not read"
    if same > 1:
        return "several files of the archive have this name; none is read"
    if entry.size > EXPANSION_LIMIT:
        return f"expands past {EXPANSION_LIMIT} bytes; unpack it first"
    return entry.reason


def _member(entry: _Entry, reason: str) -> Member:
    try:
        return Member(entry.name, b"" if reason else opened(entry.read()), reason)
    except NotALog as error:
        return Member(entry.name, b"", str(error))


def _zip(data: bytes) -> Iterator[_Entry]:
    import zipfile

    if data.count(_ZIP_ENTRY) > MEMBERS:  # Python reads the list of files as a whole
        raise NotALog(f"archive of more than {MEMBERS} files; unpack it first")
    try:
        archive = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise NotALog(f"damaged zip archive ({error})") from None
    infos = [info for info in archive.infolist() if not info.is_dir()]
    document = _document([info.filename for info in infos])
    if document:
        raise NotALog(document)
    for info in infos:
        yield _Entry(_named(info.filename), info.file_size, _unzipping(archive, info), _zip_reason(info))


def _document(names: list[str]) -> str:
    """Return what kind of document a zip archive is, or nothing."""
    if names and all(name.endswith(".npy") for name in names):
        return "NumPy arrays, not a log"
    if names and names[0].endswith("/data.pkl"):
        return "PyTorch checkpoint, not a log"
    return next((kind for sign, kind in _DOCUMENTS.items() if sign in names), "")


def _zip_reason(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted; unpack it first"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "a link, which is not followed"
    if info.compress_type not in (_STORED, _DEFLATED, _BZIP2):
        return f"packed by a method that is not read (number {info.compress_type}); unpack it first"
    return ""


def _unzipping(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], bytes]:
    import zlib
    from zipfile import BadZipFile

    def read() -> bytes:
        try:
            with archive.open(info) as file:
                return file.read(info.file_size)
        except (BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
            raise NotALog(f"damaged in the archive ({error})") from None

    return read


class _Headers(BytesIO):
    """The bytes of a tar archive; a header that is too long is not read."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or not 0 <= size <= _LONGEST_HEADER:
            raise NotALog("damaged tar archive (a header is too long)")
        return super().read(size)


def _tar(data: bytes) -> Iterator[_Entry]:
    import tarfile

    try:
        data = expanded(data, TOGETHER)
        with tarfile.TarFile(fileobj=_Headers(data)) as archive:
            for count, info in enumerate(archive):
                if count == MEMBERS:
                    raise NotALog(f"archive of more than {MEMBERS} files; unpack it first")
                if not info.isdir():
                    yield _Entry(_named(info.name), info.size, _slicing(data, info), _tar_reason(info))
            if data[archive.offset :][:512] != bytes(512):  # no end: the archive is cut, or a header is damaged
                raise NotALog(f"damaged tar archive (at byte {archive.offset})")
    except Damaged as error:
        raise NotALog(str(error)) from None
    except (tarfile.TarError, OSError, ValueError) as error:
        raise NotALog(f"damaged tar archive ({error})") from None


def _tar_reason(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "a link, which is not followed"
    if info.issparse():
        return "stored with holes; unpack it first"
    return "" if info.isreg() else "a pipe or device, not a log"


def _slicing(data: bytes, info: tarfile.TarInfo) -> Callable[[], bytes]:
    return lambda: data[info.offset_data : info.offset_data + info.size]
