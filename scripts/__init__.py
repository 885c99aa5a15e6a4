"""From facts to pages: the commands of the project, and `report/`, which they work with."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
