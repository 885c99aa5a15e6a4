"""A log's facts as a file: what is written is read back, and damage is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from parsers.reading import parse
from parsers.tables.transcription import DamagedTranscription, Transcription, dump, load
from tests.parsers.samples import NAMES, case
from tests.scripts.hostile import hostile_log


def transcription(name: str) -> Transcription:
    runs = parse(case(name), name).runs
    return Transcription(name, "0" * 64, len(case(name)), "https://example.org/a", 9, 5, 3, 1, runs)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_written_is_read_back(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.facts.csv"
    path.write_text(dump(transcription(name)), encoding="utf-8", newline="\n")
    assert load(path) == transcription(name)


def test_what_a_hostile_log_says_is_read_back(tmp_path: Path) -> None:
    data = hostile_log()
    said = replace(transcription("groq_rebuilt"), runs=parse(data, "groq_rebuilt").runs)
    path = tmp_path / "a.facts.csv"
    path.write_text(dump(said), encoding="utf-8", newline="\n")
    assert load(path) == said


DAMAGE: dict[str, tuple[Callable[[str], str], str]] = {
    "no head": (lambda text: text.partition("log,run")[2], "the head says nothing of log, sha256"),
    "no number": (lambda text: text.replace("# size: ", "# size: many"), "is not a value of size"),
    "no column": (lambda text: text.replace("view_line", "view", 1), "the columns are not"),
    "short row": (lambda text: text + "groq,1,run\n", "not a row of the facts table"),
    "no step": (lambda text: text + "groq,1,series,loss,,,0.5,,3,3\n", "not a row of the facts table"),
    "endless cell": (lambda text: f"{text}groq,1,{'x' * 200_000}\n", "not a row of the facts table"),
    "long line number": (
        lambda text: f"{text}groq,1,metric,throughput,,,1,,{'9' * 10_000},1\n",
        "not a row of the facts table",
    ),
    "long size": (lambda text: text.replace("# size: ", f"# size: {'9' * 10_000}"), "is not a value of size"),
    "stray run": (lambda text: text.replace("\ngroq_proof_point,1,", "\ngroq_proof_point,7,", 1), "does not name"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_named(damage: str, tmp_path: Path) -> None:
    change, message = DAMAGE[damage]
    path = tmp_path / "a.facts.csv"
    path.write_text(change(dump(transcription("groq_proof_point"))), encoding="utf-8")
    with pytest.raises(DamagedTranscription, match=message):
        load(path)


def test_a_pipe_is_damage_and_what_is_not_there_is_said_so(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.facts.csv")
    with pytest.raises(DamagedTranscription, match="a pipe"):
        load(tmp_path / "a.facts.csv")
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "b.facts.csv")


def test_what_is_not_utf_8_is_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.facts.csv"
    path.write_bytes(dump(transcription("groq_proof_point")).encode() + b"\xff\n")
    with pytest.raises(DamagedTranscription, match="not UTF-8"):
        load(path)
