"""How a page says that experiments are run again: with `make` in the repository, else with the installed command."""

from __future__ import annotations

import regex

_FENCE = regex.compile(r"(?<=^```sh\n)(?:(?!```).*\n)+", regex.MULTILINE)
_MAKE = regex.compile(r"make rerun SYSTEM=(?P<system>\w+)(?: ARGS=\"(?P<options>[^\"]*)\")?")
_SCRIPT = regex.compile(r"^scripts/run/(?P<system>\w+)\.sh", regex.MULTILINE)
_COMMENTED = regex.compile(r"(?P<command>.*?) +(?P<comment># .*)")


def installed(text: str) -> str:
    """Return a page's text with the commands of the checkout as the installed package has them."""
    return _FENCE.sub(_in_fence, text)


def _in_fence(fence: regex.Match[str]) -> str:
    """Return the lines of a block of commands; where one of them changes, the comments stay in one column."""
    changed = _SCRIPT.sub(r"testbed-report rerun \g<system>", _MAKE.sub(_rerun, fence[0]))
    return _aligned(changed) if changed != fence[0] else changed


def _rerun(make: regex.Match[str]) -> str:
    return " ".join(["testbed-report rerun", make["system"], *([make["options"]] if make["options"] else [])])


def _aligned(lines: str) -> str:
    parts = [(line["command"], line["comment"]) for line in _COMMENTED.finditer(lines)]
    width = max((len(command) for command, _ in parts), default=0)
    return _COMMENTED.sub(lambda line: f"{line['command']:{width}}   {line['comment']}", lines)
