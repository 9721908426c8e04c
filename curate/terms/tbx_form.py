"""Glossaries in TBX (ISO 30042): concepts with languages and terms, each with its administrative status.

Both spellings are read: ``termEntry/langSet/tig`` (or ``ntig``) of TBX 2, ``conceptEntry/langSec/termSec`` of TBX 3.
Expat reads no external file here, and a file that declares entities is refused: a few nested ones make gigabytes of a
page, and none is needed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from curate.terms.entries import Entry, Said

if TYPE_CHECKING:
    from curate.terms.entries import Mistakes

CONCEPT = ("termEntry", "conceptEntry")
LANGUAGE = ("langSet", "langSec")
TERM = ("tig", "ntig", "termSec")

STATUS = {
    "preferred": "preferred",
    "admitted": "admitted",
    "deprecated": "variants",
    "superseded": "variants",
    "notrecommended": "variants",
    "forbidden": "forbidden",
    "prohibited": "forbidden",
}
"""What the administrative status of a term means here; without one, the first is preferred, the others admitted."""


@dataclass
class _Said:
    text: str = ""
    status: str = ""
    line: int = 1


@dataclass
class _Reading:
    """The state of the parser: what is open, and what has been read."""

    mistakes: Mistakes
    concepts: list[tuple[str, list[_Said]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    is_status: bool = False

    def start(self, line: int, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        self.open.append(name)
        self.text.clear()
        if name in LANGUAGE:
            self.concepts.append((attributes.get("xml:lang", attributes.get("lang", "")).lower(), []))
        elif name in TERM and self.concepts:
            self.concepts[-1][1].append(_Said(line=line))
        self.is_status = name == "administrativeStatus" or attributes.get("type") in (
            "administrativeStatus",
            "normativeAuthorization",
        )

    def end(self, line: int) -> None:
        """An element ends: its text is a term, or its status."""
        name = self.open.pop()
        said = "".join(self.text).strip()
        terms = self.concepts[-1][1] if self.concepts else []
        if name == "term" and terms:
            terms[-1].text, terms[-1].line = said, line
        elif self.is_status and terms and name != "term":
            terms[-1].status = self._status(said, line)
        self.is_status = False
        self.text.clear()

    def _status(self, said: str, line: int) -> str:
        """``preferredTerm-admn-sts`` and its like."""
        word = said.partition("-")[0].removesuffix("Term").lower()
        if word not in STATUS:
            self.mistakes.unknown(line, "administrative status", said, list(STATUS))
        return STATUS.get(word, "admitted")


def read_tbx(data: bytes, mistakes: Mistakes, language: str) -> list[Entry]:
    """The entries of one language, such as ``en``; of the only one there is, where the file has one."""
    parser = expat.ParserCreate()
    reading = _Reading(mistakes)
    refused: list[int] = []

    def refuse(*_: object) -> None:
        refused.append(parser.CurrentLineNumber)
        raise ValueError

    parser.StartElementHandler = lambda name, given: reading.start(parser.CurrentLineNumber, name, given)
    parser.EndElementHandler = lambda _: reading.end(parser.CurrentLineNumber)
    parser.CharacterDataHandler = reading.text.append
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = lambda *_: 0
    try:
        parser.Parse(data, True)  # noqa: FBT003 (expat's signature)
    except expat.ExpatError as error:
        mistakes.note(error.lineno, f"is not valid XML: {expat.errors.messages[error.code]}")
        return []
    except ValueError:
        if not refused:
            raise
        mistakes.note(refused[0], "declares an entity, which is not read", "write its text where it is used")
        return []
    tongues = {tongue for tongue, said in reading.concepts if said}
    wanted = {one for one in tongues if one.partition("-")[0] == language} or (
        tongues if len(tongues) == 1 else set()
    )
    if tongues and not wanted:
        mistakes.note(1, f"has no terms in '{language}'", "there are: " + ", ".join(sorted(tongues)))
    return [entry for tongue, said in reading.concepts if tongue in wanted for entry in _entry(said)]


def _entry(terms: list[_Said]) -> list[Entry]:
    """One concept in one language; where nothing is to be replaced, there is no entry."""
    values: dict[str, list[Said]] = {}
    is_ranked = any(term.status == "preferred" for term in terms)
    for term in filter(lambda one: one.text, terms):
        role = term.status or ("admitted" if is_ranked or "preferred" in values else "preferred")
        values.setdefault(role, []).append(Said(term.text, term.line))
    if not values.keys() & {"variants", "forbidden"}:
        return []
    return [Entry(terms[0].line, values)]
