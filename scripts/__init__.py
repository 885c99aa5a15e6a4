"""From facts to pages: the commands of the project, and `report/`, which they use."""

import os
from pathlib import Path

from parsers import stopping

if stopping.is_starting(__name__):
    stopping.handle_signals()

# Whether this is the installed package, where these modules have another name, and not the checkout.
INSTALLED = __name__ != "scripts"
# The folder that holds this one, docs/assets and mkdocs.yml: the checkout, or the installed package.
TOOL = Path(__file__).resolve().parent.parent
# The folder of the site, with raw_logs/ and docs/: the checkout itself, or where the installed command is called.
ROOT = Path(os.environ.get("TESTBED_REPORT_SITE") or (Path.cwd() if INSTALLED else TOOL)).resolve()
# Whether the site is the repository's own, which has pages about its method and about the homework.
OWN = ROOT == TOOL
# What the theme of the site leaves out.
THEME = Path(__file__).resolve().parent / "theme"
ASSETS = TOOL / "docs" / "assets"
