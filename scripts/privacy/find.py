"""Private things about people and machines in a text, and where they are.

These are account names, home paths, e-mail and IP addresses, hosts (except the testbed's), serial numbers, tokens and
keys. A private thing that one line shows is then found on every line. In the same way, a number of four parts that one
line shows to be a version is not an address elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import NamedTuple

import regex

from ..reader import known_dialects
from .shapes import INSIDE, SHAPES


class PrivateThing(NamedTuple):
    """A private thing in a text: where it begins and ends, what kind it is, and the thing itself.

    `here` says that the thing is a common word, which is not private in other places.
    """

    start: int
    end: int
    kind: str
    value: str
    here: bool = False


class Known(NamedTuple):
    """What is known from texts: private things with their kinds, in order, and numbers that are versions.

    `places` has what the words around it betray in each text, so that no text is searched twice.
    """

    things: Mapping[str, str]
    versions: frozenset[str]
    places: Mapping[str, tuple[PrivateThing, ...]]


# The family of each kind: an account is the same thing in a prompt and in a home path.
FAMILIES = {
    "home path": "user",
    "account": "user",
    "e-mail address": "mail",
    "IP address": "address",
    "hardware address": "hardware",
    "host name": "host",
    "phone number": "phone",
    "serial number": "serial",
    "secret": "secret",
}

_COMPILED = tuple((kind, regex.compile(pattern, regex.ASCII)) for kind, pattern in SHAPES)
_PEM = regex.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----(?s:.{1,20000}?)-----END[^-\n]{0,60}-----")
_PEM_LINE = regex.compile(r"-----[^\n\"]{1,80}-----|[^\s\\\"]{16,}")

# What is public: the testbed's own hosts, accounts of no person, words in place of a name.
_SYSTEMS = "|".join(dialect.system.lower() for dialect in known_dialects())
_HOSTS = "|".join(dialect.hosts for dialect in known_dialects() if dialect.hosts)
_OWN = regex.compile(
    rf"(?:[\w-]+\.)*alcf\.anl\.gov|(?:{_HOSTS}|{_SYSTEMS})(?:-[a-z0-9]+)+|{_SYSTEMS}|localhost(?:\.localdomain)?"
)
_WORDS = regex.compile(r"(?i)n/?a|none|null|true|false|unknown|x+|\*+")
_HARMLESS = {
    "user": regex.compile(
        r"user\d*|USER|ALCFUserID|[Uu]ser(?:ID|id)|your\w*|root|username|nobody|ubuntu|git|name|you|shared|public"
    ),
    "mail": regex.compile(r"git@.*|.*@(?:[\w-]+\.)*example\.(?:com|net|org)"),
    "hardware": regex.compile(r"00:00:5e:00:53:..|00(?::00){5}|ff(?::ff){5}"),
    "host": regex.compile(rf"host\d+|(?:[\w-]+\.)*example\.(?:com|net|org)|[\d.]+|{_OWN.pattern}"),
    "phone": regex.compile(r"\+1 555 01\d\d"),
    "serial": regex.compile(r"SERIAL\d+"),
    "secret": regex.compile(r"secret\d+"),
}
DOCUMENTATION = tuple(IPv4Network(f"{net}.0/24") for net in ("192.0.2", "198.51.100", "203.0.113"))
DOCUMENTATION_6 = IPv6Network("2001:db8::/32")
_WEB = regex.compile(r"https?://\S*+$")
_VERSION_BEFORE = regex.compile(
    r"(?i)(?:[=~<>!]=|[a-z]\w*[-_]|(?:version|release|build|driver|firmware|sdk|sambaflow|poplar|groqflow|cu\w+|nccl)"
    r"\w{0,9}[\s:='\"(,|\[]{0,9})$"
)
_PIP = "Requirement already satisfied"  # ends in the version that is there
_VERSION_AFTER = regex.compile(r"-(?:py|cp|\d+(?![\d.]))|\+|\.whl|\.tar|rc\d")


def learn(texts: Iterable[str]) -> Known:
    """Return the private things and versions in texts."""
    things: dict[str, str] = {}
    versions: set[str] = set()
    places = {text: tuple(_betrayed(text)) for text in dict.fromkeys(texts)}
    for of_text in places.values():
        for betrayed in of_text:
            if betrayed.kind == "version":
                versions.add(betrayed.value)
            elif not betrayed.here:
                things.setdefault(betrayed.value, betrayed.kind)
    return Known({thing: kind for thing, kind in things.items() if thing not in versions}, frozenset(versions), places)


def find(text: str, known: Known) -> list[PrivateThing]:
    """Return the private things in a text, in order and without overlaps, given what is known."""
    betrayed = known.places[text] if text in known.places else _betrayed(text)
    places = [private for private in betrayed if private.kind != "version" and private.value not in known.versions]
    names = {name: kind for name, kind in known.things.items() if _telling(name, kind)}
    places += [PrivateThing(*match.span(), names[match[0]], match[0]) for match in word(names).finditer(text)]
    private: list[PrivateThing] = []
    for thing in sorted(places, key=lambda thing: (thing.start, -thing.end)):
        if not private or thing.start >= private[-1].end:
            private.append(thing)
    return private


def word(names: Iterable[str]) -> regex.Pattern[str]:
    """Return a pattern that matches each of the names as a word of its own."""
    some = "|".join(regex.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    # A line end that is spelt out, or a terminal's colour, may end in a letter right before it.
    before = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt])|(?<=\x1b\[[0-9;]{0,16}m))"
    return regex.compile(rf"{before}(?:{some})(?![A-Za-z0-9])" if some else r"(?!)", regex.ASCII)


def _telling(name: str, kind: str) -> bool:
    """Return whether a thing is so distinctive that the same letters elsewhere are the same thing."""
    if FAMILIES[kind] in ("user", "host"):
        return len(name) > 2
    return len(name) > 5 and not name.isdigit()


def _betrayed(text: str) -> Iterator[PrivateThing]:
    for kind, pattern in _COMPILED:
        group = "it" if "it" in pattern.groupindex else "here"
        for match in pattern.finditer(text):
            sort = _kind(kind, match, group)
            if sort:
                yield PrivateThing(*match.span(group), sort, match[group], here=group == "here")
    for block in _PEM.finditer(text):
        for line in _PEM_LINE.finditer(text, *block.span()):
            yield PrivateThing(*line.span(), "secret", line[0])


def _kind(kind: str, match: regex.Match[str], group: str) -> str:
    """Return the kind of a shape's match: the shape's own, `version`, or nothing where it is not private."""
    value, groups, text = match[group], match.groupdict(), match.string
    if "own" in groups and not _OWN.fullmatch(groups["own"].rstrip(".")):
        return ""
    if "top" in groups and not _is_machine(value, groups["top"]):
        return ""
    if kind == "home path" and _WEB.search(text, max(0, match.start() - 300), match.start()):
        return ""
    if kind == "IP address" and "." in value and _is_version(text, *match.span(group)):
        return "version"
    return kind if _is_private(kind, value) else ""


def _is_private(kind: str, value: str) -> bool:
    family = FAMILIES[kind]
    if family == "address":
        return _is_address(value)
    if family == "mail" and _OWN.fullmatch(value.rpartition("@")[2]):
        return False  # an account on a host of the testbed's
    return not _WORDS.fullmatch(value) and not _HARMLESS[family].fullmatch(value)


def _is_machine(name: str, top: str) -> bool:
    """Return whether a name with dots is a machine's, not a web site's or two words of a program."""
    labels = name.split(".")[:-1]
    numbered = any(character in "-0123456789" for character in labels[0])
    if top in INSIDE:
        return numbered
    return len(labels) > 1 and labels[0] != "www" and (top != "net" or numbered)


def _is_address(value: str) -> bool:
    """Return whether a text is an address of one machine, not one that all machines have or that examples use."""
    try:
        if ":" not in value:
            address = IPv4Address(value)
            common = address.is_loopback or value.startswith(("0.", "255."))
            return not common and not any(address in net for net in DOCUMENTATION)
        six = IPv6Address(value)
    except AddressValueError:
        return False
    # Short ones with a gap are names of C++.
    whole = value.count(":") == 7 or (
        value[:2].lower() in ("fe", "fd", "fc", "20", "26", "2a") and value.count(":") > 3
    )
    return whole and six not in DOCUMENTATION_6


def _is_version(text: str, start: int, end: int) -> bool:
    before = text[max(0, start - 60) : start].rpartition("\n")[2]
    return bool(_VERSION_BEFORE.search(before) or _VERSION_AFTER.match(text, end)) or (
        before.endswith("(") and _PIP in text[text.rfind("\n", 0, start) + 1 : start]
    )
