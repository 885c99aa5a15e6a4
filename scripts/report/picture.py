"""A figure as pages use it: pictures that are drawn already. Needs none of what drew them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scripts.report.markdown import escaped


@dataclass(frozen=True)
class Picture:
    """A drawn figure: its name, what it shows in one sentence, how it shows it, and its SVGs by path below docs/.

    `numbers` is what it shows in numbers, for those who do not see it.
    """

    name: str
    finding: str
    description: str
    svgs: Mapping[str, bytes]
    numbers: str = ""

    @property
    def alt(self) -> str:
        """What stands in place of the figure: what it shows, in words and numbers."""
        return f"{self.finding} {self.numbers[:1].upper()}{self.numbers[1:]}".strip()

    def files(self) -> dict[str, bytes]:
        """Return the SVG of each scheme by its path below docs/."""
        return dict(self.svgs)

    def markdown(self, to_root: str) -> str:
        """Return the images of both schemes, of which a page shows one. `to_root` leads from the page to docs/."""
        alt = escaped(self.alt)
        path = f"{to_root}figures/{self.name}"
        return f"![{alt}]({path}.svg#gh-light-mode-only)\n![{alt}]({path}-dark.svg#gh-dark-mode-only)"
