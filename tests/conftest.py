"""How long the property tests look: the same examples every time, and many more with `--hypothesis-profile=proof`."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("default", derandomize=True, deadline=None, max_examples=60, database=None)
settings.register_profile("proof", deadline=None, max_examples=3000, print_blob=True)
settings.load_profile("default")
