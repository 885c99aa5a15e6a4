"""The reference on a card, from made-up logs: what a page says comes with the logs of a card, and only with them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import ROOT
from scripts.logs.catalog import Entry, slug
from scripts.logs.load import LoadedLog, transcribe
from scripts.report.__main__ import main as report
from scripts.report.answers import Answers
from scripts.report.derive import constants, derive
from scripts.report.known import Known
from scripts.report.quantities import quantities
from scripts.report.results import Results, collect
from scripts.report.same_model import section
from scripts.report.system_page import Pages
from scripts.rerun import comparable
from scripts.store.files import digest
from tests import made
from tests.made import untitled
from tests.scripts import cards
from tests.scripts.facts import inferred
from tests.scripts.facts import log as of_facts

_LINK = re.compile(r"\[([^\[\]]*)\]\([^()]*\)")
FIGURES = ("nvidia-throughput", "nvidia-latency", "nvidia-error", "nvidia-loss")
# As PyTorch names a card whose peak is documented. No such card made these logs.
DOCUMENTED = "NVIDIA H100 80GB HBM3"


def log(name: str, text: str) -> LoadedLog:
    """Return a made-up log of the card."""
    data = text.encode()
    entry = Entry(name, "NVIDIA", digest(data), len(data), "", "us", "", (), slug(name))
    return LoadedLog(entry, transcribe(entry, data), True)


def known_of(*logs: LoadedLog) -> tuple[Results, Known]:
    results = collect(logs)
    return results, quantities(results, derive(results), constants().values(), own=False)


def page_of(*texts: str) -> str:
    """Return the page of the card about made-up logs, without links, in one line."""
    results, known = known_of(*(log(f"{place}.log", text) for place, text in enumerate(texts)))
    (page,) = Pages(Answers(results, known), {}, {}, own=False).texts().values()
    return plain(page)


def plain(text: str) -> str:
    return " ".join(_LINK.sub(r"\1", text).replace("\N{NARROW NO-BREAK SPACE}", "").split())


RATES = {
    (1000.0, 1010.0): "The batch size hardly changes the throughput of BERT-large: 1000 with 64 and 1010 with 128",
    (1000.0, 1500.0): "A larger batch gives more throughput: 1000 with 64 and 1500 with 128",
    (1500.0, 1000.0): "A larger batch does not always give more throughput: 1500 with 64 and 1000 with 128",
}


@pytest.mark.parametrize("rates", RATES)
def test_what_the_batch_size_does_follows_the_runs(rates: tuple[float, float]) -> None:
    page = page_of(cards.large(64, rates[0]), cards.large(128, rates[1]))
    assert [said for said in RATES.values() if said in page] == [RATES[rates]]


def test_one_batch_size_is_compared_with_none() -> None:
    page = page_of(cards.large(64, 1000.0))
    assert "One batch size was run, 64: 1000 samples/s." in page
    assert not any(said.partition(":")[0] in page for said in RATES.values())


def test_a_graph_is_set_beside_the_eager_runs_of_its_length() -> None:
    both = [cards.tiny(128, "eager", 0.8), cards.tiny(128, "cuda-graph", 0.2), cards.tiny(256, "eager", 0.9)]
    page = page_of(*both)
    assert "A CUDA graph takes less time than starting each operation anew. End to end, the two take " in page
    assert "the two take 0.8000 and 0.2000 ms with 128 tokens." in page
    assert "Between two events on the card they take 0.4000 and 0.1000 ms with 128 tokens." in page
    slow = page_of(*both[:1], cards.tiny(128, "cuda-graph", 0.9))
    assert "A CUDA graph does not always take less time" in slow
    assert "A CUDA graph takes less time" not in slow


def test_runs_on_other_hardware_are_no_repeats_and_have_no_rate() -> None:
    here, there = cards.large(64, 1000.0), cards.large(128, 3000.0, hardware="cpu")
    page = page_of(here, cards.large(128, 1001.0), there)
    assert "1000 with 64 and 1001 with 128 samples per step" in page
    assert "The logs say that no card computed these runs: 2-1." in page
    assert "3000" not in page


def test_a_run_on_the_processor_is_not_repeated_by_one_on_a_card() -> None:
    texts = [cards.digits("0.05", 1, "96.67", "0.1250", hardware) for hardware in ("cuda", "cpu", "cuda")]
    one, other, again = collect([log(f"{place}.log", text) for place, text in enumerate(texts)]).runs
    assert comparable(one, again)
    assert not comparable(one, other)


def test_cards_of_another_kind_are_not_compared() -> None:
    page = page_of(cards.large(64, 1000.0), cards.large(128, 2000.0, name="another stand-in for a card"))
    assert "A larger batch" not in page


def test_the_share_of_the_peak_needs_a_documented_peak() -> None:
    (run,), known = (of := known_of(log("a.log", cards.large(64, 1000.0, name=DOCUMENTED))))[0].runs, of[1]
    rate = 1000 * 24 * 128 * (72 * 1024**2 + 12 * 128 * 1024) / 1e12
    assert known.number(run, "model_flop_utilisation") == pytest.approx(100 * rate / 989.4)
    (other,), known = (of := known_of(log("b.log", cards.large(64, 1000.0))))[0].runs, of[1]
    assert known.number(other, "model_flop_rate") == pytest.approx(rate)
    assert known.of(other, "model_flop_utilisation") is None


def test_the_circle_from_logs_to_pages(tmp_path: Path) -> None:
    logs = cards.write(tmp_path / "logs")
    assert report([str(logs), str(tmp_path / "out")]) == 0
    pages = tmp_path / "out" / "pages"
    page = untitled((pages / "nvidia.md").read_text(encoding="utf-8"))
    assert "No log of NVIDIA is here" not in page
    assert "This page has no run of " not in page
    assert [name for name in FIGURES if f"figures/{name}.svg" in page] == [*FIGURES]
    assert "[1 024](runs/large-128-1.md#throughput)" in page.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "[70.50](runs/large-128-1.md#power)" in page
    assert "Only the learning rate 0.05 learns" in page
    assert page.count(".md#test_accuracy)") > 6
    assert (pages / "figures" / "loss-digits-0-05-1-1.svg").is_file()
    run = (pages / "runs" / "tiny-128-eager-1.md").read_text(encoding="utf-8")
    (row,) = [line for line in run.splitlines() if 'id="on_card_latency"' in line and line.startswith("|")]
    assert "0.4000" in row


def test_without_a_run_the_page_says_so() -> None:
    page = (ROOT / "docs/nvidia.md").read_text(encoding="utf-8")
    there = list((ROOT / "raw_logs").glob("nvidia/*.log"))
    assert ("No log of NVIDIA is here." in page) is not bool(there)
    assert ("This page has no run of bert_tiny on a card yet." in page) is not bool(there)


def test_it_joins_the_table_of_the_same_model_with_what_differs() -> None:
    of_card = [log(f"{batch}.log", cards.large(batch, speed)) for batch, speed in ((64, 1000.0), (128, 1010.0))]
    text = made.sambanova(8, 2000.0)
    entry = Entry("rdu.log", "SambaNova", digest(text.encode()), len(text), "", "us", "", (), "rdu")
    other = LoadedLog(entry, transcribe(entry, text.encode()), True)
    results, known = known_of(other, *of_card)
    told = plain(section(results, known, "compare.md"))
    assert "| NVIDIA | batch size 64 | 1000" in told
    assert "| bfloat16 | random tokens |" in told
    assert "| not logged | not logged |" in told
    assert "The runs are of different years" in told or "No log of SambaNova says when its runs began." in told


def test_latencies_stand_beside_those_of_another_system_with_their_methods() -> None:
    groq = inferred("g.log", "us", 20000.0, 50000.0, workload="bert-tiny", sequence_length=128)
    ways = [log(f"{way}.log", cards.tiny(128, way, latency)) for way, latency in (("cuda-graph", 0.2), ("eager", 0.8))]
    results, known = known_of(groq, *ways, log("cpu.log", cards.tiny(128, "eager", 7.0, hardware="cpu")))
    told = plain(section(results, known, "compare.md"))
    assert "end to end: 0.05 ms (Groq), 0.25 ms (NVIDIA, cuda-graph) and 1 ms (NVIDIA, eager)." in told
    assert "- Groq: The vendor's benchmark" in told
    assert "- NVIDIA: PyTorch with transformers" in told
    assert "computed from a cycle count" in told
    assert told.count("| NVIDIA | sequence length 128 |") == 4
    assert "8.75" not in told  # what the processor took
    assert section(*known_of(groq), "compare.md") == section(*known_of(*ways), "compare.md") == ""


def test_a_batch_that_several_systems_had_is_told_in_a_sentence() -> None:
    one = {"system": "SambaNova", "stage": "train", "workload": "bert-large", "ntasks": 4, "batch_size": 16}
    rdus = of_facts("a", "us", one | {"sequence_length": 128, "throughput": 200, "started_at": "2021-02-03 04:05:06"})
    results, known = known_of(rdus, log("c.log", cards.large(64, 1000.0)))
    told = plain(section(results, known, "compare.md"))
    sentence = (
        "With 64 samples per optimiser step over all chips: 200 samples/s on 2 chips (SambaNova) and 1000 samples/s"
    )
    assert f"{sentence} on 1 chip (NVIDIA)." in told
    assert "The table gives no share of a peak for SambaNova and NVIDIA" in told
    assert "the first began on 2021-02-03 04:05:06, the last on 2031-02-03T04:05:06Z." in told
    results, known = known_of(rdus, log("c.log", cards.large(128, 1000.0, name=DOCUMENTED)))
    told = plain(section(results, known, "compare.md"))
    assert "per optimiser step over all chips" not in told
    assert "use this share of a chip's documented peak: 23.9 % (NVIDIA)." in told
    assert "The table gives no share of a peak for SambaNova:" in told
