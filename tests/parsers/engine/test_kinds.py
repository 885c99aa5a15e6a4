"""Files that are not the text of a log: each kind is refused with its reason, even with log lines in it."""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable

import pytest

from parsers.engine.kinds import SIGNS, refused
from parsers.facts import Reading
from parsers.reading import parse
from tests.parsers.samples import NAMES, case

LOG = case("cerebras_train")
WIDE: dict[str, Callable[[str], bytes]] = {
    "little": lambda text: text.encode("utf-16-le"),
    "big": lambda text: text.encode("utf-16-be"),
}


@pytest.mark.parametrize("sign", SIGNS)
def test_a_sign_refuses_a_file_that_holds_the_lines_of_a_log(sign: bytes) -> None:
    reading = parse(sign + b"\n" + LOG, "x")
    assert reading.runs == ()
    assert reading.reason == SIGNS[sign] or sign == b"\x1f\x8b"


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_a_log_that_bzip2_or_xz_packed_is_refused(pack: Callable[[bytes], bytes]) -> None:
    assert parse(pack(LOG), "x").reason.endswith("archive; unpack it first")
    assert parse(bz2.compress(LOG, 1), "x").reason == "bzip2 archive; unpack it first"


@pytest.mark.parametrize("kind", WIDE)
@pytest.mark.parametrize("name", ["cerebras_train", "graphcore_mnist", "groq_score", "sambanova_train"])
def test_utf_16_without_a_mark_is_refused(name: str, kind: str) -> None:
    wide = WIDE[kind](case(name).decode())
    assert parse(wide, "x") == Reading("x", (), reason="UTF-16 text without a byte-order mark; save it as UTF-8")
    assert parse(wide[:41], "x").runs == ()


def test_text_that_turns_into_utf_16_is_refused() -> None:
    appended = LOG + WIDE["little"](LOG.decode().replace("\n", "\r\n"))
    assert parse(appended, "x").reason == "UTF-16 text without a byte-order mark; save it as UTF-8"


def test_utf_32_is_refused() -> None:
    assert parse(LOG.decode().encode("utf-32"), "x").reason == "UTF-32 text; save it as UTF-8"


def test_recordings_and_encoded_pages_are_refused() -> None:
    cast = b'{"version": 2, "width": 80, "height": 24}\n[0.5, "o", "Effective batch size is 1"]\n[0.6, "o", "024."]\n'
    assert parse(cast, "x").reason.startswith("asciinema recording")
    page = b"From: a\nContent-Transfer-Encoding: quoted-printable\n\n" + LOG
    assert parse(page, "x").reason.startswith("encoded e-mail or web page")


@pytest.mark.parametrize("name", NAMES)
def test_no_log_is_refused(name: str) -> None:
    assert refused(case(name)) == ""
    half = len(case(name)) // 2
    assert refused(case(name)[:half] + bytes(5000) + case(name)[half:]) == ""
