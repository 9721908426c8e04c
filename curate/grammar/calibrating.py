"""Counts how often edits are right: on texts with injected errors, and on right ones that somebody reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from curate.grammar.confirming import confirmed, lint_windows
from curate.grammar.consensus import agreed, smallest
from curate.grammar.engine import Engine, Lint, Unchecked, Verdict
from curate.grammar.looking import Looked, look
from curate.grammar.trust import ALONE, Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from curate.grammar.evidence import Injected

BOTH = "both"
CONSENSUS = "consensus"
"""The rule and the guard of what two engines propose alike."""

SEEN = 35
"""Characters on each side of an edit that a reader is shown."""


class Change(NamedTuple):
    """One edit that an engine and a list propose together, or an engine alone."""

    start: int
    end: int
    after: str
    engine: str
    rule: str
    guard: str

    @property
    def key(self) -> tuple[str, str, str]:
        """Engine, rule and guard."""
        return self.engine, self.rule, self.guard

    def replaces(self, text: str) -> tuple[str, str, str]:
        """The guard, what is replaced and by what: the same edit, wherever it stands."""
        return self.guard, text[self.start : self.end], self.after


Way = Callable[[Sequence[Looked]], list[list[Change]]]
"""How texts are changed: by lists that an engine confirms, by an engine alone, by two that agree."""


class Shown(NamedTuple):
    """An edit as a reader sees it, and where it is read again."""

    engine: str
    rule: str
    guard: str
    edit: str


def shown(text: str, change: Change) -> Shown:
    """The edit with a few words around it, on one line: ``he [recieve→receive] it``."""
    before = text[max(0, change.start - SEEN) : change.start]
    middle = f"[{text[change.start : change.end]}→{change.after}]"
    line = f"{before}{middle}{text[change.end : change.end + SEEN]}"
    return Shown(change.engine, change.rule, change.guard, " ".join(line.split()))


def listed_changes(engine: Engine, texts: Sequence[Looked]) -> list[list[Change]]:
    """What lists propose and an engine confirms, in each text; one change for each rule that does."""
    verdicts = lint_windows(engine, [text.masked for text in texts], [text.listed for text in texts])
    return [
        list(_confirmed(engine.name, text, verdict)) for text, verdict in zip(texts, verdicts, strict=True)
    ]


def all_changes(engine: Engine, texts: Sequence[Looked]) -> list[list[Change]]:
    """The same, with the first suggestions of all lints of the engine alone behind them."""
    verdicts = engine.lint([text.masked for text in texts])
    return [
        [*_confirmed(engine.name, text, verdict), *_alone(engine.name, text, verdict)]
        for text, verdict in zip(texts, verdicts, strict=True)
    ]


def agreed_changes(one: Engine, two: Engine, texts: Sequence[Looked]) -> list[list[Change]]:
    """What the first suggestions of two engines change alike."""
    masked = [text.masked for text in texts]
    found: list[list[Change]] = []
    for text, ours, theirs in zip(texts, one.lint(masked), two.lint(masked), strict=True):
        both = agreed(text.masked.text, _lints(ours), _lints(theirs))
        found.append([Change(*_whole(each.one), BOTH, CONSENSUS, CONSENSUS) for each in both])
    return found


def _whole(lint: Lint) -> tuple[int, int, str]:
    return lint.start, lint.end, lint.suggestions[0]


def _lints(verdict: Verdict) -> list[Lint]:
    return [] if isinstance(verdict, Unchecked) else verdict


def _confirmed(name: str, text: Looked, verdict: Verdict) -> Iterator[Change]:
    for proposal, lints in confirmed(text.masked.text, _lints(verdict), text.listed):
        for rule in dict.fromkeys(lint.rule for lint in lints):
            yield Change(proposal.start, proposal.end, proposal.after, name, rule, proposal.guard)


def _alone(name: str, text: Looked, verdict: Verdict) -> Iterator[Change]:
    for lint in _lints(verdict):
        if smallest(text.masked.text, lint) is not None:
            yield Change(lint.start, lint.end, lint.suggestions[0], name, lint.rule, ALONE)


def count(injected: Sequence[Injected], way: Way) -> list[Evidence]:
    """Of each engine, rule and guard: how many changes there are, and how many take an injected error back.

    A change that is also made to the text without errors is left out if a list proposes it: whether that is right, only
    a reader can say. What an engine alone says of such text counts as wrong, for nobody reads it.

    Args:
        injected: texts with errors.
        way: gives the changes of texts.
    """
    found: Counter[tuple[str, str, str]] = Counter()
    right: Counter[tuple[str, str, str]] = Counter()
    others: list[tuple[Injected, Change]] = []
    for one, several in _changes(injected, [one.text for one in injected], way):
        for change in several:
            if one.mended(change.start, change.end, change.after) is None:
                others.append((one, change))
            else:
                right[change.key] += 1
    before = {
        (one, change.replaces(one.original))
        for one, several in _changes([one for one, _ in others], [one.original for one, _ in others], way)
        for change in several
    }
    found.update(right)
    found.update(
        change.key
        for one, change in others
        if change.guard == ALONE or (one, change.replaces(one.text)) not in before
    )
    return [Evidence(*key, found=found[key], right=right[key]) for key in sorted(found)]


def _changes(
    injected: Sequence[Injected], texts: Sequence[str], way: Way
) -> Iterator[tuple[Injected, list[Change]]]:
    """The changes of texts, each with the injected one it belongs to."""
    open_texts = looked(texts)
    for text, several in zip(open_texts, way(open_texts), strict=True):
        yield injected[text.line], several


def looked(texts: Iterable[str]) -> list[Looked]:
    """Texts that nothing is given before, looked at."""
    return look((text, "") for text in texts)
