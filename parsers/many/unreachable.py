"""What is raised where an address leads nowhere."""

from __future__ import annotations


class Unreachable(Exception):
    """An address leads nowhere; the message says why."""
