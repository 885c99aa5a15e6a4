"""`testbed-report COMMAND`: one command for the reader and the site.

What a command needs is loaded when it is called.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from parsers import __version__, stopping
from parsers.extras import missing


class Command(NamedTuple):
    """A command: its module, what it does in a few words, and the extra that brings what it needs."""

    module: str
    about: str
    extra: str = ""
    mode: str = ""


COMMANDS = {
    "read": Command("parsers.__main__", "logs as a table of facts, each with its line", mode="read"),
    "runs": Command("parsers.__main__", "logs as a table of runs", mode="runs"),
    "explain": Command("parsers.__main__", "how logs were understood, line by line", mode="explain"),
    "diff": Command("parsers.__main__", "what differs between two runs", mode="diff"),
    "proofread": Command("scripts.proofread.__main__", "every number of a text against its logs", "report"),
    "report": Command("scripts.report.__main__", "a site about logs, in a new folder", "report"),
    "new": Command("scripts.new", "a folder for a site of your own, which you publish", "report"),
    "build": Command("scripts.site", "make the pages of your site, and the site", "report"),
    "serve": Command("scripts.serve", "show your site, and follow changes", "report"),
    "check": Command("scripts.check", "what is out of date or private in your site", "report"),
    "verify": Command("scripts.verify", "every number of your built site, from the logs", "report"),
    "add-log": Command("scripts.add_log", "add logs to your site, without private things", "report"),
    "leaks": Command("scripts.leaks", "look for private things in files", "report"),
    "rerun": Command("scripts.rerun", "run a system's experiments again, and compare", "report"),
    "new-system": Command("scripts.new_system", "begin a dialect for logs of another system", "report"),
}
_SITE = "-C"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; return its exit status."""
    stopping.handle_signals()
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == [_SITE]:
        if len(words) < 2 or not Path(words[1]).is_dir():
            return _refused(f"{_SITE} names the folder of a site, and {' '.join(words[1:2]) or 'nothing'} is no folder")
        os.environ["TESTBED_REPORT_SITE"] = str(Path(words[1]).resolve())
        words = words[2:]
    if not words or words[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if words else 2
    if words[0] == "--version":
        print(f"testbed-report {__version__}")
        return 0
    if words[0] not in COMMANDS:
        return _refused(f"{words[0]!r} is not a command; `testbed-report --help` lists them")
    return _run(COMMANDS[words[0]], words[1:])


def _run(command: Command, words: list[str]) -> int:
    try:
        run: Callable[..., int] = import_module(command.module).main
        return run(words, command.mode) if command.mode else run(words)
    except ModuleNotFoundError as error:
        return _refused(missing(error, command.extra))


def _refused(reason: str) -> int:
    print(f"error: {reason}", file=sys.stderr)
    return 2


def usage() -> str:
    """Return the help of the whole command."""
    listed = [f"  {name:11} {command.about}" for name, command in COMMANDS.items()]
    return "\n".join(
        [
            "usage: testbed-report [-C SITE] COMMAND ...",
            "",
            "Logs of AI accelerators, read into numbers that each have the line of their log.",
            "",
            *listed,
            "",
            "`testbed-report COMMAND --help` has the options and examples of a command.",
            "-C SITE names the folder of your site, if it is not the current folder.",
        ]
    )
