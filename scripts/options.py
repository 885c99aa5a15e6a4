"""What the help of a command says. The checkout's `python -m scripts.NAME` and `testbed-report NAME` share it."""

from __future__ import annotations

import argparse
import re

from . import INSTALLED, OWN

# How a command's docstring begins: `python -m scripts.build`: from the logs …
_LEAD = re.compile(r"`python -m [^`]*`: (\w)")


def command(name: str) -> str:
    """Return how a command of `scripts` is called: through the one command where the package is installed."""
    return f"testbed-report {name.replace('_', '-')}" if INSTALLED else f"python -m scripts.{name}"


def made_by(target: str, name: str) -> str:
    """Return the command that somebody should call: `make` with a target in the repository, else the package's own."""
    return f"make {target}" if OWN and not INSTALLED else f"testbed-report {name}"


def counted(number: int, noun: str) -> str:
    """Return a number with its noun.

    >>> counted(1, "question"), counted(2, "question")
    ('1 question', '2 questions')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def parser(name: str, about: str | None, *examples: str) -> argparse.ArgumentParser:
    """Return the parser of a command, whose help shows what its module says of it, and examples."""
    return argparse.ArgumentParser(
        prog=command(name),
        description=_LEAD.sub(lambda lead: lead[1].upper(), about or "", count=1),
        epilog="\n".join(["examples:", *(f"  %(prog)s {example}".rstrip() for example in examples)]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
