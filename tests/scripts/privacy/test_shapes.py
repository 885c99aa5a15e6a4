"""Every shape of a private thing in `shapes.txt`, filled with names, hosts and secrets of our own, is replaced."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from scripts.privacy.stand_ins import redact
from tests.parsers.samples import case

LINES = [
    line
    for line in (Path(__file__).parent / "shapes.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
TOLD = [line for line in LINES if not line.endswith(" ?")]
FILLED = {
    "USER": ("zqalice", "kowalski_m", "jsmith4"),
    "SECRET": ("Zq9xSecretValue7", "8f3kLm02pQrT5vWx", "f81d4fae7dec11d0a76500a0c91e6bf6"),
    "HOST": ("zqbox", "ripley", "lab3"),
}


def filled(line: str) -> list[tuple[str, list[str]]]:
    """Return a line with every set of values, each with the private things that it then holds."""
    names = [name for name in FILLED if name in line]
    if not names:
        return [(line, [])]
    found = []
    for values in product(*(FILLED[name] for name in names)):
        text = line
        # A name that is also the key, as in USER=USER, is filled behind it only.
        for name, value in zip(names, values, strict=True):
            head, is_key, tail = text.partition(f"{name}=") if text.startswith(f"{name}=") else ("", "", text)
            text = head + is_key + _put(tail, name, value)
        found.append((text, list(values)))
    return found


def _put(text: str, name: str, value: str) -> str:
    return (
        text
        if name not in text
        else value.join(text.rsplit(name, 1))
        if _is_key(text, name)
        else text.replace(name, value)
    )


def _is_key(text: str, name: str) -> bool:
    """Return whether the name is also part of a key, as in SUDO_USER=USER or SECRET_KEY='SECRET'."""
    return text.count(name) > 1


@pytest.mark.parametrize("line", TOLD)
def test_what_is_private_in_a_line_is_replaced(line: str) -> None:
    log = case("groq_proof_point")
    for text, private in filled(line):
        data = redact(log + text.encode() + b"\n").data
        assert data.startswith(log)
        shown = data.removeprefix(log).decode("latin-1")
        assert shown != f"{text.encode().decode('latin-1')}\n"
        assert [value for value in private if value in shown] == []


def test_what_only_a_person_can_tell_is_named_as_that() -> None:
    assert len(LINES) - len(TOLD) <= 3
