"""A figure as pages use it: pictures that are drawn already. Needs none of what drew them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import regex

from .markdown import escaped, link

# The drawings besides the wide, light one: the end of the file's name, and what style sheets know them by.
_DRAWINGS = {"-dark": "wide-dark", "-narrow": "narrow-light", "-narrow-dark": "narrow-dark"}
_VIEW_BOX = regex.compile(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_SUMMARY = "The same figure for dark pages and small screens"


@dataclass(frozen=True)
class Picture:
    """A drawn figure: its name, its finding in one sentence, how it shows it, and its SVGs by path below docs/.

    `numbers` is the same in numbers, for people who do not see it. `data` is what it is drawn from, as CSV.
    """

    name: str
    finding: str
    description: str
    svgs: Mapping[str, bytes]
    numbers: str = ""
    data: bytes = b""

    @property
    def alt(self) -> str:
        """The text in place of the figure: what it shows, in words and numbers."""
        return f"{self.finding} {self.numbers[:1].upper()}{self.numbers[1:]}".strip()

    def files(self) -> dict[str, bytes]:
        """Return the SVG of each drawing and the data by their paths below docs/."""
        return {**self.svgs, **({f"figures/{self.name}.csv": self.data} if self.data else {})}

    def markdown(self, to_root: str) -> str:
        """Return the figure with its address and its files. `to_root` leads from the page to docs/.

        A site shows the drawing that fits its colours and the width of the screen. A code host shows the wide, light
        one, and keeps the others folded.
        """
        alt, path = escaped(self.alt), f"{to_root}figures/{self.name}"
        others = "\n".join(
            f"![{alt}]({path}{end}.svg#{name}){{loading=lazy {self._size(end)}}}" for end, name in _DRAWINGS.items()
        )
        anchor = f"figure-{self.name}"
        links = [link("Link to this figure", f"#{anchor}"), link("SVG", f"{path}.svg")]
        links += [link("CSV", f"{path}.csv")] if self.data else []
        return (
            f'<div class="figure" markdown>\n\n<a id="{anchor}"></a>![{alt}]({path}.svg#wide-light)\n\n'
            f'<details class="drawings" markdown>\n<summary>{_SUMMARY}</summary>\n\n{others}\n\n</details>\n\n'
            f"{' · '.join(links)}\n\n</div>"
        )

    def _size(self, end: str) -> str:
        """Return the size of a drawing as attributes, so that a page keeps its place until it is loaded."""
        size = _VIEW_BOX.search(self.svgs[f"figures/{self.name}{end}.svg"])
        width, height = (round(float(side)) for side in size.groups()) if size else (0, 0)
        return f"width={width} height={height}"
