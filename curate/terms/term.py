"""What a glossary holds: terms, each with the form to use and the forms that are not to be used."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import blake2b

from curate.core.finding import Severity


class Case(StrEnum):
    """What letter case means for a term."""

    KEEP = "keep"
    """Any case is found, and the case of the text is carried over: E-Mail becomes Email."""

    FOLD = "fold"
    """Any case is found; what is written is the preferred form as given, and its other cases are faults."""

    EXACT = "exact"
    """Only the forms as given are found, and what is written is the preferred form as given."""


class Inflection(StrEnum):
    """Which further forms of a word are meant."""

    PLURAL = "plural"
    """The regular English plural, or the one that is given."""

    NONE = "none"


class Hyphen(StrEnum):
    """Whether a hyphen and a space within a variant are the same."""

    EXACT = "exact"
    FOLD = "fold"


class Boundary(StrEnum):
    """Where a form may begin and end."""

    WORD = "word"
    """At the edge of a word; a word that touches a hyphen, a slash, an at sign or the like is another word."""

    HYPHEN = "hyphen"
    """The same, but for a hyphen: the form may be a part of a compound with hyphens."""

    PART = "part"
    """Anywhere, also within a word."""


DECLARABLE = frozenset({"unit", "name", "acronym"})
"""Kinds of meaning that an entry may openly change."""

NEVER = frozenset({"number", "negation", "modal"})
"""Kinds of meaning that no entry may change."""


@dataclass(frozen=True)
class Term:
    """One concept.

    Attributes:
        preferred: the form to use; empty where forms are forbidden and nobody can say what should stand there.
        variants: forms that mean the same and become the preferred one.
        forbidden: forms that must not be used; they become the preferred one if there is one.
        admitted: forms that are as good; they are counted and never edited.
        case: what letter case means.
        inflection: which further forms are meant.
        plurals: plurals that are not regular, as pairs of a form and its plural.
        hyphen: whether ``web-site`` is meant where ``web site`` is a variant.
        boundary: where a form may begin and end.
        fields: parts of a row that the term is for (prompt, target, context, rejected); empty for all.
        unless: phrases; a form that one of them touches is left alone.
        first: how the preferred form is written at its first use in a text: ``electrocardiogram (ECG)``.
        severity: ``info`` makes offers into suggestions.
        declares: kinds of meaning that edits of this term openly change.
        place: ``file:line``.
    """

    preferred: str = ""
    variants: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    admitted: tuple[str, ...] = ()
    case: Case = Case.KEEP
    inflection: Inflection = Inflection.PLURAL
    plurals: tuple[tuple[str, str], ...] = ()
    hyphen: Hyphen = Hyphen.EXACT
    boundary: Boundary = Boundary.WORD
    fields: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    first: str = ""
    severity: Severity = Severity.WARNING
    declares: frozenset[str] = frozenset()
    place: str = ""

    @property
    def name(self) -> str:
        """What the term is called: its preferred form, or the first that is forbidden."""
        return self.preferred or (*self.forbidden, "")[0]

    @property
    def long_form(self) -> str:
        """What ``first`` says beside the preferred form."""
        return " ".join(self.first.replace(self.preferred, "", 1).replace("()", "").strip(" ()").split())


@dataclass(frozen=True)
class Glossary:
    """Terms that were checked against each other.

    Attributes:
        terms: in the order of the file.
        names: the files.
        digest: 64 bits of BLAKE2b of all terms; by it glossaries are compared.
    """

    terms: tuple[Term, ...] = field(default=(), repr=False, compare=False)
    names: tuple[str, ...] = field(default=(), compare=False)
    digest: str = ""

    def __post_init__(self) -> None:
        told = [repr(replace(term, place="", declares=frozenset())) for term in self.terms]
        told += [" ".join(sorted(term.declares)) for term in self.terms]
        data = "\n".join(told).encode("utf-8", "surrogatepass")
        object.__setattr__(self, "digest", blake2b(data, digest_size=8).hexdigest())
