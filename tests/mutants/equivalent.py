"""Changes that nothing can notice, each with the reason: the changed rule reads every text alike."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {}
