"""Files that hold no plain text of a log: what each kind begins with, and why it is refused."""

from __future__ import annotations

import re

# What a file begins with that holds no text, and what it is.
SIGNS = {
    b"\x7fELF": "binary program, no log",
    b"MZ\x90\0": "binary program, no log",
    b"\xcf\xfa\xed\xfe": "binary program, no log",
    b"\x1f\x8b": "gzip archive in another one; unpack it first",
    b"PK\x03\x04": "zip archive; unpack it first",
    b"PK\x05\x06": "zip archive; unpack it first",
    b"BZh": "bzip2 archive; unpack it first",
    b"\xfd7zXZ\0": "xz archive; unpack it first",
    b"(\xb5/\xfd": "zstd archive; unpack it first",
    b'\x04"M\x18': "lz4 archive; unpack it first",
    b"\x1f\x9d": "compress archive; unpack it first",
    b"LZIP": "lzip archive; unpack it first",
    b"\x89LZO": "lzop archive; unpack it first",
    b"\xff\x06\0\0sNaPpY": "snappy archive; unpack it first",
    b"7z\xbc\xaf'\x1c": "7z archive; unpack it first",
    b"Rar!\x1a\x07": "rar archive; unpack it first",
    b"!<arch>\n": "ar archive; unpack it first",
    b"%PDF-": "PDF document, no log",
    b"%!PS": "PostScript document, no log",
    b"{\\rtf": "RTF document, no log; save it as plain text",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Office document, no log; save it as plain text",
    b"bplist00": "property list, no log",
    b"SQLite format 3\0": "SQLite database, no log",
    b"PAR1": "Parquet table, no log",
    b"\x89HDF\r\n": "HDF5 file, no log",
    b"\x93NUMPY": "NumPy array, no log",
    b"\x80\x02": "Python pickle, no log",
    b"\x80\x03": "Python pickle, no log",
    b"\x80\x04": "Python pickle, no log",
    b"\x80\x05": "Python pickle, no log",
    b"\x89PNG\r\n": "picture, no log",
    b"\xff\xd8\xff": "picture, no log",
    b"GIF8": "picture, no log",
}
UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_LOOKED_AT = 4096
# A recording's first line says its version and its width, in either order of what else it says.
_RECORDING = re.compile(rb'\{"version": ?\d(?=[^\r\n]{0,2000}?"(?:width|term)")')
_ENCODED = re.compile(rb"^content-transfer-encoding: *(?:quoted-printable|base64)", re.IGNORECASE | re.MULTILINE)
# The place of a sum over the first block of a tar archive.
_SUM = slice(148, 156)


def refused(data: bytes) -> str:
    """Return why the bytes of a file are no text of a log, or nothing."""
    sign = next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), "")
    if sign:
        return sign
    if is_tar(data):
        return "tar archive; unpack it first"
    if _is_wide(data):
        return "UTF-16 text without a byte-order mark; save it as UTF-8"
    if _RECORDING.match(data):
        return "asciinema recording, no log; play it with `asciinema cat` into a file"
    if _ENCODED.search(data[:_LOOKED_AT]):
        return "encoded e-mail or web page, no log; save it as plain text"
    return ""


def is_tar(data: bytes) -> bool:
    """Return whether bytes begin as a tar archive: with the format's name, or with a block whose sum is right."""
    if data[257:265] in (b"ustar\x0000", b"ustar  \0"):
        return True
    block = data[:512]
    try:
        told = int(block[_SUM].strip(b" \0"), 8)
    except ValueError:
        return False
    return len(block) == 512 and told == sum(block) - sum(block[_SUM]) + 8 * ord(" ")


def _is_wide(data: bytes) -> bool:
    """Return whether text is, or at some line turns into, UTF-16: every other byte of it is zero."""
    if b"\0" not in data:
        return False
    head = data[:_LOOKED_AT]
    even, odd = head[::2].count(0), head[1::2].count(0)
    few, many = sorted((even, odd))
    return (many > len(head) // 5 and few * 8 < many) or b"\r\0\n\0" in data or b"\0\r\0\n" in data
