"""A list of one's own: people and numbers that are known to stand in the data, as a CSV file with a header."""

from __future__ import annotations

import csv
import hashlib
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from curate.core.errors import ConfigError, UnreadableError
from curate.text.known_names import FUNCTION_WORDS, Names
from curate.text.spellings import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ahocorasick_rs import AhoCorasick

_HEADERS = {
    "name": "name|full name|customer|customer name|client|client name|patient|contact|kunde|mandant|nombre|nom",
    "first": "first|first name|given name|forename|vorname|prenom|prénom",
    "last": "last|last name|surname|family name|nachname|familienname|apellido|apellidos|nom de famille",
    "email": "email|e mail|mail|email address|e mail address|correo",
    "phone": "phone|phone number|telephone|tel|mobile|cell|fax|telefon|telefonnummer|handy|teléfono|téléphone",
    "org": "org|company|organisation|organization|firm|employer|firma|empresa|société",
    "address": "address|street|anschrift|adresse|straße|dirección",
    "id": "id|customer id|customer no|customer number|client id|patient id|mrn|matter|case no|kundennummer",
    "birth": "birth|date of birth|dob|birthday|geburtsdatum",
    "iban": "iban",
    "card": "card|card number",
    "ssn": "ssn",
    "nhs": "nhs|nhs number",
    "ip": "ip|ip address",
}
"""What a column may be called, for each kind."""

_KIND = {header: kind for kind, headers in _HEADERS.items() for header in headers.split("|")}
_PHRASES = ("org", "address")
_SHORTEST = {"phone": 6, "id": 5, "birth": 6, "org": 3, "address": 6}
"""Shorter values would match everywhere."""


class Listed(NamedTuple):
    """The list, compiled."""

    words: dict[str, Names]
    values: tuple[tuple[str, str], ...]
    automaton: AhoCorasick | None

    def present(self, text: str) -> Iterable[tuple[str, str]]:
        """Kind and key of the numbers and addresses that may stand in a text, in whatever spelling."""
        if self.automaton is None:
            return ()
        found = self.automaton.find_matches_as_indexes(_squeezed(text), overlapping=True)
        return dict.fromkeys(self.values[index] for index, _, _ in found)


def digest_of(paths: tuple[str, ...]) -> str:
    """What identifies the content of lists: 64 bits of a SHA-256 in hexadecimal; empty without lists.

    Raises:
        UnreadableError: a file cannot be read.
    """
    return hashlib.sha256(b"\0".join(map(_read, paths))).hexdigest()[:16] if paths else ""


@lru_cache(maxsize=2)
def known_list(paths: tuple[str, ...], digest: str) -> Listed:
    """All lists together; read once in a process for each content.

    Args:
        paths: of the files.
        digest: of :func:`digest_of`.

    Raises:
        ConfigError: a column or a value is not what a list may hold.
        UnreadableError: a file cannot be read, or is another one by now.
    """
    names: dict[str, list[str]] = {}
    values: dict[tuple[str, str], None] = {}
    for path in paths:
        for kind, value in _cells(_text(path), path):
            if kind in ("name", *_PHRASES):
                names.setdefault(kind, []).append(value)
            else:
                values[kind, folded(kind, value)] = None
    if digest_of(paths) != digest:
        raise UnreadableError("a list changed while it was used", where=", ".join(paths))
    words = {kind: Names(*((), said) if kind in _PHRASES else (said,)) for kind, said in names.items()}
    return Listed(words, tuple(values), _automaton(values))


def _text(path: str) -> str:
    try:
        return _read(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("the list is not UTF-8", where=path, hint="save it as UTF-8") from error


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UnreadableError(f"the list cannot be read: {error.strerror}", where=path) from error


def _automaton(values: Iterable[tuple[str, str]]) -> AhoCorasick | None:
    needles = [_squeezed(key) for _, key in values]
    if not needles:
        return None
    from ahocorasick_rs import AhoCorasick  # noqa: PLC0415 (only where there is a list)

    return AhoCorasick(needles)


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.lower())


def _cells(text: str, path: str) -> Iterator[tuple[str, str]]:
    """Kind and value of each cell; first name and surname of a line make one name."""
    header = text.partition("\n")[0]
    delimiter = max(",;\t|", key=header.count)
    lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    kinds = [_kind(cell, path) for cell in next(lines, [])]
    if not kinds:
        raise ConfigError("the list is empty", where=path, hint="its first line names the columns")
    for cells in lines:
        known = [(kind, cell.strip()) for kind, cell in zip(kinds, cells, strict=False) if cell.strip()]
        parts = {kind: value for kind, value in known if kind in ("first", "last")}
        if parts:
            yield "name", " ".join(parts[part] for part in ("first", "last") if part in parts)
        for kind, value in known:
            if kind not in parts:
                _hold(kind, value, f"{path}:{lines.line_num}")
                yield kind, value


def _kind(cell: str, path: str) -> str:
    header = re.sub(r"[\W_]+", " ", cell).strip().lower()
    if header not in _KIND:
        raise ConfigError(
            f"the list has a column {cell.strip()!r}, which is no kind of personal data that is looked for",
            where=f"{path}:1",
            hint=f"leave it out, or name it after a kind: {', '.join(_HEADERS)}",
        )
    return _KIND[header]


def _hold(kind: str, value: str, where: str) -> None:
    """Refuse what would match everywhere, or nothing.

    Raises:
        ConfigError: the value is too short, or an address without ``@``.
    """
    if len(_squeezed(folded(kind, value))) < _SHORTEST.get(kind, 2):
        raise ConfigError(
            f"a value of the kind '{kind}' is so short that it would match everywhere",
            where=where,
            hint="leave it out of the list",
        )
    if kind in ("name", "org") and value.lower() in FUNCTION_WORDS:
        raise ConfigError(
            f"a value of the kind '{kind}' is a function word, which stands everywhere",
            where=where,
            hint="give the name in full, or leave it out of the list",
        )
    if kind == "email" and "@" not in value:
        raise ConfigError("a value of the kind 'email' has no @", where=where)
