from __future__ import annotations

import gzip
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.engine.text import NotALog, opened
from parsers.facts import rows
from parsers.reading import parse
from scripts import ROOT
from scripts.privacy.stand_ins import Redacted, left, redact
from tests.parsers.samples import NAMES, case
from tests.scripts.privacy.test_find import PRIVATE

FILES = sorted(path for path in (ROOT.parent / "shared" / "logs").glob("files/*/*") if path.is_file())
LINES = [line for line, _, _ in PRIVATE]


def check(data: bytes) -> Redacted:
    """Hold a redacted log against the log: the same lines, the same facts, nothing private."""
    redacted = redact(data)
    assert left(redacted.data) == []
    assert [redacted.data.count(end) for end in (b"\n", b"\r")] == [data.count(end) for end in (b"\n", b"\r")]
    told = [(*row[:6], redacted.of(str(row[6])), *row[7:-1]) for row in rows("", parse(data, "").runs)]
    assert [row[:-1] for row in rows("", parse(redacted.data, "").runs)] == told
    again = redact(redacted.data)
    assert (again.data, sum(again.counts.values())) == (redacted.data, 0)
    return redacted


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), seed=st.integers(0, 2**32))
def test_private_lines_anywhere_in_a_log_go_and_its_facts_stay(name: str, seed: int) -> None:
    chance = random.Random(seed)
    lines = case(name).split(b"\n")
    for line in chance.sample(LINES, 6):
        lines.insert(chance.randrange(len(lines) + 1), line.encode())
    check(b"\n".join(lines))


def test_a_host_alone_on_a_line_stays_no_rest_of_the_value_before_it() -> None:
    lines = case("cerebras_train").split(b"\n")
    place = next(number for number, line in enumerate(lines) if b"Compile hash is" in line)
    lines.insert(place + 1, b"ip-10-1-2-3.us-west-2.compute.internal")
    assert b"\nhost1.example.org\n" in check(b"\n".join(lines)).data


@pytest.mark.originals
@pytest.mark.skipif(not FILES, reason="the original logs are not at hand")
@pytest.mark.parametrize("path", FILES, ids=lambda path: "/".join(path.parts[-2:]))
def test_the_real_logs_keep_their_facts_and_lose_what_is_private(path: Path) -> None:
    check(path.read_bytes())


def test_the_same_thing_has_the_same_stand_in_and_others_have_others() -> None:
    text = b"USER=jdoe\nUSER=mmin\ncd /home/jdoe/x\nfrom 10.1.2.3 and 10.1.2.4 to 10.1.2.3\n"
    redacted = check(text)
    assert redacted.data == (b"USER=user1\nUSER=user2\ncd /home/user1/x\nfrom 192.0.2.1 and 192.0.2.2 to 192.0.2.1\n")
    assert redacted.counts == {"account": 2, "home path": 1, "IP address": 3}


def test_bytes_that_are_not_private_stay_as_they_are() -> None:
    assert check(b"\xff\xfe\x00 \x93USER=jdoe\x94 \xe2\x96\x88\r\n").data.endswith(b"\x94 \xe2\x96\x88\r\n")
    assert redact(b"Epochs: 100%|##| 4/4\r\n").data == b"Epochs: 100%|##| 4/4\r\n"


def test_what_only_the_reader_sees_is_replaced_in_the_bytes() -> None:
    coloured = b"USER=\x1b[1mjdoe\x1b[0m\nthen jdoe\n"
    assert b"jdoe" not in check(coloured).data


def test_more_addresses_than_there_are_examples_are_all_replaced() -> None:
    many = "\n".join(f"from 10.{number // 250}.1.{number % 250}" for number in range(1000)).encode()
    assert b" 10." not in check(many).data


def test_an_archive_and_utf16_are_opened_with_the_same_lines() -> None:
    text = "one\nzwei ü\r\n"
    assert opened(gzip.compress(text.encode())) == text.encode()
    assert opened(text.encode("utf-16")) == text.encode()
    with pytest.raises(NotALog, match="damaged"):
        opened(b"\x1f\x8b" + b"x" * 20)
