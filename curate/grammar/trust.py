"""Which edits are applied without a reader: those of which it has been measured that they are right.

The table (``trust.json``) has a line for each engine, rule and guard. It counts, on texts with injected errors, how
many edits there were and how many took an error back; and on texts taken to be right, how many a reader found right and
wrong. ``curate grammar calibrate`` counts the same on one's own data.

An edit is applied if its line has a share of right ones of at least ``LEAST_SHARE``, if the lower bound of that share
(Wilson 1927, 95 %) is at least ``LEAST_BOUND``, and if somebody has read what it does to much right text and it spoils
hardly a word there: of the edits that were read there, the lower bound of the right ones is at least ``LEAST_READ``,
which takes eight that are all right. Injected errors are of known kinds, and tell nothing of a phrase that only looks
like one ("if it gets worse then stop"); edits of right text do. All others are suggestions; a rule that is mostly
wrong is only told.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from curate.text.wilson import wilson

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LEAST_SHARE = 0.97
LEAST_BOUND = 0.9
MOST_WRONG = 0.01
"""Wrong edits in 1,000 words of right text, of one rule and at most."""

LEAST_WORDS = 100_000
"""Words of right text that must have been looked at: in fewer, a single wrong edit would be more than is allowed."""

LEAST_READ = 2 / 3
"""Lower bound (Wilson, 95 %) of the share of right ones among the edits of right text that were read."""

JUNK = 0.5
"""A rule whose share of right edits is surely below this is only told."""

TABLE = Path(__file__).with_name("trust.json")
ALONE = ""
"""The guard of a lint that no list has proposed."""


@dataclass(frozen=True, order=True)
class Evidence:
    """What was counted of one rule.

    Attributes:
        engine: ``harper``, ``languagetool``, or ``both`` for edits that both propose.
        rule: the engine's name for it.
        guard: the list that proposed the edit (:mod:`curate.grammar.listed`); empty for the first suggestion of a lint.
        found: edits in texts with injected errors.
        right: those among them that took an error back.
        words: words of right text that were looked at.
        kept: edits of right text that a reader called right.
        spoilt: edits of right text that a reader called wrong.
    """

    engine: str
    rule: str
    guard: str = ALONE
    found: int = 0
    right: int = 0
    words: int = 0
    kept: int = 0
    spoilt: int = 0

    @property
    def _of(self) -> int:
        return self.found + self.kept + self.spoilt

    @property
    def _right(self) -> int:
        return self.right + self.kept

    @property
    def share(self) -> float:
        """Of right edits, among those that were counted or read."""
        return self._right / self._of if self._of else 0.0

    @property
    def low(self) -> float:
        """The lower bound of the share."""
        return wilson(self._right, self._of).low

    @property
    def low_read(self) -> float:
        """The lower bound of the share of right edits among those of right text; 0 if there are none."""
        return wilson(self.kept, self.kept + self.spoilt).low if self.kept else 0.0

    @property
    def spoils(self) -> float:
        """Wrong edits in 1,000 words of right text."""
        return 1000 * self.spoilt / self.words if self.words else 0.0

    @property
    def safety(self) -> str:
        """``auto``, ``suggest`` or ``report``, by the evidence alone."""
        is_harmless = self.words >= LEAST_WORDS and self.spoils <= MOST_WRONG and self.low_read >= LEAST_READ
        if self.share >= LEAST_SHARE and self.low >= LEAST_BOUND and is_harmless:
            return "auto"
        return "report" if wilson(self._right, self._of).high < JUNK else "suggest"


@dataclass(frozen=True)
class Trust:
    """The table. What it does not list is a suggestion: nothing is known of it."""

    lines: tuple[Evidence, ...] = ()

    def safety(self, engine: str, rule: str, guard: str = ALONE) -> str:
        """What may be done with an edit."""
        line = self.by_key.get((engine, rule, guard))
        return "suggest" if line is None else line.safety

    @property
    def by_key(self) -> Mapping[tuple[str, str, str], Evidence]:
        """The lines by engine, rule and guard."""
        return _by_key(self)


@cache
def _by_key(trust: Trust) -> Mapping[tuple[str, str, str], Evidence]:
    return {(line.engine, line.rule, line.guard): line for line in trust.lines}


def load(path: Path = TABLE) -> Trust:
    """A table from its file."""
    return _loaded(path)


@cache
def _loaded(path: Path) -> Trust:
    if not path.exists():
        return Trust()
    return Trust(tuple(sorted(Evidence(**line) for line in json.loads(path.read_text("utf-8"))["lines"])))


def dump(lines: Iterable[Evidence]) -> str:
    """The text of a table: a line of evidence in each of its lines, sorted."""
    body = ",\n".join(json.dumps(asdict(line), ensure_ascii=False) for line in sorted(lines))
    return f'{{"lines": [\n{body}\n]}}\n'
