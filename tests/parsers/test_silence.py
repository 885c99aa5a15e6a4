"""Lines that look like results but gave no fact are counted, and `--explain` shows them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from parsers.__main__ import main
from parsers.coverage import explain, parse_covered
from parsers.engine.loading import known
from parsers.reading import parse, readings
from parsers.silence import looks
from tests.parsers.samples import NAMES, case

# Logs of systems whose programs print none of these lines.
LOGS = ("sambanova_train", "cerebras_train")
RESULTS = (
    "Epoch: 3, Loss: 0.5",
    "[Epoch 3] loss: 0.5, acc: 97.5",
    "{'loss': 0.5, 'epoch': 3.0}",
    '{"eval_accuracy": 0.975}',
    "test accuracy = 97.5 %",
    "| Accuracy | 97.5 |",
    "Mean Latency:   0.052   milliseconds (ms)",
    "Latency (ms): 0.052",
    "epoch 3 train_loss 0.5 val_loss 0.75",
    "Accuracy after epoch 3: 97.5",
    "PPL: 12.5",
    "Throughput: 1,059.5",
    "1,059.5 samples/sec",
    "DataLoader: 37500.25 items/s",
    "5 tokens per second",
    "'train_samples_per_second': 160.0",
    "Training time: 12.5 s",
    "train_runtime          =  102.5",
    "[Epoch 01]:  75%|#######   | 30/40 [00:36<00:12,  1.20s/it, loss=1.45, acc=48.4]",
    "old\rTrain:  50%|#####     | 20/40 [00:24<00:24,  1.20s/it, loss=1.45]",
)
# What has the words but no result, or is known noise.
OTHERS = (
    "The loss falls.",
    "loss_scaling: 16384",
    "--loss-scale 8",
    "accelerate==0.5.1",
    "acceleration 5.5",
    "account: 5",
    "Epoch 3 of 5",
    "We ran it 5 times, and the accuracy was the same.",
    "IPv4 address for ens2f1:  192.0.2.7",
    "Generating test split: 100%|##########| 700/700 [00:00<00:00, 3913.72 examples/s]",
    "Epochs:  10%|#    | 1/10 [00:01<00:09,  1.2s/it]",
    "loss=0.5\rEpochs:  10%|#    | 1/10 [00:01<00:09,  1.2s/it]",
    "samples: 5",
    "10:00:00 INFO  tokens 5",
    "x" * 5000 + " loss: 0.5",
)


def with_lines(log: bytes, *lines: str) -> bytes:
    """Return a log with more lines in its middle."""
    cut = log.index(b"\n", len(log) // 2) + 1
    return log[:cut] + "".join(f"{line}\n" for line in lines).encode() + log[cut:]


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("line", RESULTS)
def test_a_result_in_a_shape_that_nobody_knows_is_counted(line: str, name: str) -> None:
    assert parse(with_lines(case(name), line), "").unread == 1


@pytest.mark.parametrize("name", LOGS)
@pytest.mark.parametrize("line", OTHERS)
def test_other_lines_are_not_counted(line: str, name: str) -> None:
    assert parse(with_lines(case(name), line), "").unread == 0


@pytest.mark.parametrize("name", LOGS)
def test_a_log_that_is_read_has_no_such_line(name: str) -> None:
    assert parse(case(name), "").unread == 0
    assert parse(with_lines(case(name), *RESULTS, *OTHERS), "").unread == len(RESULTS)


def test_a_line_of_a_system_whose_number_cannot_be_read_is_counted() -> None:
    lines = ("Effective batch size is 1,024.", "Avg Eval Loss: 8.2500...", "Processed 64,000 sample(s) in 5 seconds.")
    assert parse(with_lines(case("cerebras_train"), *lines), "").unread == 2
    assert looks(b"Duration:  12 or so", known())
    assert not looks(b"a Duration:  12 or so", known())  # that of a script begins its line


def test_a_file_without_a_run_says_so_and_no_more() -> None:
    reading = parse(b"poptorch\nEpoch: 3, Loss: 0.5\n", "")
    assert (reading.reason, reading.unread) == ("mentions a known system but contains no run", 0)


@pytest.mark.parametrize("name", NAMES)
def test_the_count_is_that_of_what_is_explained(name: str) -> None:
    for log in (case(name), with_lines(case(name), *RESULTS, *OTHERS)):
        reading, found = parse_covered(log)
        assert reading.unread == parse(log, "").unread
        assert reading.unread == ((found.results + found.lacking).total() if reading.runs else 0)
        assert found.results <= found.unknown


@pytest.mark.parametrize("name", LOGS)
def test_a_large_file_is_counted_as_a_small_one(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = b"".join(b"# %d of them\n" % number for number in range(5000))
    log = with_lines(case(name), *RESULTS) * 3 + other + b"Epoch: 3, Loss: 0.5"
    (tmp_path / "large.log").write_bytes(log)
    monkeypatch.setattr("parsers.reading.HELD", 1000)
    monkeypatch.setattr("parsers.reading.POINTS", 1)
    monkeypatch.setattr("parsers.engine.scanning.WINDOW", 2000)
    for piece in (300, 1 << 20):
        monkeypatch.setattr("parsers.silence._PIECE", piece)
        found = sum(reading.unread for reading in readings(tmp_path / "large.log"))
        assert found == parse(log, "").unread == 3 * len(RESULTS) + 1 if piece > 300 else found > len(RESULTS)


def test_lines_between_those_of_a_series_are_looked_at() -> None:
    log = case("cerebras_train").split(b"\n")
    steps = [number for number, line in enumerate(log) if b"Step=" in line]
    mixed = b"\n".join(
        b"\n".join((line, b"val_loss: 0.5")) if number in steps else line for number, line in enumerate(log)
    )
    assert parse(mixed, "").unread == len(steps)


def test_the_command_says_how_many_on_one_line_and_its_status_stays(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    for name, lines in (("a", RESULTS), ("b", RESULTS[:1]), ("c", ())):
        (tmp_path / name).write_bytes(with_lines(case("cerebras_train"), *lines))
    for options in (["--format", "csv"], ["--runs"], ["--format", "table"]):
        assert main([*options, str(tmp_path)]) == 0
        assert capfd.readouterr().err.splitlines() == [
            f"{tmp_path}/a: note: {len(RESULTS)} lines look like results but were not read; "
            "run with --explain to see them",
            f"{tmp_path}/b: note: 1 line looks like a result but was not read; run with --explain to see it",
        ]
    (tmp_path / "d").write_bytes(b"prose\n")
    assert main(["--format", "csv", str(tmp_path)]) == 1


def test_results_that_were_not_read_are_explained_before_other_lines(tmp_path: Path) -> None:
    lines = [
        f"{word} of no one" for word in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    ]
    (tmp_path / "a.log").write_bytes(with_lines(case("cerebras_train"), *lines, *lines[:1], "Epoch: 3, Loss: 0.5"))
    text, _ = explain(tmp_path / "a.log")
    said = [line for line in text.splitlines() if line.startswith(("  result", "  unknown"))]
    assert said[:2] == ["  result        1 Epoch: 0, Loss: 0.0", "  unknown       2 one of no one"]
    assert len(said) == 1 + 8 + 1
    assert re.fullmatch(r"  unknown +\d+ in \d more shapes", said[-1])


def test_a_line_is_read_only_as_far_as_its_keys_were(tmp_path: Path) -> None:
    log = case("sambanova_train").replace(b"'final_loss'", b"'gradient_norm': 5.5, 'final_loss'")
    keys = parse_covered(log)[1].keys
    assert (keys["gradient_norm"], keys["final_loss"]) == (1, 0)
    (tmp_path / "a.log").write_bytes(log)
    assert "  key           1 gradient_norm" in explain(tmp_path / "a.log", most=20)[0].splitlines()
    _, found = parse_covered(b"2024-05-01 10:00:00,250 INFO:   | Train Device=CSX, Step=50, Loss=9.5, Zeal=7.5, x\n")
    assert dict(found.keys) == {"Zeal": 1}


def test_what_a_compiler_of_a_system_says_is_no_result() -> None:
    line = "[info    ]: projected latency: 6.5e-01 s"
    assert parse(with_lines(case("sambanova_train"), line), "").unread == 0
    assert parse(with_lines(case("cerebras_train"), line), "").unread == 1


def test_a_giant_line_of_words_is_answered_soon() -> None:
    log = (
        case("cerebras_train")
        + b"loss: 0.5 " * 200_000
        + b"\n"
        + b"acc loss 5 (" * 100_000
        + b"\nEpoch: 3, Loss: 0.5\n"
    )
    assert parse(log, "").unread >= 1


def test_a_line_that_lacks_the_value_of_others_is_counted() -> None:
    step = b"Step=%d, Loss=8.5, Rate=16.5 samples/sec, GlobalRate=16.25 samples/sec\n"
    log = b"Effective batch size is 16.\n" + step % 10 + (step % 20)[:-16] + b"\n" + step % 30
    assert parse(log, "").unread == 1
    assert parse_covered(log)[1].lacking.total() == 1
    none = b"Effective batch size is 16.\n" + step[:-31] % 10 + b"\n" + step[:-31] % 20 + b"\n"
    assert parse(none, "").unread == 0


@pytest.mark.parametrize(("rest", "unread"), [
    (", Rate=2.5 samples/sec, GlobalRate=3.5 samples/sec", 0), ("", 0), ("<br/>", 0),
    (", Rate=2.5 samples/sec, Glo", 1), (", Rate=2.5 samples/sec,", 1), (", Ra", 1),
])  # fmt: skip
def test_a_step_line_that_goes_on_with_a_value_that_is_cut(rest: str, unread: int) -> None:
    log = f"Effective batch size is 4.\n| Train Device=CSX, Step=10, Loss=1.5{rest}\n"
    assert parse(log.encode(), "").unread == unread
