"""A text in LaTeX as Markdown: sections, paragraphs, items and rows of tables; other commands are left out."""

from __future__ import annotations

from collections.abc import Callable

import regex

from .plain import Plain

_TOKEN = regex.compile(
    r"(?P<comment>(?<!\\)%[^\n]*\n?)"
    r"|\\begin\{(?P<skipped>verbatim\*?|lstlisting|minted|thebibliography)\}.*?\\end\{(?P=skipped)\}"
    r"|\\(?P<begin>begin|end)\{(?P<environment>[^{}]*)\}(?P<options>(?:\[[^\]]*\]|\{[^{}]*\})*)"
    r"|\\(?P<section>(?:sub){0,2}section|chapter|paragraph)\*?\s*\{"
    r"|\\(?P<silent>label|ref|eqref|autoref|cref|cite\w*|includegraphics|usepackage|documentclass|bibliography\w*|vspace"
    r"|hspace|cmidrule|cline|input|newcommand)\*?(?:\([^)]*\))?(?:\[[^\]]*\])*(?:\{[^{}]*\})*"
    r"|\\(?P<link>href)\{(?P<target>[^{}]*)\}\{"
    r"|\\(?P<spanned>multicolumn|multirow)\*?(?:\[[^\]]*\])?\{(?P<count>[^{}]*)\}(?:\[[^\]]*\])?\{[^{}]*\}\{"
    r"|\\(?:SI|qty)(?:\[[^\]]*\])?\{(?P<value>[^{}]*)\}\{(?P<unit>[^{}]*)\}"
    r"|\\num(?:\[[^\]]*\])?\{(?P<number>[^{}]*)\}"
    r"|(?P<row_end>\\\\\*?(?:\[[^\]]*\])?)"
    r"|\\(?P<symbol>[a-zA-Z]+)\*?[ \t]*|\\(?P<escaped>[^a-zA-Z])"
    r"|(?P<group>\{,\}|[{}$])|(?P<tilde>~)|(?P<dash>-{2,3})|(?P<cell>&)|(?P<bar>\|)|(?P<plain>[^\\%{}$~&|\n-]++|.)",
    regex.DOTALL,
)
_SYMBOLS = {"times": "×", "approx": "≈", "sim": "~", "pm": "±", "cdot": "×", "to": "→", "rightarrow": "→", "mu": "µ",
            "percent": "%", "geq": "≥", "ge": "≥", "leq": "≤", "le": "≤", "item": "\n- ", "par": "\n\n",
            "quad": " ", "textasciitilde": "~", "newline": "\n"}  # fmt: skip
_UNITS = {"milli": "m", "micro": "µ", "kilo": "k", "second": "s", "minute": "min", "hour": "h", "percent": "%",
          "per": "/", "sample": "samples", "token": "tokens"}  # fmt: skip
_LEVELS = {"chapter": "#", "section": "##", "subsection": "###", "subsubsection": "####", "paragraph": "#####"}
_TABLES = regex.compile(r"(?:tabular|longtable|tabu|array)[\w*]*")


def latex_text(source: str) -> Plain:
    """Return what a text in LaTeX says, as Markdown."""
    start = source.find(r"\begin{document}")
    return _Reader(source).read(max(start, 0))


class _Reader:
    """Writes Markdown while the commands go by."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._plain = Plain()
        self._rows = -1  # in a table, how many rows are done
        self._open: list[str] = []  # what the end of each open brace writes

    def read(self, start: int) -> Plain:
        for match in _TOKEN.finditer(self._source, start):
            kind = next((name for name in _WRITERS if match[name] is not None), "")
            if kind:
                _WRITERS[kind](self, match)
        return self._plain

    def _write(self, text: str, match: regex.Match[str]) -> None:
        self._plain.write(text, match.start())

    def _environment(self, match: regex.Match[str]) -> None:
        if _TABLES.fullmatch(match["environment"]):
            self._rows = 0 if match["begin"] == "begin" else -1
            self._write("\n\n| " if match["begin"] == "begin" else "\n\n", match)
        else:
            self._write("\n\n", match)

    def _section(self, match: regex.Match[str]) -> None:
        self._write(f"\n\n{_LEVELS[match['section']]} ", match)
        self._open.append("\n\n")

    def _link(self, match: regex.Match[str]) -> None:
        self._write("[", match)
        self._open.append(f"]({match['target']})")

    def _spanned(self, match: regex.Match[str]) -> None:
        columns = match["count"] if match["spanned"] == "multicolumn" else "1"
        self._open.append(" |" * (min(int(columns), 64) - 1) if columns.isdecimal() else "")

    def _quantity(self, match: regex.Match[str]) -> None:
        self._plain.copy(match["value"], match.start("value"))
        unit = regex.sub(r"\\([a-z]+)", lambda name: _UNITS.get(name[1], name[1]), match["unit"])
        self._write(f" {unit}", match)

    def _number(self, match: regex.Match[str]) -> None:
        self._plain.copy(match["number"], match.start("number"))

    def _row_end(self, match: regex.Match[str]) -> None:
        if self._rows < 0:
            self._write("\n", match)
            return
        self._rows += 1
        self._write(" |\n|---|\n| " if self._rows == 1 else " |\n| ", match)

    def _symbol(self, match: regex.Match[str]) -> None:
        self._write(_SYMBOLS.get(match["symbol"], ""), match)

    def _escaped(self, match: regex.Match[str]) -> None:
        sign = match["escaped"]
        self._write("\u2009" if sign in ",;: !" else sign if sign in "%&#_$" else " ", match)

    def _group(self, match: regex.Match[str]) -> None:
        if match[0] == "{,}":
            self._write(",", match)
        elif match[0] == "{":
            self._open.append("")
        elif match[0] == "}" and self._open:
            self._write(self._open.pop(), match)

    def _cell(self, match: regex.Match[str]) -> None:
        self._write("|" if self._rows >= 0 else "&", match)

    def _sign(self, match: regex.Match[str]) -> None:
        in_table = self._rows >= 0 and match[0] == "\n"
        self._plain.copy(" " if in_table else match[0], match.start())


def _writing(text: str) -> Callable[[_Reader, regex.Match[str]], None]:
    return lambda reader, match: reader._write(text, match)


_WRITERS: dict[str, Callable[[_Reader, regex.Match[str]], None]] = {
    "environment": _Reader._environment,
    "section": _Reader._section,
    "link": _Reader._link,
    "spanned": _Reader._spanned,
    "value": _Reader._quantity,
    "number": _Reader._number,
    "row_end": _Reader._row_end,
    "symbol": _Reader._symbol,
    "escaped": _Reader._escaped,
    "group": _Reader._group,
    "tilde": _writing("\u00a0"),
    "dash": _writing("–"),
    "cell": _Reader._cell,
    "bar": _writing("/"),
    "plain": _Reader._sign,
}
