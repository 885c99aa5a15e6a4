"""What bert_tiny is fed: by us, by the exercise, and what the homework's script really fed it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scripts.run.bert_inputs import SENTENCES, dummy, encode, labelled, sentences
from scripts.run.bert_model import load
from scripts.run.machine import Problem
from tests.scripts.run.conftest import needs_torch

LENGTH = 32


@pytest.fixture(scope="module")
def tokenizer(model_folder: Path) -> Any:
    """The tokenizer of the small model."""
    return load(str(model_folder))[0]


@needs_torch
def test_a_sentence_is_padded_and_masked_by_its_tokenizer(tokenizer: Any) -> None:
    import torch

    (item,) = encode(tokenizer, ["the jokes land."], LENGTH)
    assert set(item.tensors) == {"input_ids", "attention_mask"}
    ids, mask = item.tensors["input_ids"], item.tensors["attention_mask"]
    assert (ids.dtype, mask.dtype) == (torch.int64, torch.bool)
    assert ids.shape == mask.shape == (1, LENGTH)
    words = tokenizer.convert_ids_to_tokens(ids[0])
    assert words[:6] == ["[CLS]", "the", "jokes", "land", ".", "[SEP]"]
    assert set(words[6:]) == {"[PAD]"}
    assert mask[0].tolist() == [True] * 6 + [False] * (LENGTH - 6)
    assert (item.tokens, item.cut) == (6, 0)


@needs_torch
def test_a_long_sentence_is_cut_and_says_so(tokenizer: Any) -> None:
    (item,) = encode(tokenizer, ["the jokes land " * 20], LENGTH)
    assert (item.tokens, item.cut) == (LENGTH, 62 - LENGTH)


@needs_torch
def test_our_own_sentences_are_words_of_language(tokenizer: Any) -> None:
    for item in encode(tokenizer, SENTENCES, 64):
        words = tokenizer.convert_ids_to_tokens(item.tensors["input_ids"][0])[: item.tokens]
        assert "[UNK]" not in words
        assert 6 < len(words) < 30


@needs_torch
def test_the_dummy_is_one_token_over_and_over() -> None:
    item = dummy(128)
    assert item.tensors["input_ids"].unique().tolist() == [1]
    assert item.tokens == 128


def is_unused(token: int) -> bool:
    """Return whether BERT's vocabulary holds a placeholder at this number instead of a word."""
    return 1 <= token <= 99 or 104 <= token <= 998


@needs_torch
def test_what_the_homework_fed_was_no_language() -> None:
    """Its input was drawn, not written: numbers below a thousand, and a mask below one, which is never true."""
    import torch

    torch.manual_seed(0)
    ids = torch.randint(1000, (1, 256), dtype=torch.long)
    mask = torch.randint(1, (1, 256), dtype=torch.bool)
    assert int(mask.sum()) == 0
    words = [token for token in ids[0].tolist() if not is_unused(token)]
    assert len(words) == 2
    assert words == [101, 999]  # the mark that begins a sentence, and an exclamation mark


def test_sentences_come_from_a_file_one_a_line(tmp_path: Path) -> None:
    path = tmp_path / "said.txt"
    path.write_text("One.\n\n  Two, too.  \n", encoding="utf-8")
    assert sentences(path) == ["One.", "Two, too."]
    assert sentences(None) == list(SENTENCES)


def test_labels_come_from_a_file_with_tabs(tmp_path: Path) -> None:
    path = tmp_path / "sst.tsv"
    path.write_text("sentence\tlabel\nGood.\t1\nBad.\t0\n\n", encoding="utf-8")
    assert labelled(path) == [("Good.", 1), ("Bad.", 0)]


BAD = {
    "nothing in it": (b"\n \n", "contains no sentence"),
    "another encoding": (b"caf\xe9\n", "is not UTF-8 text"),
}


@pytest.mark.parametrize("what", BAD)
def test_sentences_that_cannot_be_used(tmp_path: Path, what: str) -> None:
    content, said = BAD[what]
    path = tmp_path / "said.txt"
    path.write_bytes(content)
    with pytest.raises(Problem, match=f"said.txt: {said}"):
        sentences(path)


BAD_LABELS = {"a label of 2": "s\tl\nGood.\t2\n", "no tab": "s\tl\nGood. 1\n", "a heading alone": "s\tl\n"}


@pytest.mark.parametrize("what", BAD_LABELS)
def test_labels_that_cannot_be_used(tmp_path: Path, what: str) -> None:
    path = tmp_path / "sst.tsv"
    path.write_text(BAD_LABELS[what], encoding="utf-8")
    with pytest.raises(Problem, match=r"sst\.tsv:(2: 'Good\.| contains no labelled)"):
        labelled(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"cannot be read \(No such file or directory\)"):
        sentences(tmp_path / "none")
