"""The input of bert_tiny: real sentences, labelled ones of a test set, or the exercise's dummy."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple, Sequence

from .machine import Problem

SENTENCES = (
    "A patient, funny film that trusts its audience.",
    "Two hours of noise with nobody to care about.",
    "The jokes land and the ending is earned.",
    "I looked at my watch four times before the first fire.",
    "Not bad at all, though the last act drags.",
    "The score is lovely; the rest is a waste of a good cast.",
    "Nobody in it behaves like a person.",
    "I would gladly see it again tomorrow.",
)
BATCH_SIZE = 1


class Encoded(NamedTuple):
    """One input of the model: what it was made of, its tensors, how many tokens were cut off."""

    text: str
    tensors: dict[str, Any]
    cut: int = 0

    @property
    def tokens(self) -> int:
        """Tokens that the mask lets through."""
        return int(self.tensors["attention_mask"].sum())


def sentences(path: Path | None) -> list[str]:
    """Return the sentences of a file, one per line, or a few of our own."""
    if path is None:
        return list(SENTENCES)
    lines = [line.strip() for line in _text(path).splitlines() if line.strip()]
    if not lines:
        raise Problem(f"{path}: contains no sentence; write one per line")
    return lines


def labelled(path: Path) -> list[tuple[str, int]]:
    """Return the sentences of a TSV file with their labels: sentence, tab, 0 or 1; a heading may stand above."""
    examples = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        sentence, _, label = line.rpartition("\t")
        if sentence and label.strip() in ("0", "1"):
            examples.append((sentence.strip(), int(label)))
        elif line.strip() and number > 1:
            raise Problem(f"{path}:{number}: {line[:60]!r} is not a sentence, a tab and a label that is 0 or 1")
    if not examples:
        raise Problem(f"{path}: contains no labelled sentence; write sentence, tab, 0 or 1")
    return examples


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Problem(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise Problem(f"{path}: is not UTF-8 text") from None


def encode(tokenizer: Any, texts: Sequence[str], length: int) -> list[Encoded]:
    """Return each text tokenised and padded to `length`, with the tokenizer's mask but without token types.

    The card takes exactly two inputs of batch size one: `input_ids`, 64-bit integers, and `attention_mask`, bits.
    """
    return [_encoded(tokenizer, text, length) for text in texts]


def _encoded(tokenizer: Any, text: str, length: int) -> Encoded:
    import torch

    whole = len(tokenizer(text, verbose=False)["input_ids"])
    made = tokenizer(text, padding="max_length", truncation=True, max_length=length, return_tensors="pt")
    tensors = {
        "input_ids": made["input_ids"].to(torch.int64),
        "attention_mask": made["attention_mask"].to(torch.bool),
    }
    return Encoded(text, tensors, max(0, whole - length))


def dummy(length: int) -> Encoded:
    """Return the exercise's own input: the token of number 1, over and over, and a mask that lets all through."""
    import torch

    shape = (BATCH_SIZE, length)
    tensors = {
        "input_ids": torch.ones(shape, dtype=torch.int64),
        "attention_mask": torch.ones(shape, dtype=torch.bool),
    }
    return Encoded("the exercise's dummy input", tensors)
