"""The built site under checkers of its own kind: every link and fragment inside it, and its HTML.

`make proof` installs them; elsewhere these tests are skipped.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts import ROOT

pytestmark = pytest.mark.xdist_group("site")
LYCHEE = Path(sys.executable).with_name("lychee")
VNU = ROOT / ".venv" / "vnu" / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# What the theme's own templates get wrong on every page: a part of the message, and one of the element.
THEME = (
    ("Attribute “autocomplete” is only allowed", 'class="md-toggle"'),
    ("The value of the “for” attribute of the “label” element", 'class="md-nav__title"'),
    ("Bad value “” for attribute “tabindex”", 'class="md-nav__link"'),
)


@pytest.mark.skipif(not LYCHEE.exists(), reason="lychee is not installed; `make proof` installs it")
def test_every_link_inside_the_site_leads_somewhere(site: Path) -> None:
    command = [str(LYCHEE), "--offline", "--no-progress", "--include-fragments=full", "--index-files", "index.html"]
    checked = subprocess.run(
        [*command, "--root-dir", str(site), "--format", "json", str(site)], capture_output=True, text=True, check=False
    )
    found = json.loads(checked.stdout)
    assert found["successful"] > 1000
    assert found["error_map"] == {}
    assert checked.returncode == 0


@pytest.mark.skipif(not VNU.exists() or not shutil.which("java"), reason="vnu or java is missing; see `make proof`")
def test_the_html_of_every_page_is_valid(site: Path) -> None:
    command = ["java", "-jar", str(VNU), "--errors-only", "--skip-non-html", "--format", "json", str(site)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    messages = json.loads(checked.stderr)["messages"]
    themes = [said for said in messages if _is_themes(said)]
    assert len(themes) > 20, "the theme's errors are gone: drop the filter"
    assert [said for said in messages if said not in themes] == []


def _is_themes(said: dict[str, str]) -> bool:
    return any(part in said["message"] and element in said.get("extract", "") for part, element in THEME)
