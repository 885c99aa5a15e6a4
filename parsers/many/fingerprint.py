"""Which code this is: the digest that a cache and a cluster compare."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import NamedTuple

from .. import __version__

# The folder of the reader: `parsers`, or what it is called in the installed package.
READER = Path(__file__).resolve().parents[1]


class Code(NamedTuple):
    """The project's version, the Python version that runs it (`3.11`), and the digest of the parsers."""

    version: str
    python: str
    digest: str


def this_code() -> Code:
    """Return what this process runs; call it when the parsers are imported, because their files can change later."""
    return Code(__version__, "{}.{}".format(*sys.version_info), code_digest(READER))


def code_digest(*folders: Path) -> str:
    """Return one digest of the code in folders: of each file's path below its folder, and of its bytes."""
    whole = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".toml"):
                of_file = hashlib.sha256(path.read_bytes()).hexdigest()
                whole.update(f"{of_file}  {path.relative_to(folder).as_posix()}\n".encode())
    return whole.hexdigest()
