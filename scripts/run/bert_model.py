"""The model of the exercise: from its hub, from a folder, or with random weights in its shape."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any, Sequence
from urllib.parse import urlsplit
from urllib.request import getproxies

from .machine import Problem

NAME = "M-FAC/bert-tiny-finetuned-sst2"
RANDOM = "random"
LONGEST = 512

# The shape of bert_tiny; with the vocabulary of BERT it has the same number of weights.
SHAPE = {
    "vocab_size": 30522,
    "hidden_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 512,
    "max_position_embeddings": LONGEST,
}
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")
_SIGNS = "abcdefghijklmnopqrstuvwxyz0123456789"
_MARKS = ".,;:!?'\"-()"


def load(name: str) -> tuple[Any, Any]:
    """Return the tokenizer and the model, ready to answer.

    Raises
    ------
    Problem
        If neither the folder nor the cache holds it and it cannot be downloaded whole.
    """
    try:
        return _loaded(name, local_files_only=True)
    except (OSError, ValueError) as error:
        if Path(name).exists() or name.startswith((".", "/", "~")):
            raise Problem(f"the folder {name} contains no model that can be loaded ({_first(error)})") from None
    if not hub_is_reached():
        raise Problem(
            f"the model {name} is not on this machine and its hub cannot be reached; --model DIR takes a copy"
        )
    try:
        return _loaded(name)
    except (OSError, ValueError) as error:
        raise Problem(
            f"the model {name} could not be downloaded ({_first(error)}); try again, or take a copy with --model DIR"
        ) from None


def _loaded(name: str, **options: Any) -> tuple[Any, Any]:
    transformers = _transformers()
    tokenizer = transformers.AutoTokenizer.from_pretrained(name, **options)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(name, **options)
    return tokenizer, model.eval()


def _transformers() -> Any:
    import transformers

    transformers.utils.logging.disable_progress_bar()  # in a log, bars overwrite nothing
    return transformers


def _first(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def hub_is_reached() -> bool:
    """Return whether the hub answers at all: its client would retry for half a minute before it says so."""
    if getproxies().get("https"):
        return True  # only the client knows the way through
    address = urlsplit(os.environ.get("HF_ENDPOINT", "https://huggingface.co"))
    try:
        socket.create_connection((address.hostname or "", address.port or 443), timeout=5).close()
    except OSError:
        return False
    return True


def make_random(folder: Path, texts: Sequence[str], seed: int = 0, **shape: int) -> None:
    """Write a model with random weights and a small vocabulary into `folder`, as a hub would deliver it.

    Its answers mean nothing; the work of one inference is that of bert_tiny. `shape` overrides sizes of the network.
    """
    import torch

    transformers = _transformers()
    words = sorted(
        {word for text in texts for word in "".join(c if c in _SIGNS else " " for c in text.lower()).split()}
    )
    pieces = [*_SPECIAL, *_MARKS, *_SIGNS, *(f"##{sign}" for sign in _SIGNS), *(w for w in words if len(w) > 1)]
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(pieces) + "\n", encoding="utf-8")
    transformers.BertTokenizer(str(vocabulary)).save_pretrained(str(folder))
    torch.manual_seed(seed)
    config = transformers.BertConfig(**{**SHAPE, **shape}, id2label={0: "negative", 1: "positive"})
    transformers.BertForSequenceClassification(config).save_pretrained(str(folder))


def hidden_states(bert: Any, tokens: Any, sentences: Any = None) -> Any:
    """Return what the layers of `bert` make of tokens of which none is padding.

    The library's own call would make a mask while a graph is compiled or captured, and only then. Without one every way
    of running does the same work.
    """
    embedded = bert.embeddings(input_ids=tokens, token_type_ids=sentences)
    return bert.encoder(embedded).last_hidden_state
