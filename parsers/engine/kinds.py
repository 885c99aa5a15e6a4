"""Files that are not plain text of a log: what each kind begins with, and why it is refused."""

from __future__ import annotations

import re

# What a file without text begins with, and what it is.
SIGNS = {
    b"\x7fELF": "binary program, not a log",
    b"MZ\x90\0": "binary program, not a log",
    b"\xcf\xfa\xed\xfe": "binary program, not a log",
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
    b"%PDF-": "PDF document, not a log",
    b"%!PS": "PostScript document, not a log",
    b"{\\rtf": "RTF document, not a log; save it as plain text",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "Office document, not a log; save it as plain text",
    b"bplist00": "property list, not a log",
    b"SQLite format 3\0": "SQLite database, not a log",
    b"PAR1": "Parquet table, not a log",
    b"\x89HDF\r\n": "HDF5 file, not a log",
    b"\x93NUMPY": "NumPy array, not a log",
    b"\x80\x02": "Python pickle, not a log",
    b"\x80\x03": "Python pickle, not a log",
    b"\x80\x04": "Python pickle, not a log",
    b"\x80\x05": "Python pickle, not a log",
    b"\x89PNG\r\n": "picture, not a log",
    b"\xff\xd8\xff": "picture, not a log",
    b"GIF8": "picture, not a log",
}
UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_LOOKED_AT = 4096
# A recording's first line states its version and its width, in any order and among other things.
_RECORDING = re.compile(rb'\{"version": ?\d(?=[^\r\n]{0,2000}?"(?:width|term)")')
_ENCODED = re.compile(rb"^content-transfer-encoding: *(?:quoted-printable|base64)", re.IGNORECASE | re.MULTILINE)
# The position of the checksum of a tar archive's first block.
_SUM = slice(148, 156)


def refused(data: bytes) -> str:
    """Return why the bytes of a file are not the text of a log, or nothing."""
    sign = next((kind for sign, kind in SIGNS.items() if data.startswith(sign)), "")
    if sign:
        return sign
    if is_tar(data):
        return "tar archive; unpack it first"
    if _is_wide(data):
        return "UTF-16 text without a byte-order mark; save it as UTF-8"
    if _RECORDING.match(data):
        return "asciinema recording, not a log; play it with `asciinema cat` into a file"
    if _ENCODED.search(data[:_LOOKED_AT]):
        return "encoded e-mail or web page, not a log; save it as plain text"
    return ""


def is_tar(data: bytes) -> bool:
    """Return whether bytes begin as a tar archive: with the format's name, or a block with a right checksum."""
    if data[257:265] in (b"ustar\x0000", b"ustar  \0"):
        return True
    block = data[:512]
    try:
        stated_sum = int(block[_SUM].strip(b" \0"), 8)
    except ValueError:
        return False
    return len(block) == 512 and stated_sum == sum(block) - sum(block[_SUM]) + 8 * ord(" ")


def _is_wide(data: bytes) -> bool:
    """Return whether text is, or at some line turns into, UTF-16: every other byte of it is zero."""
    if b"\0" not in data:
        return False
    head = data[:_LOOKED_AT]
    even, odd = head[::2].count(0), head[1::2].count(0)
    few, many = sorted((even, odd))
    return (many > len(head) // 5 and few * 8 < many) or b"\r\0\n\0" in data or b"\0\r\0\n" in data
