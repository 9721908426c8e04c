"""The editor of grammar: what lists and engines say together, and what the evidence lets become of it."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right, insort
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl

from curate.core.errors import UsageError
from curate.fixing.editor import OFFERS, UNCHECKED, Editor, Offered, Safety
from curate.grammar.calibrating import BOTH, CONSENSUS
from curate.grammar.confirming import confirmed, lint_windows
from curate.grammar.consensus import agreed, smallest
from curate.grammar.engine import ENGLISH, Engine, Lint, Unchecked, Verdict
from curate.grammar.harper import CONFIRMING, Harper
from curate.grammar.listed import Proposal
from curate.grammar.looking import Looked, look
from curate.grammar.trust import ALONE, TABLE, load
from curate.grammar.typos import list_version
from curate.text.language import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

HARPER, LANGUAGE_TOOL = "harper", "languagetool"

SAID = {
    "spelling": "a known misspelling that has one correction",
    "contraction": "a contraction without its apostrophe",
    "article": "the other article belongs before this sound",
    "doubled": "a word that cannot follow itself",
    "pronoun": "the pronoun is a capital letter",
    "sentence": "a sentence begins with a capital letter",
    "modal": "it is 'have', and sounds like 'of'",
    "joined": "these are two words",
    "mass": "the noun has no plural",
    "linking": "a comma follows the linking word",
    "than": "what is compared takes 'than'",
    "agreement": "the verb agrees with its pronoun",
    CONSENSUS: "both engines propose this, in the same way",
}
"""What is said of an edit, by the list that proposed it."""

GUESSED = ("TYPOS", "Spelling")
"""Categories in which an engine alone guesses what a word that it does not know should be. Such words are mostly terms
(``alpha-glucosidase``): what is said of them is counted, and can never be made in one go."""

_Line = tuple[int, int, str, str, str, str, str, str, str, str]
"""An offer without row and pointer: the columns of ``OFFERS`` from ``start`` on."""


@dataclass(frozen=True)
class Grammar(Editor):
    """Offers what grammar engines say.

    Attributes:
        engine: ``harper``, ``languagetool`` or ``both``.
        language_tool: where a LanguageTool server runs; empty to start one here.
        allow_remote: whether texts may be sent to another machine.
        dialect: of English, as Harper names them.
        suggest: whether Harper runs all its rules; what they say beyond the trusted is suggested. LanguageTool always
            runs all, and so do both together.
        running: the engines that are ready, each with its version; made by :meth:`opened`.
    """

    kind: ClassVar[str] = "grammar"

    engine: str = HARPER
    language_tool: str = ""
    allow_remote: bool = False
    dialect: str = "american"
    suggest: bool = False
    running: tuple[tuple[Engine, str], ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Hold the options against what there is.

        Raises:
            UsageError: there is no such engine.
        """
        if self.engine not in {HARPER, LANGUAGE_TOOL, BOTH}:
            raise UsageError(
                f"there is no grammar engine '{self.engine}'", hint="one of: harper, languagetool, both"
            )

    def identity(self) -> str:
        """Options, the versions of engines and list, and the table of trust; not where a server happens to run."""
        versions = ", ".join(version for _, version in self._ready())
        options = f"engine={self.engine}, dialect={self.dialect}, suggest={self.suggest}"
        return f"grammar({options}, {versions}, {list_version()}, trust={_digest()})"

    @contextmanager
    def opened(self) -> Iterator[Grammar]:
        """The engines are ready while this is open; says early what is missing."""
        list_version()
        with ExitStack() as stack:
            engines = [stack.enter_context(engine.opened()) for engine in self._engines()]
            yield replace(self, running=tuple((engine, engine.version()) for engine in engines))

    def _ready(self) -> tuple[tuple[Engine, str], ...]:
        """The engines with their versions, opened or not."""
        return self.running or tuple((engine, engine.version()) for engine in self._engines())

    def _engines(self) -> tuple[Engine, ...]:
        made: list[Engine] = []
        if self.engine != LANGUAGE_TOOL:
            made.append(Harper(None if self._is_whole() else CONFIRMING, self.dialect))
        if self.engine != HARPER:
            from curate.grammar.languagetool.engine import LanguageTool  # noqa: PLC0415 (only if it is asked for)

            made.append(LanguageTool(url=self.language_tool, allow_remote=self.allow_remote))
        return tuple(made)

    def offers(self, texts: pl.DataFrame) -> Offered:
        """What may be changed in some texts."""
        keys = texts.select("row", "at").rows()
        engines = self._ready()
        work = look(texts.select("text", "given").iter_rows(), _spoken(engines))
        verdicts = [self._verdicts(engine, work) for engine, _ in engines]
        versions = {engine.name: version for engine, version in engines}
        offers: list[tuple[Any, ...]] = []
        unchecked: list[tuple[Any, ...]] = []
        for number, text in enumerate(work):
            said = {name: several[number] for name, several in zip(versions, verdicts, strict=True)}
            reasons = [one.reason for one in said.values() if isinstance(one, Unchecked)]
            if reasons:
                unchecked.append((*keys[text.line], reasons[0]))
                continue
            lints = {name: one for name, one in said.items() if not isinstance(one, Unchecked)}
            offers += [(*keys[text.line], *one) for one in self._of_text(text, lints, versions)]
        return Offered(
            pl.DataFrame(offers, schema=OFFERS, orient="row"),
            pl.DataFrame(unchecked, schema=UNCHECKED, orient="row"),
        )

    def _of_text(self, text: Looked, lints: dict[str, list[Lint]], versions: dict[str, str]) -> list[_Line]:
        """The offers of one text, by place: what is trusted most comes first and keeps its place."""
        offers = _Offers(text, versions)
        offers.listed(lints)
        if len(lints) > 1:
            offers.agreed(*lints.values())
        for name, ours in lints.items() if self._is_whole() else ():
            offers.alone(name, ours)
        return sorted(offers.lines)

    def _is_whole(self) -> bool:
        """Whether the engines say all they can, not only what a list asks of them."""
        return self.suggest or self.engine != HARPER

    def _verdicts(self, engine: Engine, work: Sequence[Looked]) -> list[Verdict]:
        """What an engine says: Harper alone reads only the sentences in which a list has something to say."""
        masked = [text.masked for text in work]
        if not self._is_whole():
            return lint_windows(engine, masked, [text.listed for text in work])
        return engine.lint(masked)


@dataclass
class _Offers:
    """The offers of one text: each way of finding some leaves alone what those before it have taken."""

    text: Looked
    versions: dict[str, str]
    lines: list[_Line] = field(default_factory=list)
    taken: list[tuple[int, int]] = field(default_factory=list)

    def is_free(self, start: int, end: int) -> bool:
        """Whether no offer has a character of a place, or touches it."""
        before = bisect_right(self.taken, end, key=itemgetter(0)) - 1
        return before < 0 or self.taken[before][1] < start

    def add(  # noqa: PLR0913 (what an offer is made of)
        self, made: Proposal, check: str, rule: str, engine: str, safety: str, said: str = ""
    ) -> None:
        """One more offer, if its place is free."""
        if self.is_free(made.start, made.end):
            insort(self.taken, (made.start, made.end))
            message = SAID.get(made.guard) or said or f"a rule of the engine: {rule}"
            text = made.start, made.end, made.after
            declares = "" if self.text.masked.language == ENGLISH else "foreign"
            self.lines.append((*text, check, rule, engine, safety, "info", message, declares))

    def listed(self, lints: dict[str, list[Lint]]) -> None:
        """What a list proposes and an engine confirms, by the lint of which most is known."""
        trust = load()
        for proposal, several in _agreeing(self.text, lints).items():
            ranked = [
                (_rank(trust.safety(name, lint.rule, proposal.guard)), name, lint) for name, lint in several
            ]
            rank, name, lint = min(ranked)
            self.add(proposal, f"grammar.{proposal.guard}", lint.rule, self.versions[name], _SAFETY[rank])

    def agreed(self, one: list[Lint], two: list[Lint]) -> None:
        """What both engines propose alike."""
        safety = load().safety(BOTH, CONSENSUS, CONSENSUS)
        for both in agreed(self.text.masked.text, one, two):
            first = both.one
            rule = f"{first.rule} = {both.two.rule}"
            made = Proposal(first.start, first.end, first.suggestions[0], CONSENSUS)
            self.add(made, f"grammar.{CONSENSUS}", rule, " and ".join(self.versions.values()), safety)

    def alone(self, name: str, lints: list[Lint]) -> None:
        """The first suggestions of an engine, for a reader."""
        for lint in lints:
            if smallest(self.text.masked.text, lint) is not None:
                made = Proposal(lint.start, lint.end, lint.suggestions[0], ALONE)
                check = f"grammar.{_slug(lint.category)}"
                safety = Safety.REPORT if lint.category in GUESSED else load().safety(name, lint.rule)
                self.add(
                    made, check, lint.rule, self.versions[name], safety, _told(lint, self.text.masked.text)
                )


def _told(lint: Lint, text: str) -> str:
    """What an engine says of its rule, if it quotes nothing and so holds no text of the row; nothing else."""
    said = " ".join(lint.message.split())
    words = {
        word.casefold()
        for word in re.findall(r"\w{3,}", " ".join((text[lint.start : lint.end], *lint.suggestions)))
    }
    is_quoting = re.search(r"[\"“”„«»‘`<>]|(?<!\w)['’]|\d", said) is not None
    return "" if is_quoting or words & set(re.findall(r"\w+", said.casefold())) else said.rstrip(".")


def _spoken(engines: Sequence[tuple[Engine, str]]) -> frozenset[str]:
    """The languages other than English that an engine checks."""
    others = set(NAMES) - {ENGLISH}
    return frozenset(one for engine, _ in engines for one in others if engine.checks(one))


_SAFETY = tuple(one.value for one in Safety)


def _rank(safety: str) -> int:
    return _SAFETY.index(safety)


def _agreeing(text: Looked, lints: dict[str, list[Lint]]) -> dict[Proposal, list[tuple[str, Lint]]]:
    """The proposals that an engine confirms, with all lints that do."""
    found: dict[Proposal, list[tuple[str, Lint]]] = {}
    for name, ours in lints.items():
        for proposal, several in confirmed(text.masked.text, ours, text.listed):
            found.setdefault(proposal, []).extend((name, lint) for lint in several)
    return found


def _slug(category: str) -> str:
    """A category as part of a check's name: ``WordChoice`` and ``WORD_CHOICE`` are ``word-choice``."""
    spaced = "".join(f"-{one}" if one.isupper() and not category.isupper() else one for one in category)
    return spaced.strip("-").replace("_", "-").replace(" ", "-").lower() or "other"


@cache
def _digest() -> str:
    """Of the table of trust."""
    return hashlib.sha256(TABLE.read_bytes()).hexdigest()[:12] if TABLE.exists() else "none"
