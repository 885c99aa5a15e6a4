"""`python -m scripts.site`: make the pages in docs/ from the logs, and the site in site/ from the pages.

Pages are written only where they change, and pages of your own only get their numbers. A broken link is an error.

Exit status: 0 the site is built, else 1.
"""

from __future__ import annotations

import os
import subprocess
import sys

from . import ROOT, build
from .options import parser as command_parser


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return its exit status."""
    command_parser("build", __doc__, "").parse_args(arguments)
    return build.main([]) or _mkdocs()


def _mkdocs() -> int:
    """Build the site of the pages; return the exit status of MkDocs."""
    command = [sys.executable, "-P", "-m", "mkdocs", "build", "--strict", "-f", str(ROOT / "mkdocs.yml")]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    messages = [line for line in done.stderr.splitlines() if not line.startswith(("INFO", "DEBUG"))]
    if done.returncode:
        print("error: MkDocs cannot build the site:", *messages[:20], sep="\n", file=sys.stderr)
        return 1
    print(f"{'site':10}{ROOT / 'site' / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
