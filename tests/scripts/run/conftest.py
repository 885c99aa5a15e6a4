"""What the tests of the run scripts' programs share: a small model with random weights, in a folder."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

NEEDED = ("torch", "transformers", "sklearn")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]
needs_torch = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)} (make .venv/cpu.stamp)")


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a network of one small layer and a vocabulary of a few words."""
    from scripts.run.bert_inputs import SENTENCES
    from scripts.run.bert_model import make_random

    folder = tmp_path_factory.mktemp("model")
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "intermediate_size": 32, "vocab_size": 500}
    make_random(folder, SENTENCES, **shape)
    return folder
