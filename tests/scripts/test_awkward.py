"""What logs and people may legitimately say and a report must bear: words for numbers, no number, several devices."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scripts.logs.catalog import Declared, Entry, slug
from scripts.logs.load import LoadedLog, transcribe
from scripts.report.answers import Answers
from scripts.report.derive import derive
from scripts.report.figures import pictures
from scripts.report.pages import furnished
from scripts.report.picture import Picture
from scripts.report.quantities import quantities
from scripts.report.render import render
from scripts.report.results import Results, collect
from scripts.store.files import digest

STAMP = "2024-05-01 10:0{}:00,250 INFO:   "
NOT_A_RATIO = "Throughput against batch size."


def _loaded(name: str, text: str, system: str, *declared: Declared, author: str = "somebody") -> LoadedLog:
    data = text.encode()
    entry = Entry(name, system, digest(data), len(data), "https://example.org/x", author, "", declared, slug(name))
    return LoadedLog(entry, transcribe(entry, data), True)


def _cerebras(name: str, batch: int, loss: str, rate: str, author: str = "somebody") -> LoadedLog:
    lines = [
        STAMP.format(0) + f"Effective batch size is {batch}.",
        STAMP.format(1) + "Compiling the model.",
        STAMP.format(2) + "Compile was successful!",
        STAMP.format(3) + "Beginning appliance run",
        STAMP.format(4)
        + f"| Train Device=CSX, Step=1, Loss=9.5, Rate={rate} samples/sec, GlobalRate={rate} samples/sec",
        STAMP.format(5) + f"| Train Device=CSX, Step=2, Loss={loss}, Rate={rate} samples/sec, GlobalRate={rate} "
        "samples/sec",
        STAMP.format(6) + "Training completed successfully!",
        STAMP.format(7) + f"Processed {2 * batch} sample(s) in 60.5 seconds.",
    ]
    return _loaded(name, "\n".join([*lines, ""]), "Cerebras", author=author)


def _groq(name: str, tokens: int, rate: str) -> LoadedLog:
    table = "Source |end-to-end latency (ms)|end-to-end IPS|on-chip latency (ms)|on-chip IPS|"
    text = (
        f'Building "bert_tiny"\nRunning inference on GroqChip\n|{table}\n|cpu|2.5|400.5|--|--|\n'
        f"|groq|0.05|{rate}|0.03|30000.5|\n+--------------------+\nProof point a finished!\n"
    )
    declared = Declared(1, "sequence_length", str(tokens), "a page", "")
    return _loaded(name, text, "Groq", declared)


def _drawn(*logs: LoadedLog) -> dict[str, Picture]:
    results = collect(logs)
    return pictures(Answers(results, quantities(results, derive(results), ())))


def _rendered(results: Results) -> str:
    return render(results, {"x.md": ""}).made["index.md"].decode()


def test_words_where_numbers_are_usual() -> None:
    groq = _groq("groq/a.txt", 128, "18000.5")
    said = replace(groq.entry.declared[0], value="long")
    told = replace(groq, entry=replace(groq.entry, declared=(said,)))
    samba = "COMPILE COMMAND: python hook.py compile -b - --learning_rate e --max_seq_length ..\nCOMPILE END AT 5\n"
    assert "Checked" in _rendered(collect([told, _loaded("sambanova/a.out", samba, "SambaNova")]))


def test_one_setting_run_twice_is_no_ratio() -> None:
    twice = _drawn(_cerebras("a.txt", 512, "8.5", "2900.5"), _cerebras("b.txt", 512, "8.25", "2950.5"))
    assert twice["cerebras-throughput"].finding == NOT_A_RATIO


def test_two_authors_are_no_ratio() -> None:
    one, other = _cerebras("a.txt", 512, "8.5", "2900.5"), _cerebras("b.txt", 4096, "8.5", "9000.5", author="another")
    assert "cerebras-throughput" not in _drawn(one, other)


def test_a_ratio_is_of_the_settings_that_were_run() -> None:
    drawn = _drawn(_groq("a.txt", 128, "18000.5"), _groq("b.txt", 512, "9000.25"))
    assert drawn["groq-latency"].finding == "512 instead of 128 tokens cost 2× the latency end to end."


def test_a_loss_that_is_no_number_gives_no_finding() -> None:
    drawn = _drawn(_cerebras("a.txt", 512, "nan", "2900.5"), _cerebras("b.txt", 1024, "8.5", "4900.5"))
    assert drawn["cerebras-loss"].finding == "Training loss by step and by samples."


def test_a_catalog_without_dated_accelerator_logs() -> None:
    text = "Epochs: 100%|##| 4/4 [00:40<00:00, 10.25s/it]\nAccuracy on test set: 97.25%\n"
    assert "newest" not in _rendered(collect([_loaded("graphcore/a.txt", text, "Graphcore")]))


@pytest.mark.parametrize("name", ["throughput_per_rdu", "step_time", "speed_up", "weak_scaling_efficiency"])
def test_no_figure_is_derived_from_one_device_of_several(name: str) -> None:
    line = "inner train loop time : {} for 1 epochs, number of global steps: 10, e2e samples_per_sec: {}\n"
    text = (
        "SLURM_NTASKS=2\nRUN COMMAND: python a.py run -b 8\n" + line.format("1.5", "50.5") + line.format("2.5", "25.5")
    )
    results = collect([_loaded("sambanova/a.out", text, "SambaNova")])
    (run,) = results.runs
    assert [fact.value for fact in run.run.facts if fact.name == "throughput"] == ["50.5", "25.5"]
    assert name not in {figure.formula.name for figure in derive(results)}


def test_a_description_cannot_leave_its_attribute() -> None:
    page = furnished("runs/a.md", '# A run\n\nIt failed with `" onload="harm` and <b>more</b> words.\n')
    assert page.startswith('---\ndescription: "It failed with &quot; onload=&quot;harm and more words."\n')
