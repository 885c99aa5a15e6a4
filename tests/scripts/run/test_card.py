"""The reference's programs without a card: what they refuse, how much they take at a time, and what a driver says."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts.run.card import Device, Readings, answers_alike, device, introduce, readings
from scripts.run.gpu import main
from scripts.run.gpu_bert_large import largest_part
from scripts.run.machine import Problem
from tests.scripts.run.conftest import needs_torch
from tests.scripts.run.systems import program

# A stand-in: no such card exists.
CARD = Device("cuda", "a stand-in for a card", 80, "GPU-0")
_ONCE = '*memory.total*) echo "81920, 123.4, 700.00" ;;'
_AGAIN = '*loop-ms*) while :; do echo "35010, 640.50, 1755"; echo "36010, 690.25, 1725"; sleep 0.05; done ;;'


def torch_with(*, card: bool, cuda: str | None) -> SimpleNamespace:
    """Return what stands in for PyTorch on a machine with or without a card, of NVIDIA or of others."""
    of = SimpleNamespace(name="a stand-in for a card", total_memory=80 * 2**30, uuid="0")
    there = SimpleNamespace(is_available=lambda: card, get_device_properties=lambda _: of)
    return SimpleNamespace(cuda=there, version=SimpleNamespace(cuda=cuda), __version__="1.2.3")


def test_a_card_is_named() -> None:
    assert device(torch_with(card=True, cuda="99.1"), on_processor=False) == CARD


@pytest.mark.parametrize(("card", "cuda"), [(False, "99.1"), (True, None)], ids=["none", "of another maker"])
def test_nothing_stands_in_for_a_card(card: bool, cuda: str | None) -> None:
    with pytest.raises(Problem, match="PyTorch finds no NVIDIA card; --cpu "):
        device(torch_with(card=card, cuda=cuda), on_processor=False)


@needs_torch
def test_a_graph_needs_a_card(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bert-tiny", "--cpu", "--cuda-graph"]) == 2
    assert capsys.readouterr().err == "error: a CUDA graph needs a card: leave out --cpu or --cuda-graph\n"


PARTS = {(80.0, 128): 512, (140.0, 128): 944, (80.0, 256): 256, (40.0, 128): 224, (4.0, 128): 1}


@pytest.mark.parametrize(("memory", "length"), PARTS)
def test_a_part_of_a_batch_fits_into_the_memory(memory: float, length: int) -> None:
    part = largest_part(Device("cuda", "a stand-in for a card", memory), length)
    assert part == PARTS[memory, length]
    assert part == 1 or 8 + 0.125 * part * length / 128 <= 0.9 * memory


@pytest.fixture
def driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A stand-in for the driver's program; it answers once, or again and again."""
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return program(tmp_path / "nvidia-smi", f'case "$*" in {_AGAIN} {_ONCE} esac')


@pytest.mark.usefixtures("driver")
def test_what_the_driver_says_is_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    with Readings(CARD) as read:
        os.system("sleep 0.5")
    read.tell()
    line = capsys.readouterr().out
    assert line.startswith("testbed-nvidia: driver readings ")
    assert "peak memory 36010 MiB, power " in line
    assert line.endswith("peak power 690.25 W, clock 1740 MHz\n") or line.endswith("clock 1755 MHz\n")


@pytest.mark.usefixtures("driver")
def test_the_opening_lines_name_the_card_and_no_number_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    package = SimpleNamespace(__name__="beads", __version__="4.5")
    introduce(torch_with(card=True, cuda="99.1"), CARD, "counting", "train", [package])
    assert capsys.readouterr().out.splitlines() == [
        "testbed-nvidia: workload counting, stage train",
        "testbed-nvidia: hardware cuda, a stand-in for a card",
        "testbed-nvidia: software torch 1.2.3, beads 4.5, CUDA 99.1",
        "testbed-nvidia: cards 1, memory 81920 MiB, driver 123.4, power limit 700.00 W",
    ]


def test_a_driver_that_says_nothing_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    with Readings(CARD) as read:
        pass
    read.tell()
    assert capsys.readouterr().out.startswith("testbed-nvidia: the driver gave no reading: ")


def test_on_a_processor_no_driver_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    with Readings(Device("cpu", "Abacus 200")) as read:
        pass
    read.tell()
    assert capsys.readouterr().out == ""


def test_a_reading_that_is_cut_or_not_there_does_not_count() -> None:
    assert readings("1, 2.5, 3\n[N/A], 2.5, 3\n4, 5\n") == (
        "driver readings 1, peak memory 1 MiB, power 2.50 W, peak power 2.50 W, clock 3 MHz"
    )
    assert readings("No devices were found\n") == ""


@needs_torch
def test_two_ways_must_give_one_answer() -> None:
    import torch

    answers_alike(torch, torch.tensor([1.0, 2.0]), torch.tensor([1.001, 2.0]))
    with pytest.raises(Problem, match="other answers to one input"):
        answers_alike(torch, torch.tensor([1.0, 2.0]), torch.tensor([2.0, 1.0]))
