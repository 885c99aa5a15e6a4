"""`python -m scripts.check`: say which generated files are out of date, and whether anything private is published.

Exit status: 0 all is as the build makes it and nothing is private, else 1.
"""

from __future__ import annotations

import sys

from . import build, leaks
from .options import parser as command_parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    command_parser("check", __doc__, "").parse_args(arguments)
    stale = build.main(["--check"])
    return leaks.main([]) or stale


if __name__ == "__main__":
    sys.exit(main())
