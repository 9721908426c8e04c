"""Reading glossaries from files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from curate.core.errors import ConfigError, UnreadableError, UsageError
from curate.terms.csv_form import read_csv
from curate.terms.entries import Mistakes, term_of
from curate.terms.faults import note_conflicts
from curate.terms.tbx_form import read_tbx
from curate.terms.term import Glossary, Term
from curate.terms.yaml_form import read_yaml

if TYPE_CHECKING:
    from curate.terms.entries import Entry

TABLES = (".csv", ".tsv")
XML = (".tbx", ".xml")
YAML = (".yaml", ".yml")

MOST = 64 * 1024 * 1024
"""Bytes of a glossary; a larger file is not one."""


def load_glossary(*paths: str | Path, language: str = "en") -> Glossary:
    """The terms of glossaries in YAML, CSV or TBX, checked against each other.

    Args:
        *paths: the files; their suffixes say what they are.
        language: of a TBX file with several.

    Raises:
        UsageError: a suffix says nothing.
        UnreadableError: a file is not there, or cannot be read.
        ConfigError: with every mistake of all files, each with its line and a suggestion.
    """
    terms: list[Term] = []
    errors: list[str] = []
    for path in map(Path, paths):
        mistakes = Mistakes(str(path))
        entries = _entries(path, mistakes, language)
        if not entries and not mistakes.found:
            mistakes.note(
                1, "the glossary holds no term", "terms:, then '- preferred: email' and its 'variants'"
            )
        terms += [term_of(entry, mistakes) for entry in entries]
        try:
            mistakes.settle()
        except ConfigError as error:
            errors.append(error.what)
    if errors:
        raise ConfigError("\n".join(errors))
    note_conflicts(terms)
    return Glossary(tuple(terms), tuple(map(str, paths)))


def _entries(path: Path, mistakes: Mistakes, language: str) -> list[Entry]:
    suffix = path.suffix.lower()
    if suffix not in YAML + TABLES + XML:
        known = ", ".join(YAML + TABLES + XML)
        raise UsageError(
            "is no glossary by its name", where=str(path), hint=f"its name should end in one of: {known}"
        )
    data = _bytes(path)
    if suffix in XML:
        return read_tbx(data, mistakes, language)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        mistakes.note(data.count(b"\n", 0, error.start) + 1, "the glossary is not UTF-8", "save it as UTF-8")
        return []
    return read_yaml(text, mistakes) if suffix in YAML else read_csv(text, mistakes)


def _bytes(path: Path) -> bytes:
    if path.is_dir():
        raise UnreadableError("the glossary is a folder", where=str(path))
    try:
        if path.stat().st_size > MOST:
            raise UnreadableError(f"is larger than {MOST >> 20} MiB: no glossary", where=str(path))
        return path.read_bytes()
    except OSError as error:
        raise UnreadableError(f"the glossary cannot be read: {error.strerror}", where=str(path)) from error
