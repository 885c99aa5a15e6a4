"""A value at the end of a broken line is absent, and that lines are broken is said."""

from __future__ import annotations

import pytest

from parsers.engine.breaks import how_broken
from parsers.reading import parse
from tests.parsers.samples import NAMES, case, said
from tests.transformations.judging import INVENTED, WRONG, judged
from tests.transformations.others import ALL

STAMP = b"2024-05-01 10:00:00,250 INFO:   "


@pytest.mark.parametrize(("ending", "values"), [
    (b"\n", ["10"]), (b".\n", ["10"]), (b"\n24.\n", []), (b"\r\n24.\r\n", []), (b"\n  24.\n", []), (b"\n.5\n", []),
    (b"\ne3\n", []), (b"\n2024-05-01 10:00:01,250 INFO:\n", ["10"]), (b"\n12c12\n", ["10"]),
    (b"\n 50%|##| 1/2 [00:01<00:01]\n", ["10"]), (b"\n  712      p64  job\n", ["10"]), (b"\nnext\n", ["10"]),
    (b"\0\0\n", []), (b"\n12: x\n", ["10"]),
])  # fmt: skip
def test_a_number_that_the_next_line_goes_on_with(ending: bytes, values: list[str]) -> None:
    assert said(b"tokens/second overall: 10" + ending, "token_throughput") == values


def test_the_rest_of_a_number_at_the_end_of_a_line() -> None:
    log = b"SLURM_NTASKS=3\n2\nModel:  BertLarge\nDate:  05/01/24\n"
    assert said(log, "ntasks") == []


@pytest.mark.parametrize("line", [
    b"Step: 4/8 Loss: 10.3\n75 Duration: 0.5 s throughput: 409.5 samples/sec\n",
    b"Iteration: 4 Epoch: 1.00/3 Loss: 1.8\n75 Accuracy: 0.5\n",
])  # fmt: skip
def test_the_loss_of_a_step_line_that_goes_on(line: bytes) -> None:
    log = b"PopXL compilation duration: 2.5 mins\n" + line
    assert [point.values for point in parse(log, "").runs[0].series if point.name == "loss"] == []


def test_an_id_that_cut_cut_off_is_absent() -> None:
    step = (
        STAMP + b"| Train Device=CSX, Step=900, Loss=7.35938, Rate=2888.64 samples/sec, GlobalRate=2905.93 samples/sec"
    )
    log = (STAMP + b"Compile hash is: cs_" + b"8939" * 20)[: len(step)] + b"\n" + step + b"\n"
    assert said(log, "compile_hash") == []
    assert parse(log, "").notes[0].startswith(f"lines are broken at {len(step)} characters")


@pytest.mark.parametrize("name", NAMES)
def test_no_log_is_called_broken(name: str) -> None:
    assert "broken" not in "".join(parse(case(name), "").notes)


def test_a_table_and_a_paragraph_show_no_width() -> None:
    assert how_broken(b"| " + b"a" * 60 + b" |\n| " + b"b" * 60 + b" |\n") is None
    assert how_broken(b"word " * 12 + b"\n" + b"other " * 9 + b"\n") is None


@pytest.mark.parametrize("change", [change for change in ALL if change.group == "wrap"], ids=lambda change: change.name)
@pytest.mark.parametrize("name", ["sambanova_train", "cerebras_train", "groq_proof_point", "graphcore_mnist"])
def test_a_wrap_makes_no_value_wrong(change: object, name: str) -> None:
    verdicts = judged(case(name), change)  # type: ignore[arg-type]
    assert verdicts.counts[WRONG] == 0, verdicts.examples


# Each pair needs a rule about what is sure beside a gap.
TRAVELS = [
    ("cerebras_loops", "wrap at 80, at blanks"), ("cerebras_appended_without_batch_size", "wrap at 80, at blanks"),
    ("sambanova_harmless_tracebacks", "wrap at 80, at blanks"), ("graphcore_bert", "wrap at 80, at blanks"),
    ("cerebras_batch_sizes", "wrap at 72"), ("cerebras_eval", "NUL bytes put in"),
    ("graphcore_drawn_twice", "NUL bytes put in"), ("graphcore_end_missing", "NUL bytes put in"),
    ("groq_table_then_next", "NUL bytes put in"), ("sambanova_compile_appended", "NUL bytes put in"),
    ("sambanova_program_runs", "NUL bytes put in"), ("cerebras_loops_told_late", "NUL bytes in place"),
    ("cerebras_no_loss", "NUL bytes in place"), ("graphcore_gpt2", "NUL bytes in place"),
    ("graphcore_loaded_twice", "NUL bytes in place"), ("graphcore_session", "NUL bytes in place"),
    ("groq_benchit_builds", "NUL bytes in place"), ("record_contradicted_then_stopped", "NUL bytes in place"),
    ("cerebras_loops_excerpts", "wrap at 72"), ("cerebras_resumed", "cut -c 1-100"),
    ("sambanova_results_twice", "cut -c 1-80"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "change"), TRAVELS)
def test_what_a_lost_text_would_change_is_absent(name: str, change: str) -> None:
    verdicts = judged(case(name), next(each for each in ALL if each.name == change))
    assert verdicts.counts[WRONG] + verdicts.counts[INVENTED] == 0, verdicts.examples


STEP = STAMP + b"| Train Device=CSX, Step=%d, Loss=7.25000, Rate=2888.64 samples/sec, GlobalRate=2905.93 samples/sec"


def test_a_line_with_a_timestamp_goes_on_in_one_without() -> None:
    lines = [(STEP % step)[at:end] for step in (100, 200, 300) for at, end in ((0, 100), (100, None))]
    note = parse(b"Effective batch size is 16.\n" + b"\n".join(lines) + b"\n", "").notes[0]
    assert note.startswith("lines are broken at 100 characters")


@pytest.mark.parametrize("blanks", [1, 2, 8])
def test_the_rest_of_a_line_may_be_indented(blanks: int) -> None:
    rows = [STEP % 100, STAMP + b"Compile hash is: cs_" + b"12345" * 30, STAMP + b"Checkpoint " + b"ab/" * 50]
    lines = [b" " * blanks * bool(at) + row[at : at + 72] for row in rows for at in range(0, len(row), 72)]
    note = parse(STAMP + b"Effective batch size is 16.\n" + b"\n".join(lines) + b"\n", "").notes[0]
    assert note.startswith("lines are broken at 72 characters")


def test_lines_that_are_broken_at_blanks() -> None:
    rows = (STEP % 100, STAMP + b"Programming Cerebras Wafer Scale Cluster for execution. This may take some minutes.")
    broken = b"".join(
        row[: row.rfind(b" ", 0, 72) + 1] + b"\n" + row[row.rfind(b" ", 0, 72) + 1 :] + b"\n" for row in rows
    )
    assert how_broken(broken) == (max(map(len, broken.split(b"\n"))), 0, True)
    assert how_broken(broken.replace(b" \n", b"\n")) is None


def test_lines_that_are_filled_up_are_not_broken() -> None:
    lines = case("groq_proof_point").splitlines()
    assert how_broken(b"".join(line.ljust(200) + b"\n" for line in lines)) is None


def test_short_lines_of_one_length_are_not_broken() -> None:
    lines = (b"Epoch [1/1], Step [120/120], Loss: 1.5000", b"Evaluation loss: 1.625, Perplexity: 5.078")
    assert how_broken(b"".join(line + b"\nFinished training.\n" for line in lines)) is None


def test_a_broken_log_does_not_say_how_a_run_ended() -> None:
    ends = b"Accuracy on test set: 98.5%\n^C\n"
    begin = b"srun: job 7 has been allocated resources\nEpochs: 100%|####| 4/4 [00:40<00:00, 10.00s/it]\n"
    assert said(begin + ends, "outcome") == ["completed"]
    broken = b"".join(
        b"%s%s\n%s\n" % (word, b"-" * (80 - len(word)), b"x") for word in (b"Epochs one", b"[poptorch:cpp] [w] ")
    )
    assert said(begin + broken.replace(b"-\n", b"y\n") + ends, "outcome") == ["unknown"]


def test_a_run_with_a_hole_is_not_called_whole() -> None:
    run = b"srun: job %d has been allocated resources\nEpochs: 100%%|##| 4/4 [00:40<00:00, 10.00s/it]\n"
    end = b"Accuracy on test set: 98.5%\n"
    log = run % 7 + end + run % 8 + b"\0" * 40 + b"\n" + end + run % 9 + end
    assert said(log, "outcome") == ["completed", "unknown", "completed"]
    assert parse(log, "").notes[0].startswith("text is lost")
    assert said(b"Fabric error: not\0\0 there\n", "failure_reason") == []


@pytest.mark.parametrize("sign", ["\\", "=", "+", "\u21a9", "\u21b5"])
def test_a_sign_at_the_end_of_each_broken_line(sign: str) -> None:
    rows = [STEP % 100, STAMP + b"Compile hash is: cs_" + b"12345" * 30, STAMP + b"Checkpoint " + b"ab/" * 50]
    pieces = [[row[at : at + 86] for at in range(0, len(row), 86)] for row in rows]
    lines = (piece + sign.encode() * (piece is not line[-1]) for line in pieces for piece in line)
    log = STAMP + b"Effective batch size is 16.\n" + b"\n".join(lines) + b"\n"
    assert "lines are broken at" in parse(log, "").notes[0]
    assert said(log, "compile_hash") == []


@pytest.mark.parametrize(("stamp", "began"), [
    (b"2024-05-01 10:00:00,500 - ", ["2024-05-01 10:00:00,500"]), (b"2024-05-01\n  10:00:00,500 - ", []),
    (b"2024-05-01 10:00:00,500\n  - ", []), (b"2024-05-01 10:00:00,500 -\n  ", ["2024-05-01 10:00:00,500"]),
])  # fmt: skip
def test_a_broken_timestamp_is_not_passed_over(stamp: bytes, began: list[str]) -> None:
    log = b"Model:  BertLarge\nDate:  05/01/24\nSLURM_NTASKS=16\nRUN COMMAND: a.py run -b 8\n"
    log += stamp + b"apps.nlp - info - NLP app started\n2024-05-01 10:00:01,500 - apps.nlp - info - x\n"
    assert said(log, "started_at") == began
