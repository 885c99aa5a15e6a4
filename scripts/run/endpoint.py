"""An OpenAI-compatible endpoint: ask its model, and note when the first token came."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
from typing import Any, Iterator, Mapping, NamedTuple
from urllib.parse import urlsplit

from .machine import Problem

ADDRESS, KEY = "OPENAI_BASE_URL", "OPENAI_API_KEY"
_OWN_MACHINE = ("localhost", "127.0.0.1", "::1")


class Failure(Exception):
    """A request without an answer. The message says why, and holds neither address nor key."""


class Answer(NamedTuple):
    """Seconds to the first token, and the tokens of the answer where the endpoint counts them."""

    first_token: float
    output_tokens: int | None


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follow no redirect: it would hand the key to another address."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Endpoint:
    """A service at an address, with its key."""

    def __init__(self, address: str, key: str, timeout: float) -> None:
        self._address, self._key, self._timeout = address.rstrip("/"), key, timeout
        self._opener = urllib.request.build_opener(_NoRedirect)

    @classmethod
    def of(cls, environment: Mapping[str, str], timeout: float) -> Endpoint:
        """Return the endpoint that the environment names.

        Raises
        ------
        Problem
            If there is no address, or the key would travel unprotected. The message repeats neither.
        """
        address, key = environment.get(ADDRESS, ""), environment.get(KEY, "")
        try:
            parts = urlsplit(address)
            host = parts.hostname
        except ValueError:
            parts, host = urlsplit(""), None
        if parts.scheme not in ("http", "https") or not host:
            raise Problem(f"{ADDRESS} is not an address; set it to that of the endpoint, https://HOST/.../v1")
        if parts.username or parts.password:
            raise Problem(f"{ADDRESS} holds a user or password; set {KEY} instead")
        if key and parts.scheme == "http" and host not in _OWN_MACHINE:
            raise Problem(f"{ADDRESS} begins with http:, so the key would travel unprotected; use https:")
        if not key.isprintable():
            raise Problem(f"{KEY} holds a line break or another control character")
        return cls(address, key, timeout)

    def ask(self, model: str, prompt: str, max_tokens: int) -> Answer:
        """Return when the first token of the answer came, and how many there were.

        Raises
        ------
        Failure
            If there is no answer, or none with a token.
        """
        begun, first, tokens = time.perf_counter(), None, None
        try:
            for piece in self._pieces(model, prompt, max_tokens):
                if first is None and _says_something(piece):
                    first = time.perf_counter() - begun
                tokens = _counted(piece, tokens)
        except urllib.error.HTTPError as error:
            raise Failure(self._public(f"HTTP {error.code} {error.reason}")) from None
        except urllib.error.URLError as error:
            raise Failure(self._public(f"no connection: {error.reason}")) from None
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise Failure(self._public(f"broken off: {type(error).__name__}")) from None
        if first is None:
            raise Failure("an answer without a token")
        return Answer(first, tokens)

    def _pieces(self, model: str, prompt: str, max_tokens: int) -> Iterator[dict[str, Any]]:
        """Yield the pieces of an answer as they come."""
        body = {
            "model": model,
            "messages": [{"role": "user", "content": prompt}],
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = urllib.request.Request(f"{self._address}/chat/completions", json.dumps(body).encode(), headers)
        with self._opener.open(request, timeout=self._timeout) as reply:
            for line in reply:
                data = line.strip()
                if data == b"data: [DONE]":
                    return
                if data.startswith(b"data:"):
                    piece = json.loads(data[len(b"data:") :])
                    if not isinstance(piece, dict) or "error" in piece:
                        raise Failure("the endpoint reported an error within its answer")
                    yield piece
        raise Failure("broken off: the answer has no end")

    def _public(self, text: str) -> str:
        """Return a text on one line, without address and key."""
        secrets = (self._key, self._address, urlsplit(self._address).netloc, urlsplit(self._address).hostname)
        for secret in filter(None, secrets):
            text = text.replace(secret, "...")
        return " ".join(text.split())[:200]


def _says_something(piece: dict[str, Any]) -> bool:
    """Return whether a piece of an answer has text, of the answer itself or of the reasoning before it."""
    deltas = [choice.get("delta") or {} for choice in piece.get("choices") or [] if isinstance(choice, dict)]
    texts = [text for delta in deltas for name, text in delta.items() if name != "role"]
    return any(isinstance(text, str) and text for text in texts)


def _counted(piece: dict[str, Any], before: int | None) -> int | None:
    usage = piece.get("usage")
    count = usage.get("completion_tokens") if isinstance(usage, dict) else None
    return count if isinstance(count, int) else before
