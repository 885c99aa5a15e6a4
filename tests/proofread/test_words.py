"""The words of texts: they come from the vocabulary and from the dialects, so a new term or system needs no others."""

from __future__ import annotations

import pytest

from parsers.vocabulary import BY_NAME, TERMS
from scripts.proofread.words import SETTINGS, mentions, systems


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the test accuracy", ("test_accuracy", "test_accuracy_unitless", "accuracy")),
        ("the MPI ranks", ("ntasks",)),
        ("a batch-size", ("batch_size",)),
        ("the generation time", ("generation_time",)),  # no words of its own: its name
        ("device_iterations", ("device_iterations",)),
        ("final loss", ("final_loss", "loss")),
        ("on-chip latency", ("on_chip_latency",)),
        ("the speed-up", ("speed_up",)),
    ],
)
def test_a_text_names_quantities(text: str, names: tuple[str, ...]) -> None:
    assert [mention.names for mention in mentions(text)] == [names]


def test_words_of_a_unit_mean_every_quantity_of_it() -> None:
    (took,), (rate,) = mentions("it took"), mentions("the throughput")
    assert {BY_NAME[name].unit for name in took.names} == {"s", "min", "ms"}
    assert {BY_NAME[name].unit.rpartition("/")[2] for name in rate.names} == {"s"}
    assert "output_throughput" in rate.names


def test_settings_are_the_parameters_of_the_vocabulary_without_bounds_of_rates() -> None:
    parameters = {term.name for term in TERMS if term.kind == "parameter"}
    assert parameters - SETTINGS == {"token_throughput_min", "token_throughput_max"}
    assert parameters > SETTINGS


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("On the CS-2", ["Cerebras"]),
        ("four IPUs", ["Graphcore"]),
        ("SambaFlow and Groq", ["Groq", "SambaNova"]),
        ("on the CPU", []),  # a device of several systems
    ],
)
def test_a_text_names_systems_by_what_their_dialects_say_they_are_called(text: str, found: list[str]) -> None:
    assert systems(text) == found
