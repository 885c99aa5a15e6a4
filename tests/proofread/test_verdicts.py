"""What the proof-reader finds of small texts about small logs of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.proofread.reading import proof_of, runs_of
from scripts.proofread.stated import StatedRun
from tests.made import cerebras, graphcore, groq, sambanova


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[StatedRun]:
    """Runs of four systems."""
    folder = tmp_path_factory.mktemp("logs")
    for tasks, rate in ((8, 800.25), (16, 1596.5), (32, 3104.75)):
        (folder / f"bert_{tasks}.out").write_text(sambanova(tasks, rate), encoding="utf-8")
    for batch, rate in ((512, 2911.25), (1024, 4852.5)):
        (folder / f"cs_{batch}.log").write_text(cerebras(batch, rate), encoding="utf-8")
    (folder / "ipu.txt").write_text(graphcore(0.05, 97.25), encoding="utf-8")
    (folder / "groq.txt").write_text(groq(128, 18000.5), encoding="utf-8")
    return runs_of(folder)


def found(runs: list[StatedRun], folder: Path, text: str) -> list[tuple[str, str, str]]:
    """Return (text, verdict, quantity) of each number and statement of a page."""
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return [(row.text, row.verdict, row.quantity) for row in proof_of(page, runs).rows]


def verdicts(runs: list[StatedRun], folder: Path, text: str) -> dict[str, str]:
    """Return the verdict of each number by its text."""
    return {printed: verdict for printed, verdict, _ in found(runs, folder, text)}


@pytest.mark.parametrize(
    ("sentence", "number", "verdict"),
    [
        ("On SambaNova, 8 tasks gave a throughput of 800.25 samples/s.", "800.25", "confirmed"),
        ("On SambaNova, 8 tasks gave a throughput of 800 samples/s.", "800", "confirmed"),
        ("On SambaNova, 8 tasks gave a throughput of 801 samples/s.", "801", "contradicted"),
        ("On SambaNova, 8 tasks gave about 0.8k samples/s.", "0.8k", "confirmed"),
        ("On SambaNova, 16 tasks gave 1,596.5 samples/s.", "1,596.5", "confirmed"),
        ("On SambaNova, 16 tasks gave 1 597 samples/s.", "1 597", "confirmed"),
        ("On SambaNova, 16 tasks gave 1.5965e3 samples/s.", "1.5965e3", "confirmed"),
        ("On SambaNova, the throughput was 1.995× that of the smallest run.", "1.995", "derivable"),
        ("On SambaNova, throughput rises by 99.5 % at twice the tasks.", "99.5", "derivable"),
        ("On Cerebras, the throughput was over 2,900 samples/s.", "2,900", "confirmed"),
        ("On Cerebras, the learning rate was 0.003.", "0.003", "missing"),
        ("On Graphcore, the test accuracy was 97.25 %.", "97.25", "confirmed"),
        ("On Graphcore, the test accuracy was 0.9725.", "0.9725", "confirmed"),
        ("On Graphcore, the test accuracy was 97.3%.", "97.3", "confirmed"),
        ("On Graphcore, the error rate was 2.75 %.", "2.75", "derivable"),
        ("On Graphcore, the batch size was 512.", "512", "elsewhere"),
        ("See version 2.1 of 2024-05-01 and Figure 3.", "3", "not a claim"),
        ("On SambaNova, going from 8 to 16 raises the throughput by 99.5 %.", "16", "confirmed"),
        ("On SambaNova the throughput is 99.5 % higher with 16 than with 8.", "8", "confirmed"),
        ("On SambaNova, the throughput was 800.25 samples/s on 8 ranks and 1.6k on 16.", "1.6k", "confirmed"),
        ("On SambaNova, ntasks=8: 800.25 samples/s, ntasks=16: 1596.5 samples/s", "1596.5", "confirmed"),
        ("SambaNova:\n\nntasks=8 -> 1596.5 samples/s\nntasks=16 -> 800.25 samples/s", "800.25", "contradicted"),
        ("On SambaNova, 8 tasks reach 50.1 % of the throughput with 16.", "50.1", "derivable"),
        ("On SambaNova, throughput grows by a factor of 1.995.", "1.995", "derivable"),
        ("On SambaNova, 16 tasks gave 1.60 K samples/s.", "1.60 K", "confirmed"),
        ("On SambaNova, the 16-task run gave 1596.5 samples/s.", "16", "confirmed"),
        ("On Cerebras, the throughput was 2911 seq/s.", "2911", "confirmed"),
        ("On Groq, the card makes 18,000.5 IPS end-to-end.", "18,000.5", "confirmed"),
        ("On SambaNova, the throughput at 32 tasks was 3104.75 samples/s.", "32", "confirmed"),
        ("On SambaNova, 8 tasks gave 800.25 samples/s and 9.0123.", "9.0123", "missing"),
        ("On Cerebras, 1024 is 1.667 times as fast as 512.", "512", "confirmed"),
        ("On SambaNova, from 8 to 16 tasks the throughput goes up by 99.5 %.", "99.5", "derivable"),
        ("There were 3 runs on SambaNova.", "3", "confirmed"),
        ("There were three runs on SambaNova.", "three", "confirmed"),
        ("There were 4 runs on SambaNova.", "4", "missing"),
    ],
)
def test_a_number_of_a_sentence(
    runs: list[StatedRun], tmp_path: Path, sentence: str, number: str, verdict: str
) -> None:
    assert verdicts(runs, tmp_path, sentence)[number] == verdict


TABLE = """\
## SambaNova

| tasks | throughput (samples/s) | tokens/s |
| ---: | ---: | ---: |
| 8 | {a} | 102432 |
| 16 | {b} | 204352 |
"""


def test_a_row_tells_the_run(runs: list[StatedRun], tmp_path: Path) -> None:
    told = verdicts(runs, tmp_path, TABLE.format(a="800.3", b="1596.5"))
    assert set(told.values()) == {"confirmed"}


def test_a_row_may_name_its_quantity_in_a_cell(runs: list[StatedRun], tmp_path: Path) -> None:
    head = "| System | Setting | Metric | Value |\n|---|---|---|---|\n"
    told = verdicts(runs, tmp_path, f"{head}| SambaNova | 16 tasks | throughput | 1596.5 |\n")
    assert told == {"16": "confirmed", "1596.5": "confirmed"}


@pytest.mark.parametrize("heading", ["Samples/s", "training_samples_per_second", "throughput (seq/s)", "Rate"])
def test_a_heading_names_its_unit(runs: list[StatedRun], tmp_path: Path, heading: str) -> None:
    table = f"## SambaNova\n\n| tasks | {heading} |\n|---|---|\n| 16 | 1596.5 |\n"
    assert verdicts(runs, tmp_path, table)["1596.5"] == "confirmed"


def test_exchanged_cells_are_contradicted(runs: list[StatedRun], tmp_path: Path) -> None:
    told = verdicts(runs, tmp_path, TABLE.format(a="1596.5", b="800.3"))
    assert (told["1596.5"], told["800.3"]) == ("contradicted", "contradicted")


@pytest.mark.parametrize(
    "table",
    [
        "| | 8 tasks | 16 tasks |\n|---|---|---|\n| samples/s | {a} | {b} |\n",
        "| tasks | 8 | 16 |\n|---|---|---|\n| samples/s | {a} | {b} |\n",
        "<table><tr><th>tasks</th><td>8</td><td>16</td></tr>\n"
        "<tr><th>samples/s</th><td>{a}</td><td>{b}</td></tr></table>\n",
        "tasks\tsamples/s\n8\t{a}\n16\t{b}\n",
        "<table><tr><th>tasks</th><th>samples/s</th></tr>\n<tr><td>8</td><td>{a}</td></tr>\n"
        "<tr><td>16</td><td>{b}</td></tr></table>\n",
    ],
    ids=["on its side", "settings in the heading", "HTML on its side", "tabs", "HTML"],
)
def test_other_tables_tell_the_run_too(runs: list[StatedRun], tmp_path: Path, table: str) -> None:
    heading = "## SambaNova\n\n"
    right = verdicts(runs, tmp_path, heading + table.format(a="800.3", b="1596.5"))
    wrong = verdicts(runs, tmp_path, heading + table.format(a="1596.5", b="800.3"))
    assert (right["800.3"], right["1596.5"]) == ("confirmed", "confirmed")
    assert (wrong["800.3"], wrong["1596.5"]) == ("contradicted", "contradicted")


def test_lists_are_paired(runs: list[StatedRun], tmp_path: Path) -> None:
    text = "On SambaNova, 8 and 16 tasks gave throughputs of {} and {} samples/s, respectively."
    right = verdicts(runs, tmp_path, text.format("800.3", "1596.5"))
    wrong = verdicts(runs, tmp_path, text.format("1596.5", "800.3"))
    assert right["800.3"] == right["1596.5"] == "confirmed"
    assert wrong["800.3"] == wrong["1596.5"] == "contradicted"


def test_a_link_tells_the_log(runs: list[StatedRun], tmp_path: Path) -> None:
    told = found(runs, tmp_path, "* [the run](logs/bert_16.out) reached 1596.5 samples/s\n")
    assert told == [("1596.5", "confirmed", "throughput")]


def test_every_number_leads_to_its_line(runs: list[StatedRun], tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("On Graphcore the test accuracy\nwas 97.25 %.\n", encoding="utf-8")
    (row,) = proof_of(page, runs).rows
    assert (row.line, row.column, row.log, row.fact) == (2, 5, "ipu.txt", "97.25")
    assert "97.25" in row.evidence
    assert row.log_line > 0


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("On Cerebras, all runs completed.", "confirmed"),
        ("On Cerebras, all runs failed.", "contradicted"),
        ("On SambaNova the throughput increases with the number of tasks.", "confirmed"),
        ("On SambaNova the throughput decreases with the number of tasks.", "contradicted"),
        ("On SambaNova the final loss is identical.", "confirmed"),
    ],
)
def test_words_that_can_be_checked(runs: list[StatedRun], tmp_path: Path, sentence: str, verdict: str) -> None:
    assert [told for _, told, quantity in found(runs, tmp_path, sentence) if quantity == "statement"] == [verdict]


@pytest.mark.parametrize(
    "sentence",
    ["On Cerebras not all runs completed.", "I liked the throughput.", "On SambaNova the loss is not identical."],
)
def test_other_words_are_not_judged(runs: list[StatedRun], tmp_path: Path, sentence: str) -> None:
    assert found(runs, tmp_path, sentence) == []


def test_what_stands_in_fences_and_addresses_is_no_claim(runs: list[StatedRun], tmp_path: Path) -> None:
    text = "```\nthroughput 801 samples/s\n```\nSee https://example.org/801/throughput and [it](a/801.md).\n"
    assert found(runs, tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "number", "verdict"),
    [
        ("On SambaNova the throughput was 800.25 with 8 tasks. It rose to 1596.5 for 16.", "1596.5", "confirmed"),
        ("On SambaNova, loss 9.5; 800.25 samples/s with 8 tasks.", "800.25", "confirmed"),
        ("Batch sizes on Cerebras: 1024 reached 4852.5 samples/s.", "1024", "confirmed"),
        ("On Cerebras, the throughput at 512 was 2911.25 samples/s.", "512", "confirmed"),
    ],
)  # fmt: skip
def test_what_a_sentence_refers_to(runs: list[StatedRun], tmp_path: Path, text: str, number: str, verdict: str) -> None:
    assert verdicts(runs, tmp_path, text)[number] == verdict


@pytest.mark.parametrize(
    ("sentence", "number", "verdict"),
    [
        ("On SambaNova, 8 tasks gave 0.80025 thousand samples/s.", "0.80025 thousand", "confirmed"),
        ("On SambaNova, 8 tasks gave 800 thousand samples/s.", "800 thousand", "contradicted"),
        ("On SambaNova, the 8-task run gave 0.102 million sequences/s.", "0.102 million", "confirmed"),
        ("On Graphcore, the test accuracy was 97,25 %.", "97,25", "confirmed"),
        ("On Cerebras, going from 512 to 1024 multiplies the throughput by 1.667.", "1.667", "derivable"),
        ("On Cerebras, going from 512 to 1024 multiplies the throughput by 1.667.", "1024", "confirmed"),
        ("On SambaNova, the throughput rose from 800.25 to 1596.5 samples/s, by 49.9 %.", "49.9", "missing"),
        ("On SambaNova, the throughput with 8 tasks was 1596.5 samples/s.", "1596.5", "contradicted"),
        ("On SambaNova, with 8 tasks it was slower than 1596.5 samples/s.", "1596.5", "elsewhere"),
        ("On SambaNova, samples/s: 1596.5 (8 tasks), 800.25 (16 tasks).", "800.25", "contradicted"),
        ("On SambaNova, samples/s: 800.25 (8 tasks), 1596.5 (16 tasks).", "1596.5", "confirmed"),
        ("On SambaNova, samples/s: 8 tasks: 1596.5, 16 tasks: 800.25.", "1596.5", "contradicted"),
        ("On SambaNova, the best one (16) gave 1596.5 samples/s, the worst one (8) 800.25.", "16", "confirmed"),
        ("On SambaNova, 8 and 16 tasks gave throughputs of 1596.5 and 800.3 samples/s.", "800.3", "contradicted"),
        ("On Cerebras, training with batch size 512 took 17.587 ms.", "17.587", "contradicted"),
        ("On Cerebras, training with batch size 512 took 17.589 s.", "17.589", "contradicted"),
        ("On Cerebras, the loss was 7.125 with a batch size of 512, and 7.125 with 1024.", "7.125", "confirmed"),
        ("On Groq, the CPU latency was 0.06 ms.", "0.06", "elsewhere"),
        ("On Groq, the CPU latency was 2.22 ms.", "2.22", "confirmed"),
        ("On Groq, the learning rate was 0.05.", "0.05", "elsewhere"),
        ("On Groq, the seed was 128.", "128", "missing"),
        ("On Groq, the latency was 0.03 ms on chip.", "0.03", "confirmed"),
        ("On Groq, the latency was 0.03 ms end to end.", "0.03", "elsewhere"),
        ("On SambaNova, 8 tasks and 16 tasks gave 800.25 and 1596.5 samples/s.", "800.25", "confirmed"),
        ("On SambaNova, 8 tasks and 16 tasks gave 1596.5 and 800.25 samples/s.", "800.25", "contradicted"),
        ("On SambaNova, 16 instead of 8 tasks raise it from 800.25 to 1596.5 samples/s.", "800.25", "confirmed"),
        ("On SambaNova, it rose from 1596.5 (8 tasks) to 800.25 samples/s (16 tasks).", "800.25", "contradicted"),
        ("On SambaNova, with 8 tasks the throughput varied between 790 and 810 samples/s.", "810", "missing"),
        ("On SambaNova, the throughput with 16 tasks is 796.25 samples/s higher than with 8.", "796.25", "derivable"),
        ("On Cerebras, 512 gives the lowest throughput, but 1024 has 4852.5 samples/s.", "1024", "confirmed"),
        ("On Graphcore, training took 1 min 30 s.", "1 min 30", "confirmed"),
    ],
)
def test_what_is_clear_is_confirmed_or_contradicted(
    runs: list[StatedRun], tmp_path: Path, sentence: str, number: str, verdict: str
) -> None:
    assert verdicts(runs, tmp_path, sentence)[number] == verdict


INPUTS = "# Groq\n\n| input | IPS | on-chip IPS | on-chip latency, ms |\n|---|---|---|---|\n"


@pytest.fixture(scope="module")
def two_inputs(tmp_path_factory: pytest.TempPathFactory) -> list[StatedRun]:
    """Two runs that no stated setting of a row tells apart."""
    folder = tmp_path_factory.mktemp("groq")
    (folder / "dummy.txt").write_text(groq(128, 18000.5), encoding="utf-8")
    (folder / "custom.txt").write_text(groq(256, 12500.25), encoding="utf-8")
    return runs_of(folder)


def test_a_row_is_of_one_run(two_inputs: list[StatedRun], tmp_path: Path) -> None:
    right = f"{INPUTS}| dummy | 18000.50 | 36001.00 | 0.03 |\n| custom | 12500.25 | 25000.50 | 0.04 |\n"
    assert set(verdicts(two_inputs, tmp_path, right).values()) == {"confirmed"}


def test_two_rows_that_exchange_a_number_are_contradicted(two_inputs: list[StatedRun], tmp_path: Path) -> None:
    wrong = f"{INPUTS}| dummy | 12500.25 | 36001.00 | 0.03 |\n| custom | 18000.50 | 25000.50 | 0.04 |\n"
    told = verdicts(two_inputs, tmp_path, wrong)
    assert (told["12500.25"], told["18000.50"]) == ("contradicted", "contradicted")
    assert (told["36001.00"], told["25000.50"]) == ("confirmed", "confirmed")


def test_a_row_that_needs_two_runs_is_not_confirmed(two_inputs: list[StatedRun], tmp_path: Path) -> None:
    told = verdicts(two_inputs, tmp_path, f"{INPUTS}| dummy | 12500.25 | 36001.00 | |\n")
    assert told == {"12500.25": "elsewhere", "36001.00": "elsewhere"}


def test_a_heading_may_scale_its_numbers(runs: list[StatedRun], tmp_path: Path) -> None:
    told = verdicts(runs, tmp_path, "# SambaNova\n\n| tasks | k samples/s |\n|---|---|\n| 8 | 0.800 |\n| 16 | 1.61 |\n")
    assert (told["0.800"], told["1.61"]) == ("confirmed", "contradicted")
