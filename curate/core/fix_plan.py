"""What ``curate fix`` may change: which kinds of edit, in which texts, and what their editors need to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curate.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("text", "ticket", "pii", "terms", "grammar")
"""Kinds of edit in the order in which they are made; each is also the family of its edits' classes."""

DEFAULT = ("text", "terms", "grammar")
"""Kinds of edit that are made unless others are asked for."""

PARTS = ("prompt", "target", "context", "rejected")
POLICIES = ("off", "report", "suggest", "auto")
"""What may become of an edit in a part, from nothing to everything that is safe."""

GRAMMARS = ("harper", "languagetool", "both", "off")


ALL = "all"
"""Stands for every class of edits whose suggestions are applied."""


@dataclass(frozen=True)
class FixPlan:
    """The plan of a fix.

    Attributes:
        only: kinds of edit that are asked for; empty for ``DEFAULT``.
        unsafe: classes of edits, or families of them, that are applied although they are only suggested; ``all`` for
            every class. The locks hold all the same.
        fields: by part, the most that may become of an edit there. A part that is not named is treated as each
            editor says: repairs of characters act on all texts, everything else on targets and rejected answers.
        glossary: the file of the terminology.
        grammar: the engine, one of ``GRAMMARS``; empty for ``harper`` where it is installed.
        language_tool: address of a LanguageTool server; empty for one that is started here.
        allow_remote: whether that server may be another machine, so that texts leave this one.
        known: files of names and numbers of one's own that are personal data.
        cache: folder of the verdicts that are kept from run to run.
        options: by kind of edit, values of its editor's own fields.
    """

    only: tuple[str, ...] = ()
    unsafe: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    glossary: str | None = None
    grammar: str = ""
    language_tool: str = ""
    allow_remote: bool = False
    known: tuple[str, ...] = ()
    cache: str | None = None
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of edit to make, in their order."""
        wanted = self.only or DEFAULT
        return tuple(kind for kind in KINDS if kind in wanted)

    def is_unsafe(self, name: str) -> bool:
        """Whether suggestions of a class of edits are applied."""
        return not {ALL, name, name.partition(".")[0]}.isdisjoint(self.unsafe)


def read_kinds(words: str) -> tuple[str, ...]:
    """``text,terms`` as kinds of edit.

    Raises:
        UsageError: a word is no kind, or there is none.
    """
    names = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    if not names:
        raise UsageError("no kind of edit is named", hint=f"one of: {', '.join(KINDS)}")
    for name in names:
        if name not in KINDS:
            raise UsageError(f"there is no kind of edit '{name}'", hint=f"one of: {', '.join(KINDS)}")
    return names


def read_classes(words: str) -> tuple[str, ...]:
    """``grammar.consensus,terms`` as classes of edits and families of them; ``all`` for every class.

    Raises:
        UsageError: nothing is named, or a word belongs to no kind of edit.
    """
    names = tuple(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    hint = f"name classes as the account does, --unsafe grammar.consensus,terms.variant; or --unsafe {ALL}"
    if not names:
        raise UsageError("no class of edits is named whose suggestions are to be made", hint=hint)
    for name in names:
        if not is_class(name):
            raise UsageError(f"there is no class of edits '{name}'", hint=hint)
    return names


def is_class(name: str) -> bool:
    """Whether a word may name a class of edits, or a family of them."""
    return name == ALL or name.partition(".")[0] in KINDS


def read_fields(words: str) -> dict[str, str]:
    """``target=auto,prompt=report`` as a policy for each part.

    Raises:
        UsageError: a part or a policy does not exist, or is not written so.
    """
    found: dict[str, str] = {}
    for word in filter(None, (word.strip() for word in words.split(","))):
        part, sign, policy = (piece.strip() for piece in word.partition("="))
        if not sign or part not in PARTS or policy not in POLICIES:
            raise UsageError(
                f"'{word}' is no policy for a part",
                hint=f"write PART=POLICY with a part of {', '.join(PARTS)} and one of {', '.join(POLICIES)}",
            )
        found[part] = policy
    return found
