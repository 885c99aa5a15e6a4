"""bert_tiny on two devices and on one: its inputs, what it prints about the answers, and the facts of its log.

The card is a stand-in: it answers by the model on this machine, and its times are made up.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from parsers.facts import Run
from parsers.reading import parse
from scripts.run import bert_model, bert_tiny
from scripts.run.bert_tiny import Half, main, table
from tests.scripts.run.conftest import needs_torch

LENGTH = 24


class StandInCard:
    """A stand-in for a built model on a card; `turn` makes it answer otherwise than the model."""

    def __init__(self, model: Any, turn: float) -> None:
        self.model, self.turn = model, turn
        self.benchmarked: list[Any] = []

    def run_abunch(self, inputs: list[Any]) -> Any:
        """Answer a list; a list of one comes back without its list, as from groqflow."""
        answers = [self.turn * self.model(**tensors).logits.detach() for tensors in inputs]
        return answers[0] if len(answers) == 1 else answers

    def benchmark(self, inputs: Any, repetitions: int) -> SimpleNamespace:
        """Return a made-up time."""
        self.benchmarked.append((inputs, repetitions))
        return SimpleNamespace(latency=0.0000625)

    def estimate_performance(self) -> SimpleNamespace:
        """Return a made-up time."""
        return SimpleNamespace(compute_latency=0.00003125)


class StandIn(ModuleType):
    """A stand-in for groqflow: `turn` is what its cards multiply the model's answers with."""

    turn = 1.0

    def __init__(self) -> None:
        super().__init__("groqflow")
        self.built: list[tuple[Any, dict[str, Any]]] = []
        self.cards: list[StandInCard] = []

    def groqit(self, model: Any, inputs: Any, **options: Any) -> StandInCard:
        """Print the line that a build prints, and return a card."""
        print(f'This is a stand-in for groqflow; its times are made up.\nBuilding "{options["build_name"]}"')
        self.built.append((inputs, options))
        self.cards.append(StandInCard(model, self.turn))
        return self.cards[-1]


@pytest.fixture
def groqflow(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A stand-in in groqflow's place."""
    module = StandIn()
    monkeypatch.setitem(sys.modules, "groqflow", module)
    monkeypatch.setitem(sys.modules, "demo_helpers", None)
    return module


def read(text: str) -> Run:
    """Return the one run that a program's output holds."""
    (run,) = parse(text.encode(), "x").runs
    return run


def value(run: Run, name: str, device: str = "") -> str | None:
    fact = run.fact(name, device)
    return fact.value if fact else None


def both(model: Path, *options: str) -> int:
    """Run the program on both devices, in a hurry."""
    return main(["--model", str(model), "--sequence-length", str(LENGTH), "--repetitions", "3", *options])


@needs_torch
def test_the_card_is_built_and_timed_with_the_first_sentence(
    model_folder: Path, groqflow: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    assert both(model_folder) == 0
    ((inputs, options),) = groqflow.built
    assert options == {"build_name": f"bert_tiny_{LENGTH}", "rebuild": "always"}
    assert {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in inputs.items()} == {
        "input_ids": (torch.int64, (1, LENGTH)),
        "attention_mask": (torch.bool, (1, LENGTH)),
    }
    assert 0 < int(inputs["attention_mask"].sum()) < LENGTH
    assert groqflow.cards[0].benchmarked == [(inputs, 3)]
    assert "Agreement: 8 of 8; largest difference of logits: 0.000000\n" in capsys.readouterr().out


@needs_torch
def test_the_log_is_read_as_the_vendors(
    model_folder: Path, groqflow: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert both(model_folder) == 0
    run = read(capsys.readouterr().out)
    told = ("system", "workload", "stage", "outcome")
    assert [value(run, name) for name in told] == ["Groq", f"bert-tiny-{LENGTH}", "inference", "completed"]
    assert value(run, "end_to_end_latency", "groq") == "0.06"
    assert value(run, "end_to_end_throughput", "groq") == "16000.00"
    assert value(run, "on_chip_throughput", "groq") == "32000.00"
    assert float(value(run, "end_to_end_throughput", "cpu") or 0) > 0
    assert [fact.name for fact in run.facts if fact.name == "accuracy"] == []


@needs_torch
def test_a_card_that_answers_otherwise_is_said_to(
    model_folder: Path, groqflow: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    groqflow.turn = -1.0
    assert both(model_folder) == 0
    said = capsys.readouterr().out
    assert "Agreement: 0 of 8" in said
    assert said.count(", differ: ") == 8
    assert "difference of logits: 0.000000" not in said


@needs_torch
def test_the_accuracy_is_that_of_the_labelled_sentences(
    model_folder: Path, groqflow: StandIn, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """The card turns every answer round: what it gets right is what the processor gets wrong."""
    groqflow.turn = -1.0
    path = tmp_path / "sst.tsv"
    path.write_text("".join(f"Sentence {number}.\t{int(number == 3)}\n" for number in range(4)), encoding="utf-8")
    assert both(model_folder, "--sst", str(path)) == 0
    run = read(capsys.readouterr().out)
    shares = [value(run, "accuracy", device) for device in ("cpu", "groq")]
    assert shares in (["75.00", "25.00"], ["25.00", "75.00"])


@needs_torch
def test_the_accuracy_on_sst_comes_through_groqflows_helpers(
    model_folder: Path, groqflow: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from scripts.run.bert_inputs import encode

    def create_dataset(name: str, tokenizer: Any, max_seq_length: int) -> SimpleNamespace:
        """Return two sentences of ours: a stand-in for a set that must be downloaded."""
        assert (name, max_seq_length) == ("sst", LENGTH)
        return SimpleNamespace(x=[item.tensors for item in encode(tokenizer, ["One.", "Two."], LENGTH)], y=[0, 1])

    helpers = ModuleType("demo_helpers.dataset")
    monkeypatch.setattr(helpers, "create_dataset", create_dataset, raising=False)
    monkeypatch.setitem(sys.modules, "demo_helpers", ModuleType("demo_helpers"))
    monkeypatch.setitem(sys.modules, "demo_helpers.dataset", helpers)
    assert both(model_folder) == 0
    run = read(capsys.readouterr().out)
    assert value(run, "accuracy", "groq") == value(run, "accuracy", "cpu") == "50.00"


@needs_torch
def test_sst_that_cannot_be_downloaded_is_said_and_left_out(
    model_folder: Path, groqflow: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def create_dataset(*_: object, **__: object) -> None:
        raise ConnectionError("no route")

    helpers = ModuleType("demo_helpers.dataset")
    monkeypatch.setattr(helpers, "create_dataset", create_dataset, raising=False)
    monkeypatch.setitem(sys.modules, "demo_helpers", ModuleType("demo_helpers"))
    monkeypatch.setitem(sys.modules, "demo_helpers.dataset", helpers)
    assert both(model_folder) == 0
    said = capsys.readouterr().out
    assert "SST could not be loaded (ConnectionError: no route)." in said
    assert "Accuracy: not measured" in said


@needs_torch
def test_the_exercises_dummy_can_be_fed_instead(
    model_folder: Path, groqflow: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    assert both(model_folder, "--dummy") == 0
    ((inputs, _),) = groqflow.built
    assert inputs["input_ids"].unique().tolist() == [1]
    assert bool(inputs["attention_mask"].all())
    said = capsys.readouterr().out
    assert f"Input 1: {LENGTH} of {LENGTH} tokens let through by the mask: the exercise's dummy input" in said
    assert "Agreement: 1 of 1" in said


@needs_torch
def test_the_pytorch_half_runs_alone_and_says_so(
    model_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "groqflow", None)
    assert both(model_folder, "--cpu-only") == 0
    said = capsys.readouterr().out
    assert "no accelerator took part" in said
    assert said.count(" tokens let through by the mask") == 8
    run = read(said)
    told = ("system", "workload", "outcome", "sequence_length", "repetitions", "threads")
    assert [value(run, name) for name in told] == ["CPU", "bert-tiny", "completed", str(LENGTH), "3", "1"]
    low, middle, high = (float(value(run, f"{name}_latency") or 0) for name in ("low", "median", "high"))
    assert 0 < low <= middle <= high


@needs_torch
def test_random_weights_stand_in_where_no_hub_is_reached(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, model_folder: Path
) -> None:
    monkeypatch.setattr(bert_model, "hub_is_reached", lambda: False)
    options = ["--cpu-only", "--or-random", "--sequence-length", "8", "--repetitions", "2", "--model", "nobody/nothing"]
    assert main(options) == 0
    said = capsys.readouterr().out
    assert value(read(said), "model") == "bert-tiny-random"
    assert "the answers mean nothing (the model nobody/nothing is not on this machine" in said


@needs_torch
def test_random_weights_are_the_same_every_time(tmp_path: Path) -> None:
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "intermediate_size": 32, "vocab_size": 200}
    for name in ("one", "two"):
        bert_model.make_random(tmp_path / name, ["Some words."], **shape)
    one, two = ((tmp_path / name / "model.safetensors").read_bytes() for name in ("one", "two"))
    assert one == two


def test_the_table_has_a_dash_for_what_is_not_known() -> None:
    said = table([Half("cpu", [], None, 0.004), Half("groq", [], 0.5, 0.00005, 0.000025)])
    lines = said.splitlines()
    assert len({len(line) for line in lines}) == 1
    assert [cell.strip() for cell in lines[3].strip("|").split("|")] == ["cpu", "--", "4.00", "250.00", "--", "--"]
    assert [cell.strip() for cell in lines[4].strip("|").split("|")][1:] == [
        "50.00%", "0.05", "20000.00", "0.03", "40000.00"
    ]  # fmt: skip


REFUSED = {
    "a length of none": (["--sequence-length", "0"], "'0' is not a whole number from 3 to 512"),
    "a length in words": (["--sequence-length", "long"], "'long' is not a whole number"),
    "a length past the model's": (["--sequence-length", "513"], "from 3 to 512"),
    "two kinds of input": (["--dummy", "--sentences", "x"], "argument --sentences: not allowed with argument --dummy"),
    "an unknown option": (["--tokens", "8"], "unrecognized arguments: --tokens 8"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_an_option_that_is_refused(what: str, capsys: pytest.CaptureFixture[str]) -> None:
    options, said = REFUSED[what]
    with pytest.raises(SystemExit) as stopped:
        main(options)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def one_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the one line on standard error, which says what is wrong."""
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    return str(line)


def test_sentences_that_are_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sentences", "/nowhere/at.all"]) == 2
    assert one_sentence(capsys) == "error: /nowhere/at.all: cannot be read (No such file or directory)"


@pytest.mark.parametrize("package", ["torch", "transformers", "groqflow"])
def test_a_package_that_is_missing(
    package: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("torch", "transformers", "groqflow"):
        monkeypatch.setitem(sys.modules, name, None if name == package else ModuleType(name))
    assert main([]) == 2
    assert f"the Python package '{package}' cannot be imported by " in one_sentence(capsys)


@needs_torch
def test_a_folder_without_a_model(tmp_path: Path, groqflow: StandIn, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--model", str(tmp_path)]) == 2
    assert f"the folder {tmp_path} contains no model that can be loaded" in one_sentence(capsys)
    assert groqflow.built == []


@needs_torch
def test_a_hub_that_cannot_be_reached(
    groqflow: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bert_model, "hub_is_reached", lambda: False)
    assert main(["--model", "nobody/nothing"]) == 2
    assert "nobody/nothing is not on this machine and its hub cannot be reached" in one_sentence(capsys)


@needs_torch
def test_a_download_that_is_interrupted(
    groqflow: StandIn, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def loaded(_name: str, **options: object) -> None:
        raise OSError("not in the cache" if options else "Connection broken\nwith details")

    monkeypatch.setattr(bert_model, "hub_is_reached", lambda: True)
    monkeypatch.setattr(bert_model, "_loaded", loaded)
    assert main(["--model", "nobody/nothing"]) == 2
    said = one_sentence(capsys)
    assert "nobody/nothing could not be downloaded (Connection broken); try again" in said


@pytest.mark.parametrize(("proxies", "reached"), [({"https": "http://proxy.example:1"}, True), ({}, False)])
def test_whether_the_hub_is_reached(proxies: dict[str, str], reached: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")  # nothing listens there
    monkeypatch.setattr(bert_model, "getproxies", lambda: proxies)
    assert bert_model.hub_is_reached() is reached


def test_the_times_spread_around_their_middle() -> None:
    assert bert_tiny.latency([0.002]) == (
        "latency median 2.0000 ms, mean 2.0000 ms, low 2.0000 ms, high 2.0000 ms, repetitions 1"
    )
    said = bert_tiny.latency([0.001 * number for number in range(1, 101)])
    assert said.startswith("latency median 50.5000 ms, mean 50.5000 ms, low 5.9500 ms, high 95.0500 ms")
    few = bert_tiny.latency([0.001, 0.002, 0.009])
    assert "low 1.1000 ms, high 8.3000 ms" in few  # never outside of what was measured
