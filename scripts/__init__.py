"""From facts to pages: the commands of the project, and `report/`, which they use."""

from pathlib import Path

from parsers import stopping

if stopping.is_starting(__name__):
    stopping.handle_signals()

ROOT = Path(__file__).resolve().parent.parent
# What the theme of the site leaves out.
THEME = ROOT / "scripts" / "theme"
