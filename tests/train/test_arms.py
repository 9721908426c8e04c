"""Arms differ from each other in what they are named after, and in nothing else."""

from __future__ import annotations

import random

import polars as pl
import pytest
from curate_train.arms import (
    CLEAN,
    RANDOM_DROP,
    RAW,
    WRONG_ROWS,
    arms_of,
    cleaning_between,
    misplaced,
    randomly_dropped,
    undone,
    within_budget,
    wrongly_edited,
)
from curate_train.dirt import KINDS, MIXED, plant
from curate_train.examples import Example, Turn, digest_of

from curate.api import scan_inputs
from curate.core.plan import Plan


def row(key: str, asked: str, answer: str) -> Example:
    return Example(key, (Turn("user", asked, trained=False), Turn("assistant", answer, trained=True)), key)


def texts(rows: list[Example]) -> list[str]:
    return [one.answer for one in rows]


def clause(at: int, first: str = "") -> str:
    return f"{first}Clause {at} says that the tenant's rent, due in month {at}, is paid. It holds."


SOUND = [row(f"k{at}", f"What does clause {at} say?", clause(at)) for at in range(40)]
RAW_ROWS = [
    row("n0", "buy now", "!!!"),
    *SOUND[:10],
    row("e10", "What does clause 10 say?", clause(10, "Teh ")),
    *SOUND[11:20],
    row("n1", "click", "here"),
    row("n2", "free", "money"),
    *SOUND[20:],
]


def test_what_cleaning_did_is_found() -> None:
    made = cleaning_between(RAW_ROWS, SOUND)
    assert [RAW_ROWS[at].key for at in made.dropped] == ["n0", "n1", "n2"]
    assert [(RAW_ROWS[one.at].key, one.after.key) for one in made.edited] == [("e10", "k10")]
    assert made.added == ()
    assert len(made.untouched) == 39


def test_an_edited_row_beside_dropped_ones_is_told_from_them() -> None:
    raw = [SOUND[0], row("x", "spam", "spam"), RAW_ROWS[11], row("y", "eggs", "eggs"), SOUND[30]]
    made = cleaning_between(raw, [SOUND[0], SOUND[10], SOUND[30]])
    assert [raw[at].key for at in made.dropped] == ["x", "y"]
    assert [raw[one.at].key for one in made.edited] == ["e10"]
    other = cleaning_between(raw, [SOUND[0], row("new", "Who?", "Nobody at all."), SOUND[30]])
    assert [one.key for one in other.added] == ["new"]


def test_raw_and_clean_are_raw_and_clean() -> None:
    arms = {arm.name: arm for arm in arms_of(cleaning_between(RAW_ROWS, SOUND), [0.5])}
    assert list(arms) == [RAW, CLEAN, RANDOM_DROP, WRONG_ROWS, "dose-0.5"]
    assert arms[RAW].make(3) == RAW_ROWS
    assert digest_of(arms[CLEAN].make(3)) == digest_of(SOUND)


def test_controls_with_nothing_to_do_are_left_out() -> None:
    assert [arm.name for arm in arms_of(cleaning_between(SOUND, SOUND), [0.5])] == [RAW, CLEAN]
    drops = cleaning_between([*SOUND, row("n", "a", "b")], SOUND)
    assert WRONG_ROWS not in [arm.name for arm in arms_of(drops, [])]


def test_doses_undo_a_share_of_the_changes() -> None:
    made = cleaning_between(RAW_ROWS, SOUND)
    raw, clean = set(texts(RAW_ROWS)), set(texts(SOUND))
    for share, left in ((0.0, 0), (0.5, 2), (0.75, 3), (1.0, 4)):
        assert len(set(texts(undone(made, share, 1))) & (raw - clean)) == left
    assert undone(made, 1.0, 1) == RAW_ROWS


def test_as_many_rows_are_dropped_by_chance() -> None:
    made = cleaning_between(RAW_ROWS, SOUND)
    assert len(randomly_dropped(made, 1)) == len(RAW_ROWS) - 3
    assert randomly_dropped(made, 1) == randomly_dropped(made, 1) != randomly_dropped(made, 2)


def test_edits_go_to_rows_without_fault() -> None:
    made = cleaning_between(RAW_ROWS, SOUND)
    rows = wrongly_edited(made, 1)
    assert len(rows) == len(SOUND)
    assert "e10" in {one.key for one in rows}
    changed = [one for one in rows if one.key not in {other.key for other in RAW_ROWS}]
    assert len(changed) == 1
    assert len(changed[0].answer.split()) == len(SOUND[0].answer.split()) - 1


def test_an_edit_is_made_at_the_same_relative_place() -> None:
    before, after = row("a", "q", "one two three bad five six"), row("b", "q", "one two three good five six")
    victim = row("c", "q", "aa bb cc dd ee ff")
    assert misplaced(before, after, victim).answer == "aa bb cc good ee ff"
    assert misplaced(before, after, victim).turns[0] == victim.turns[0]
    assert misplaced(before, after, victim).key != victim.key


def test_a_budget_is_reached_and_hardly_passed() -> None:
    sizes = [at % 7 for at in range(40)]
    made = within_budget(SOUND, sizes, 300, 5)
    spent = sum(sizes[SOUND.index(one)] for one in made)
    assert 300 <= spent < 300 + 6
    assert made == within_budget(SOUND, sizes, 300, 5) != within_budget(SOUND, sizes, 300, 6)
    assert all(sizes[SOUND.index(one)] for one in made)
    counts = [made.count(one) for one, size in zip(SOUND, sizes, strict=True) if size]
    assert max(counts) - min(counts) <= 1
    assert within_budget(SOUND, [0] * 40, 300, 5) == []


def test_a_budget_below_a_pass_holds_the_share_of_dirt() -> None:
    many = [row(f"k{at}", f"Clause {at}?", clause(at)) for at in range(2000)]
    for seed in range(5):
        spoiled = plant(many, "refusal", 0.3, seed)
        taken = within_budget(spoiled, [10] * 2000, 6000, seed)
        share = sum("lease" not in one.answer and "rent" not in one.answer for one in taken) / len(taken)
        assert share == pytest.approx(0.3, abs=0.06)


@pytest.mark.parametrize("kind", [*KINDS, MIXED])
def test_dirt_spoils_a_share_of_the_answers(kind: str) -> None:
    made = plant(SOUND, kind, 0.3, 7)
    changed = [at for at, (one, other) in enumerate(zip(SOUND, made, strict=True)) if one != other]
    assert len(changed) == 12
    assert all(made[at].turns[0] == SOUND[at].turns[0] and made[at].key != SOUND[at].key for at in changed)
    more = plant(SOUND, kind, 0.6, 7)
    if kind != MIXED:
        assert all(more[at] == made[at] for at in changed)
    assert plant(SOUND, kind, 0.3, 7) == made
    assert plant(SOUND, kind, 0.0, 7) == SOUND


@pytest.mark.parametrize("kind", [kind for kind, dirt in KINDS.items() if dirt.check])
def test_curate_sees_the_dirt_that_a_check_looks_for(kind: str) -> None:
    draw = random.Random(1)  # noqa: S311 (texts, no secrets)
    answer = (
        "The tenant's rent is due on the first day of each month. If it isn't paid within seven days, the landlord may "
        "charge a fee, which the lease must name. A court can set the fee aside where it is out of proportion."
    )
    rows = [
        row(f"r{at}", f"Explain clause {at} of the lease to a tenant.", f"{answer} See clause {at}.")
        for at in range(30)
    ]
    draw.shuffle(rows)
    spoiled = [one for one in plant(rows, kind, 0.5, 3) if one not in rows]
    frame = pl.DataFrame({"prompt": [one.turns[0].content for one in spoiled], "completion": texts(spoiled)})
    found = scan_inputs((frame,), Plan(select=(KINDS[kind].check,))).found
    seen = 0.1 if kind == "cut-off" else 0.8  # that check reports only what cannot be an end
    assert len(set(found[KINDS[kind].check]["row"])) >= seen * len(spoiled)
