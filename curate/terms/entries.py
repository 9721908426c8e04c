"""From what a file says to terms: every mistake is named with its line and a suggestion, all of them together."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from curate.core.errors import ConfigError
from curate.core.finding import Severity
from curate.terms.term import DECLARABLE, NEVER, Boundary, Case, Hyphen, Inflection, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

ONE = ("preferred", "case", "inflection", "hyphen", "boundary", "first", "severity", "note")
"""Keys that have one value; ``note`` is for readers."""

MANY = ("variants", "forbidden", "admitted", "plural", "fields", "unless", "declares")
"""Keys that have any number of values."""

PARTS = ("target", "rejected", "prompt", "context")

E = TypeVar("E", bound=StrEnum)


class Said(NamedTuple):
    """A value and the line where it stands."""

    text: str
    line: int


@dataclass(frozen=True)
class Entry:
    """A term as a file says it: the values of each key, in order, and the line where the entry begins."""

    line: int
    values: Mapping[str, Sequence[Said]] = field(default_factory=dict)


@dataclass
class Mistakes:
    """What is wrong in a file."""

    name: str
    found: list[tuple[int, str]] = field(default_factory=list)

    def note(self, line: int, what: str, hint: str = "") -> None:
        """Remember a mistake at a line."""
        self.found.append((line, f"{self.name}:{line}: {what}" + (f"; {hint}" if hint else "")))

    def unknown(self, line: int, what: str, name: str, known: Sequence[str]) -> None:
        """A name that is none of the known ones, with the closest of them."""
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        hint = f"did you mean '{close[0]}'?" if close else "one of: " + ", ".join(known)
        self.note(line, f"unknown {what} '{name}'", hint)

    def settle(self) -> None:
        """Raise for all of them, if there is any.

        Raises:
            ConfigError: in the order of the lines.
        """
        if self.found:
            raise ConfigError("\n".join(dict.fromkeys(text for _, text in sorted(self.found))))


def term_of(entry: Entry, mistakes: Mistakes) -> Term:
    """The term that an entry describes; what is wrong with it goes to ``mistakes``."""
    for key, said in entry.values.items():
        if key not in ONE + MANY:
            mistakes.unknown(said[0].line if said else entry.line, "key", key, ONE + MANY)
        elif key in ONE and len(said) > 1:
            mistakes.note(said[1].line, f"'{key}' has more than one value")
    reader = _Reader(entry, mistakes)
    term = Term(
        preferred=reader.one("preferred"),
        variants=reader.many("variants"),
        forbidden=reader.many("forbidden"),
        admitted=reader.many("admitted"),
        case=reader.choice("case", Case.KEEP),
        inflection=reader.choice("inflection", Inflection.PLURAL),
        plurals=reader.pairs("plural"),
        hyphen=reader.choice("hyphen", Hyphen.EXACT),
        boundary=reader.choice("boundary", Boundary.WORD),
        fields=reader.listed("fields", PARTS),
        unless=reader.many("unless"),
        first=reader.one("first"),
        severity=reader.choice("severity", Severity.WARNING),
        declares=frozenset(reader.declared()),
        place=f"{mistakes.name}:{entry.line}",
    )
    _refuse_nonsense(term, entry, mistakes)
    return term


class _Reader:
    """The values of one entry by their types."""

    def __init__(self, entry: Entry, mistakes: Mistakes) -> None:
        self._entry = entry
        self._mistakes = mistakes

    def one(self, key: str) -> str:
        """A text; empty if it is not given."""
        return next(iter(self.many(key)), "")

    def many(self, key: str) -> tuple[str, ...]:
        """Texts without spaces around them."""
        said = self._entry.values.get(key, ())
        for text, line in said:
            if not text.strip() or not any(map(str.isalnum, text)):
                self._mistakes.note(line, f"'{key}' holds a form without a letter")
            if "\n" in text.strip():
                self._mistakes.note(line, f"'{key}' holds a form of several lines")
        return tuple(dict.fromkeys(" ".join(text.split()) for text, _ in said if text.strip()))

    def choice(self, key: str, default: E) -> E:
        """A value of the enumeration that the default belongs to."""
        for text, line in self._entry.values.get(key, ()):
            try:
                return type(default)(text.strip().lower())
            except ValueError:
                self._mistakes.unknown(line, key, text, [one.value for one in type(default)])
        return default

    def listed(self, key: str, known: Sequence[str]) -> tuple[str, ...]:
        """Names of a closed list."""
        for text, line in self._entry.values.get(key, ()):
            if text not in known:
                self._mistakes.unknown(line, f"value of '{key}'", text, known)
        return tuple(text for text, _ in self._entry.values.get(key, ()))

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """``form=plural``."""
        pairs = []
        for text, line in self._entry.values.get(key, ()):
            form, sign, other = (part.strip() for part in text.partition("="))
            if not (form and sign and other):
                self._mistakes.note(line, f"'{key}' must say which form: 'criterion=criteria'")
            pairs.append((form, other))
        return tuple(pairs)

    def declared(self) -> Iterable[str]:
        """Kinds of meaning that may be declared."""
        for text, line in self._entry.values.get("declares", ()):
            if text in NEVER:
                hint = "a change of a number, a negation or a modal verb cannot be declared"
                self._mistakes.note(line, f"'declares' names '{text}'", hint)
            elif text not in DECLARABLE:
                self._mistakes.unknown(line, "value of 'declares'", text, sorted(DECLARABLE))
            yield text


def _refuse_nonsense(term: Term, entry: Entry, mistakes: Mistakes) -> None:
    """What can be seen from one term alone."""
    if not (term.preferred or term.variants or term.forbidden):
        mistakes.note(entry.line, "the entry says no term", "give 'preferred' and 'variants'")
    elif not term.preferred and (term.variants or term.admitted):
        mistakes.note(entry.line, "there are variants but no preferred form", "give 'preferred'")
    elif not (term.variants or term.forbidden or term.first or term.case is not Case.KEEP):
        mistakes.note(
            entry.line,
            f"'{term.name}' has no variant",
            "give 'variants', 'forbidden', 'first' or 'case: fold'",
        )
    if term.first and (not term.preferred or term.preferred not in term.first or not term.long_form):
        mistakes.note(
            entry.line, "'first' must hold the preferred form and its long form", "electrocardiogram (ECG)"
        )
    known = {term.preferred, *term.variants, *term.forbidden, *term.admitted}
    for form, _ in term.plurals:
        if form and form not in known:
            mistakes.note(entry.line, f"'plural' is of '{form}', which is no form of the term")
