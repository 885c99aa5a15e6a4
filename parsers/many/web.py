"""Logs on web servers: a body block by block, and the links of a folder's page.

fsspec reads a folder's page without a limit and calls every failure "not found". So web addresses are read here.
"""

from __future__ import annotations

import html
import http.client
import re
import time
from collections.abc import Generator
from contextlib import closing
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin

import requests
import urllib3

from ..engine.lines import printable
from .unreachable import Unreachable

_BLOCK = 1 << 16
_SILENCE = 30  # seconds that a server may say nothing
_REDIRECTS = 30
_PAGE_BYTES = 1 << 22
_WALK_SECONDS, _FOLDERS = 60, 1000  # for all folders of one address
# <a class="file" href="groq.log">
_LINK = re.compile(r"""<a\s[^<>]{0,500}?\bhref\s?=\s?["']([^"'<>]{1,2000})["']""", re.IGNORECASE)


def blocks(address: str) -> Generator[bytes, None, None]:
    """Yield the body of an address in blocks of bounded size, expanded as a browser would save it.

    Raises
    ------
    Unreachable
        If the server does not answer, answers with an error, or breaks off.
    """
    try:
        with _Session() as session, closing(session.final(address)) as answer:
            # Not iter_content: it waits until a block is full, however slowly the bytes come.
            while block := answer.raw.read1(_BLOCK, decode_content=True):
                yield block
    except (requests.Timeout, urllib3.exceptions.TimeoutError):
        raise Unreachable(f"cannot be read (the server said nothing for {_SILENCE} s)") from None
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise Unreachable(f"cannot be read ({printable(_innermost(error))})") from None


class _Session(requests.Session):
    """A session that follows no redirect by itself: the library would read the whole body of each."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no target."""

    def final(self, address: str) -> requests.Response:
        """Return the answer at the end of the redirects, its body unread."""
        for _ in range(_REDIRECTS):
            answer = self.get(address, stream=True, timeout=_SILENCE, headers={"Accept-Encoding": "identity"})
            target = super().get_redirect_target(answer)
            if target is None:
                return _checked(answer)
            answer.close()
            address = urljoin(address, target)
        raise Unreachable(f"cannot be read (the server redirects in a loop, or more than {_REDIRECTS} times)")


def _checked(answer: requests.Response) -> requests.Response:
    if answer.status_code < 400:
        return answer
    answer.close()
    if answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise Unreachable("no such file or folder")
    meaning = http.client.responses.get(answer.status_code, "unknown status")
    raise Unreachable(f"cannot be read (the server answers HTTP {answer.status_code}, {meaning})")


def _innermost(error: BaseException) -> str:
    """Return the first cause in a library's chain of errors, on one line."""
    while error.__context__ is not None:
        error = error.__context__
    return " ".join(str(error).split()) or type(error).__name__


def logs_below(address: str) -> list[str]:
    """Return the files that a folder's page and the pages below link to; any other address is a log.

    The address of a folder ends in a slash. Only links below it are followed. A page that cannot be read is among the
    files, because reading it says why. So are the pages that are left when the limit of time or pages is reached.
    """
    if not _is_folder(address):
        return [address]
    until = time.monotonic() + _WALK_SECONDS
    folders, files = [address], set()
    for opened, folder in enumerate(folders):  # the list grows meanwhile
        links = _links(folder, until) if opened < _FOLDERS and time.monotonic() < until else None
        below = {link for link in links or () if link.startswith(address)}
        folders += sorted({link for link in below if _is_folder(link)} - set(folders))
        files |= {folder} if links is None else {link for link in below if not _is_folder(link)}
    return sorted(files) or [address]


def _is_folder(address: str) -> bool:
    return re.split("[?#]", address, maxsplit=1)[0].endswith("/")


def _links(page: str, until: float) -> list[str] | None:
    """Return the addresses that a page links to, or None if it cannot be read, is too long or too slow."""
    body = b""
    try:
        with closing(blocks(page)) as incoming:
            for block in incoming:
                body += block
                if len(body) > _PAGE_BYTES or time.monotonic() > until:
                    return None
        links = [html.unescape(link) for link in _LINK.findall(body.decode("utf-8", "replace"))]
        return [urldefrag(urljoin(page, link)).url for link in links if "?" not in link]
    except (Unreachable, ValueError):  # reading the page will say what is wrong; a broken link is a ValueError
        return None
