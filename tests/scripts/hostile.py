"""Logs of our own that attack whoever shows them, and a folder of files whose names do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

PAYLOADS = (
    "<script>window.harmed=1</script>",
    "<img src=x onerror=window.harmed=1>",
    "<svg onload=window.harmed=1>",
    "<iframe src=javascript:window.harmed=1>",
    "</code></pre><b class=harm>bold</b>",
    "<a href=javascript:window.harmed=1>click</a>",
    "[click](javascript:window.harmed=1)",
    "![x](x){: .harm onclick=window.harmed=1 }",
    "&lt;script&gt;window.harmed=1&lt;/script&gt;",
    "<!-- begin claims -->",
    "--> <!-- end claims --> <!--",
    "{{ 7 * 7 }} {% raw %} ${7*7}",
    '--8<-- "mkdocs.yml"',
    "*[runs]: harm",
    "[^1]: harm",
    '# harm {#harm .harm}',
    "``` html harm",
    '=== "harm"',
    "| harm | --- |",
    "$\\frac{1}{0}$",
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "a\x00b\x07c\x0bd\x0ce\x1cf\x85g\u2028h\u2029i",
    "\u202egnp.exe\u2066",
    "the end",
)  # fmt: skip

_RUN = """\
Building "bert_{number}"
Running inference on GroqChip.
+--------+----------+-------------------------+----------------+
| Source | {column} | end-to-end latency (ms) | end-to-end IPS |
+--------+----------+-------------------------+----------------+
|  groq  |  71.25%  |           0.06          |    17000.25    |
Error: {payload}

"""

NAMES = (
    "-rf",
    "=cmd|' -C calc'!A0.log",
    "<img src=x onerror=window.harmed=1>.log",
    "[click](javascript:window.harmed=1).log",
    "<!-- begin claims -->.log",
    "{{ 7 * 7 }}.log",
    "a\nb.log",
    "a\rb.log",
    "a\x1b[31mb.log",
    "a b.log",
    "a-b.log",
    "a_b.log",
    "\u202egol.exe",
    "記録.log",
    "結果.log",
    "x" * 251 + ".log",
    ".hidden",
    "con.log",
    "index.log",
)  # fmt: skip


def hostile_log(payloads: Iterable[str] = PAYLOADS) -> bytes:
    """Return a log of a run for each payload, which fails with it as its reason."""
    runs = [
        _RUN.format(number=number, payload=payload, column=payload.replace("|", "/"))
        for number, payload in enumerate(payloads)
    ]
    return "".join(runs).encode()


def hostile_folder(folder: Path) -> None:
    """Fill a folder with logs of one run under hostile names, some of them deep."""
    (folder / "..." / "~").mkdir(parents=True)
    last = bytes([0xFF, 0xFE]).decode("utf-8", "surrogateescape")
    for number, name in enumerate([*NAMES, ".../~/$(reboot).log", last]):
        (folder / name).write_bytes(hostile_log(PAYLOADS[number : number + 1]))
