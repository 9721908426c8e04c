"""Which offers become edits of a row: the plan's policy, the locks, overlaps, and both sides of a preference."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from curate.engines.calls import NO_JSON, stays_json
from curate.engines.repairing_locks import ANSWERS, DIGITS, damaging, refused
from curate.engines.repairing_sides import standing
from curate.engines.repairing_texts import Change, apply, choose, keeps_digits
from curate.engines.staging import lower

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from curate.engines.repairing_locks import Spot

EMPTY = "the {} would be empty"
OTHER_SIDE = "it is not made in the other answer"

CHARACTERS = ("text", "template", "answer")
"""Families of edits that repair how a text is stored, which no code, address or formula may be changed by."""


@dataclass
class Offer:
    """An edit that is offered for a text.

    Attributes:
        change: the edit.
        policy: of the text's part.
        is_own: whether a check offers it.
        is_locked: whether all locks hold for it.
        refused: why it is not made; empty as long as nothing speaks against it.
    """

    change: Change
    policy: str
    is_own: bool
    is_locked: bool
    refused: str = ""

    @property
    def may(self) -> str:
        """What may become of it: ``auto``, ``suggest``, ``report`` or ``off``."""
        return lower(self.policy, self.change.safety)


@dataclass
class Decision:
    """What becomes of the offers for a row.

    Attributes:
        chosen: by text, the edits to make, in order.
        suggested: by text, what is only suggested, and what would have been made but for a lock.
        reported: by text, what is only counted.
        left: by text, repairs of checks that are not made.
    """

    chosen: dict[Spot, list[Change]] = field(default_factory=dict)
    suggested: dict[Spot, list[tuple[Change, str]]] = field(default_factory=dict)
    reported: dict[Spot, list[str]] = field(default_factory=dict)
    left: dict[Spot, list[Offer]] = field(default_factory=dict)


def decide(
    offered: Mapping[Spot, Sequence[Offer]],
    *,
    is_pair: bool,
    frozen: str = "",
    is_unsafe: Callable[[str], bool] = lambda _: False,
) -> Decision:
    """What becomes of what one stage offers for the texts of a row.

    Args:
        offered: by text.
        is_pair: whether the row has a chosen and a rejected answer: then a class of edits is made in both or in none.
        frozen: why the row stays as it is, if it does.
        is_unsafe: whether suggestions of a class are applied.
    """
    changing = {
        spot: [one for one in several if _changes(spot.text, one)] for spot, several in offered.items()
    }
    made = _Making(changing, frozen, is_unsafe)
    chosen = made.choose()
    while is_pair and made.ban(one_sided(made.refusals()) | standing(chosen, CHARACTERS)):
        chosen = made.choose()
    return _decision(changing, chosen, made)


def _changes(text: str, offer: Offer) -> bool:
    change = offer.change
    return 0 <= change.start <= change.end <= len(text) and text[change.start : change.end] != change.after


class _Making:
    """The offers of a row that may be made, and what is refused among them."""

    def __init__(
        self, offered: Mapping[Spot, Sequence[Offer]], frozen: str, is_unsafe: Callable[[str], bool]
    ) -> None:
        def is_allowed(one: Offer) -> bool:
            return one.may == "auto" or (one.may == "suggest" and is_unsafe(one.change.check))

        self.spots = {spot: list(filter(is_allowed, several)) for spot, several in offered.items()}
        for spot, several in self.spots.items():
            for one in several:
                one.refused = frozen or _held_back(spot, one)

    def choose(self) -> dict[Spot, list[Change]]:
        """The edits of each text that stand; a text that would be empty then keeps all of them out."""
        chosen: dict[Spot, list[Change]] = {}
        for spot, several in self.spots.items():
            sound = choose(spot.text, (one.change for one in several if not one.refused))
            wrong = _spoilt(spot, apply(spot.text, sound)) if sound else ""
            for one in several if wrong else ():
                one.refused = one.refused or (wrong if one.change in sound else "")
            if sound and not wrong:
                chosen[spot] = sound
        return chosen

    def refusals(self) -> Iterable[tuple[str, str]]:
        """Part and class of each edit that is refused."""
        for spot, several in self.spots.items():
            yield from ((spot.part, one.change.check) for one in several if one.refused)

    def ban(self, classes: frozenset[str]) -> bool:
        """Refuse edits of some classes in both answers; whether there was one left."""
        found = False
        for spot, several in self.spots.items():
            for one in several if spot.part in ANSWERS else ():
                if one.change.check in classes and not one.refused:
                    one.refused = OTHER_SIDE
                    found = True
        return found


def one_sided(refusals: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The classes of edits that are refused in an answer, from their parts and classes."""
    return frozenset(name for part, name in refusals if part in ANSWERS)


def _spoilt(spot: Spot, after: str) -> str:
    """What is wrong with a text after its edits, or nothing."""
    if not after.strip():
        return EMPTY.format("answer" if spot.part in ANSWERS else "text")
    return NO_JSON if spot.is_call and not stays_json(spot.text, after) else ""


def _held_back(spot: Spot, offer: Offer) -> str:
    if offer.is_locked:
        return refused(spot, offer.change)
    family = _family(offer.change)
    if family in CHARACTERS:
        return damaging(spot, offer.change)
    return DIGITS if offer.is_own and not keeps_digits(spot.text, [offer.change]) else ""


def _family(change: Change) -> str:
    return change.check.partition(".")[0]


def _decision(
    offered: Mapping[Spot, Sequence[Offer]], chosen: dict[Spot, list[Change]], made: _Making
) -> Decision:
    decision = Decision(chosen)
    for spot, several in offered.items():
        tried = made.spots[spot]
        for one in several:
            is_tried = any(one is other for other in tried)
            if one.is_own and one.refused:
                decision.left.setdefault(spot, []).append(one)
            elif (is_tried and one.refused) or (not is_tried and one.may == "suggest"):
                decision.suggested.setdefault(spot, []).append((one.change, one.refused))
            elif not is_tried and one.may == "report":
                decision.reported.setdefault(spot, []).append(one.change.check)
    return decision
