"""`python -m scripts.offline`: the site as one ZIP, to read without a server or a network.

Unpack it and open `index.html`. Every page is a file, and the search works too. The same pages give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from . import ROOT, THEME
from .logs.catalog import DOCS
from .store.files import write

OUT = ROOT / "site.zip"
_TOP = "testbed-report"  # the folder that unpacking makes
_DAY = (1980, 1, 1, 0, 0, 0)  # no time of day in the archive


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.offline", description=__doc__)
    parser.add_argument("out", type=Path, nargs="?", default=OUT, metavar="OUT.zip", help="default: site.zip")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder, "site")
        problems = build(site)
        if problems:
            print(f"error: MkDocs cannot build the site:\n{problems}", file=sys.stderr)
            return 1
        try:
            _pack(site, options.out, Path(folder, "site.zip"))
        except OSError as error:
            print(f"error: {options.out}: cannot be written ({error.strerror})", file=sys.stderr)
            return 1
    print(f"{options.out}: unpack it and open {_TOP}/index.html")
    return 0


def build(site: Path) -> str:
    """Build a site of files into a folder; return what MkDocs says is wrong, or nothing."""
    settings = {
        "INHERIT": str(ROOT / "mkdocs.yml"),
        "docs_dir": str(DOCS),
        "site_dir": str(site),
        "site_url": "",
        "theme": {"custom_dir": str(THEME)},
        "extra": {"polyfills": ["assets/iframe-worker.js"]},
        # The theme's own plugin: addresses name files instead of folders, and the search index is a script.
        "plugins": {"offline": {}},
    }
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder, "mkdocs.yml")  # JSON is YAML
        config.write_text(json.dumps(settings), encoding="utf-8")
        command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict", "-f", str(config)]
        environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else ""


def _pack(site: Path, out: Path, made: Path) -> None:
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(site.rglob("*")):
            name = path.relative_to(site).as_posix()
            if path.is_file() and name not in ("sitemap.xml", "sitemap.xml.gz"):  # they name the day
                archive.writestr(zipfile.ZipInfo(f"{_TOP}/{name}", _DAY), path.read_bytes(), zipfile.ZIP_DEFLATED)
    write(out, made.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
