"""Takes personal data out: one placeholder for one person or number, wherever it stands in a row.

That a value has the same placeholder in the prompt, the answer and both sides of a preference pair keeps what is said
understandable, which a mask does not. No placeholder leads back to its value; the ledger does, so keep it as private
as the data, or split it (``curate ledger split``).
"""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from curate.core.errors import ConfigError
from curate.core.pii_plan import SCOPES, STYLES
from curate.fixing.editor import Editor, Offered, Safety
from curate.fixing.pii_find import CHECKS, Place, Wanted, places
from curate.fixing.pii_known import digest_of, known_list
from curate.fixing.seen import Line, offered
from curate.text.linear_search import fault_of
from curate.text.placeholders import STANDING, highest, keyed, numbered, surrogate, word_of
from curate.text.private import find_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    from curate.core.plan import Plan

SAID = {
    "email": "an e-mail address",
    "phone": "a telephone number",
    "card": "a payment card number",
    "iban": "an account number",
    "ssn": "a social security number",
    "nhs": "an NHS number",
    "ip": "an IP address",
    "secret": "a secret",
    "name": "a name of the list",
}


MASKED = "pii.masked"
"""The class of what is masked wherever it is shown, and stays, since no check is sure of it."""

_SHAPED = ("email", "phone", "card", "iban", "ssn", "national-id", "id-number", "ip")
"""Kinds of masks that surrogates may have: what was put in is not told as left."""

KEY_VARIABLE = "CURATE_PII_KEY"
"""The variable of the environment that keys placeholders which hold for whole files."""


@dataclass(frozen=True)
class Pii(Editor):
    """Offers a placeholder for each place with personal data.

    What is found: what the ``pii`` checks find, what the user's patterns match, and who stands in the user's list.
    Names that are in no list stay, and so does whatever stands outside the conversation.

    Attributes:
        kinds: what to look for without a list.
        known: CSV files of people and numbers; their headers name the kinds.
        patterns: name and expression of one's own kinds; the engine of polars, linear in time, without look-around.
        allow: check and expression (``pii`` for all); a value that one matches whole stays.
        scope: ``row``: ``[EMAIL_1]``, counted in each row; ``file``: ``[EMAIL_K3V9QX2M7A]``, the same in all rows and
            files for the same value and secret.
        style: ``placeholder``, or ``surrogate``: an address, a number that is nobody's, in the same groups of digits.
        secret: what ``file`` is keyed with; never written anywhere.
    """

    kind: ClassVar[str] = "pii"
    parts: ClassVar[tuple[str, ...]] = ("prompt", "context", "target", "rejected")
    locked: ClassVar[bool] = False
    by_text: ClassVar[bool] = False

    kinds: tuple[str, ...] = tuple(CHECKS)
    known: tuple[str, ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    allow: tuple[tuple[str, str], ...] = ()
    scope: str = "row"
    style: str = "placeholder"
    secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Hold the options against each other.

        Raises:
            ConfigError: one of them cannot be followed.
        """
        for name, pattern in self.patterns:
            if name in CHECKS or (fault := fault_of(pattern)):
                what = "is a kind of curate's own" if name in CHECKS else f"is no expression: {fault}"
                raise ConfigError(f"the pattern '{name}' {what}", where="[pii.patterns]")
        wrong = [kind for kind in self.kinds if kind not in CHECKS]
        for name, value, known in (
            *(("kind of personal data", kind, tuple(CHECKS)) for kind in wrong),
            ("scope", self.scope, SCOPES),
            ("style", self.style, STYLES),
        ):
            if value not in known:
                raise ConfigError(f"there is no {name} '{value}'", hint="one of: " + ", ".join(known))
        if self.scope == "file" and self.style == "surrogate":
            raise ConfigError("surrogates are too few for a whole file", hint='take style = "placeholder"')
        if self.scope == "file" and not self.secret:
            raise ConfigError(
                "the scope 'file' needs a secret", hint=f"give it in the environment: {KEY_VARIABLE}=…"
            )

    def identity(self) -> str:
        """Options, the content of the list, and a print of the secret that does not give it away."""
        mark = hmac.new(self.secret.encode(), b"identity", hashlib.sha256).hexdigest()[:16]
        return f"{self!r} list={digest_of(self.known)} key={mark if self.secret else ''}"

    def offers(self, texts: pl.DataFrame) -> Offered:
        """One offer for each place."""
        texts = texts.unique(["row", "at"], keep="first", maintain_order=True)
        listed = known_list(self.known, digest_of(self.known)) if self.known else None
        wanted = Wanted(self.kinds, self.patterns, listed, self.allow)
        found = places(texts, wanted)
        lines = list(self._left(texts, found, wanted))
        if not any(found):
            return offered(lines)
        rows = texts.with_row_index("line").group_by("row", maintain_order=True).agg("line", "at", "text")
        for row, numbers, pointers, contents in rows.iter_rows():
            if not any(found[line] for line in numbers):
                continue
            names = self._names(contents, [found[line] for line in numbers])
            for line, at in zip(numbers, pointers, strict=True):
                for place in found[line]:
                    put = names[place.kind, place.key]
                    check = f"pii.{word_of(place.kind).lower().replace('_', '-')}"
                    lines.append(Line(row, at, place.start, place.end, put, check, self._message(place.kind)))
        return offered(lines)

    def _left(self, texts: pl.DataFrame, found: Sequence[Sequence[Place]], wanted: Wanted) -> Iterator[Line]:
        """What outputs mask and nothing replaces: it must be told, or who sees the mask takes it for gone."""
        for (row, at, text), several in zip(
            texts.select("row", "at", "text").iter_rows(), found, strict=True
        ):
            for start, end, kind in find_private(text):
                value = text[start:end]
                is_met = any(one.start < end and start < one.end for one in several)
                is_ours = self.style == "surrogate" and kind in _SHAPED
                if not (is_met or is_ours or wanted.spares(kind, value) or STANDING.search(value)):
                    yield Line(
                        row, at, start, end, "", MASKED, f"it looks like a {kind}", Safety.REPORT.value
                    )

    def _message(self, kind: str) -> str:
        told = SAID.get(kind, f"a value of the kind '{kind}'")
        return f"{told} is replaced by {'one that is nobody’s' if self.style == 'surrogate' else 'a placeholder'}"

    def _names(self, contents: Sequence[str], found: Sequence[Sequence[Place]]) -> dict[tuple[str, str], str]:
        """What stands for each value of a row, numbered in the order in which they are read."""
        given: dict[tuple[str, str], str] = {}
        last = highest(contents)
        for text, several in zip(contents, found, strict=True):
            for place in several:
                value = place.kind, place.key
                if value not in given:
                    given[value] = self._name(place, text[place.start : place.end], contents, given, last)
        return given

    def _name(
        self,
        place: Place,
        written: str,
        contents: Sequence[str],
        given: dict[tuple[str, str], str],
        last: dict[str, int],
    ) -> str:
        if self.scope == "file":
            return keyed(place.kind, place.key, self.secret)
        if self.style == "surrogate":
            made = surrogate(place.kind, written, (*contents, *given.values()))
            if made is not None:
                return made
        word = word_of(place.kind)
        last[word] = last.get(word, 0) + 1
        return numbered(place.kind, last[word])


def pii_of(plan: Plan) -> Pii:
    """The editor that a plan asks for.

    Raises:
        ConfigError: its options cannot be followed.
    """
    allow = tuple((name, one.pattern) for name, several in plan.allow.items() for one in several)
    given: dict[str, Any] = {
        "known": plan.fix.known,
        "patterns": plan.pii.patterns,
        "allow": tuple((name, pattern) for name, pattern in allow if name.partition(".")[0] == "pii"),
        "scope": plan.pii.scope,
        "style": plan.pii.style,
        "secret": os.environ.get(KEY_VARIABLE, ""),
        **plan.fix.options.get("pii", {}),
    }
    given["patterns"] = tuple(dict(given["patterns"]).items())
    given["kinds"] = tuple(given.get("kinds", CHECKS))
    return Pii(**given)
