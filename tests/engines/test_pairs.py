"""Groups of rows side by side: what is in them, and what is left out."""

from __future__ import annotations

import json
import time
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.ledger import read_ledger
from curate.core.plan import Plan
from curate.engines.deduping import Deduped, Rules, dedup
from curate.engines.pairs import MOST_DIFFERENCES, MOST_MEMBERS, MOST_OF_ONE, pairs_of, removals_of
from curate.reports.pairs_json import render_pairs_json
from curate.text.word_diff import MOST_SHOWN, MOST_WORDS, word_diff

if TYPE_CHECKING:
    from pathlib import Path

    from curate.core.pairs import Piece, Side

ASK = "Explain in plain English what escrow means to the buyer of a house, and write to jo.doe@corp.example for more."
ANSWER = "A third party holds the money until both sides have done their part."


LOOSE = Rules(threshold=Fraction(3, 5))


def run(folder: Path, rows: list[tuple[str, str]], **options: Any) -> Deduped:
    path = folder / "data.jsonl"
    lines = [json.dumps({"instruction": ask, "output": answer}) + "\n" for ask, answer in rows]
    path.write_text("".join(lines), "utf-8")
    return dedup(path, out=folder / "out.jsonl", force=True, **options)


def text_of(pieces: tuple[Piece, ...] | None) -> str:
    return "".join(piece.text for piece in pieces or ())


def changed(pieces: tuple[Piece, ...] | None) -> list[str]:
    return [piece.text for piece in pieces or () if piece.is_changed]


def all_text(side: Side) -> str:
    return side.head + "".join(text_of(section.pieces) for section in side.sections)


def test_members_stand_with_the_one_row_that_is_kept(tmp_path: Path) -> None:
    done = run(
        tmp_path, [(ASK, ANSWER), ("Please " + ASK, ANSWER), ("What is rent?", "Money."), (ASK + " ", ANSWER)]
    )
    (group,) = pairs_of(done, Plan(), 5)
    assert group.is_removal
    assert group.kept.place.line == 1
    assert [member.side.place.line for member in group.members] == [2, 4]
    asks, answers = group.members[0].side.sections
    assert changed(asks.pieces) == ["Please "]
    assert answers.pieces is None
    assert not any(changed(section.pieces) for section in group.kept.sections)


def test_keys_are_those_of_the_ledger(tmp_path: Path) -> None:
    done = run(tmp_path, [(ASK, ANSWER), (ASK, ANSWER), ("Please " + ASK, ANSWER)])
    told = {
        member.side.place.key: group.kept.place.key
        for group in removals_of(done, Rules(), Plan()).groups
        for member in group.members
    }
    entries = read_ledger(done.dropped.ledger).entries()
    assert told == {entry.key: (entry.related or {})["key"] for entry in entries}
    assert len(told) == 2


def test_variants_stay_and_say_what_differs(tmp_path: Path) -> None:
    done = run(tmp_path, [(ASK, ANSWER), (ASK.replace("buyer", "seller"), ANSWER)], rules=LOOSE)
    (group,) = removals_of(done, LOOSE, Plan(), 5).alike
    assert group.kind == "variant"
    assert changed(group.kept.sections[0].pieces) == ["buyer"]
    assert changed(group.members[0].side.sections[0].pieces) == ["seller"]


def test_no_text_is_read_or_told_when_none_may_be_shown(tmp_path: Path) -> None:
    rows = [(ASK, ANSWER), ("Please " + ASK, ANSWER), (ASK.replace("buyer", "seller"), ANSWER)]
    told = removals_of(run(tmp_path, rows, rules=LOOSE), LOOSE, Plan(show_text=False), 5)
    assert told.groups
    assert told.alike
    for group in (*told.groups, *told.alike):
        assert [all_text(side) for side in (group.kept, *(one.side for one in group.members))] == ["", ""]
        assert all(not here + there for one in group.members for _, here, there in one.differences)
    assert "seller" not in render_pairs_json(told)
    assert told.groups[0].members[0].differences[0][0] == "courtesy"


def test_private_data_is_masked_before_it_is_cut(tmp_path: Path) -> None:
    rows = [(ASK, ANSWER), ("Please " + ASK, ANSWER)]
    for plan, is_seen in ((Plan(), False), (Plan(show_pii=True), True)):
        (group,) = pairs_of(run(tmp_path, rows), plan, 5)
        assert ("jo.doe@corp.example" in all_text(group.kept)) is is_seen


def test_what_differs_in_masked_data_alone_is_not_called_the_same(tmp_path: Path) -> None:
    done = run(tmp_path, [(ASK, ANSWER), (ASK.replace("jo.doe@", "al.roe@"), ANSWER)], rules=LOOSE)
    (group,) = pairs_of(done, Plan(), 5)
    pieces = group.members[0].side.sections[0].pieces
    assert pieces is not None
    assert not changed(pieces)


SECRETS = [
    ("Card 4111 1111 1111 1111 is lost.", "Card 4111 1111, 1111 1111 is lost.", "1111"),
    ("Card 4111 1111 1111 1111, is lost.", "Card 4111 1111 1111 1111 is lost.", "1111"),
    ("Write to jo.doe@corp.example, or wait.", "Write to jo.doe@corp.example or wait.", "doe"),
    ("Write to jo.doe@corp.example or wait.", "Write to jo.doe,@corp.example or wait.", "doe"),
    ("Write to jo.doe@corp.example or wait.", "Write to Jo.Doe@corp.example or wait.", "doe"),
]


@pytest.mark.parametrize(("one", "two", "secret"), SECRETS)
@pytest.mark.parametrize("most", [None, 5])
def test_no_piece_of_what_is_masked_is_told(
    tmp_path: Path, one: str, two: str, secret: str, most: int | None
) -> None:
    filler = " Say in one short sentence what the holder has to do now, and whom else to tell at the bank."
    done = run(tmp_path, [(one + filler, ANSWER), (two + filler, ANSWER)], rules=LOOSE)
    told = removals_of(done, LOOSE, Plan(), most)
    groups = (*told.groups, *told.alike, *pairs_of(done, Plan(), 5))
    members = [member for group in groups for member in group.members]
    differences = [one for member in members for one in member.differences]
    assert differences
    assert not any(secret in piece.lower() for _, *pieces in differences for piece in pieces)
    open_ = removals_of(done, LOOSE, Plan(show_pii=True), most)
    shown = [d for g in (*open_.groups, *open_.alike) for m in g.members for d in m.differences]
    assert any(secret in piece.lower() for _, *pieces in shown for piece in pieces)


def test_a_piece_that_stands_in_the_masked_text_is_told(tmp_path: Path) -> None:
    rows = [(ASK, ANSWER), (ASK.replace("buyer", "seller’s agent"), ANSWER), (f"Please {ASK}", ANSWER)]
    told = removals_of(run(tmp_path, rows, rules=LOOSE), LOOSE, Plan())
    pieces = [d for g in (*told.groups, *told.alike) for m in g.members for d in m.differences]
    assert any("Please" in here + there for _, here, there in pieces)
    assert any("buyer" in (here, there) for _, here, there in pieces)
    assert not any("█" in here + there for _, here, there in pieces)


def test_turns_that_all_rows_share_are_left_out_and_counted(tmp_path: Path) -> None:
    def chat(last: str) -> str:
        texts = [
            ("system", "You help."),
            ("user", "Hello there"),
            ("assistant", "Yes?"),
            ("user", last),
            ("assistant", ANSWER),
        ]
        return json.dumps({"messages": [{"role": role, "content": text} for role, text in texts]}) + "\n"

    path = tmp_path / "chats.jsonl"
    path.write_text(chat(ASK) + chat("Please " + ASK), "utf-8")
    (group,) = pairs_of(dedup(path, out=tmp_path / "o.jsonl"), Plan(), 5)
    assert group.same_turns == 3
    assert [section.name for section in group.kept.sections] == ["user", "answer"]


def test_many_groups_are_sampled_over_the_data_and_many_members_are_cut(tmp_path: Path) -> None:
    rows = [(f"Name {n} rivers of Peru in order.", f"The first {n}") for n in range(100, 140)]
    many = [(rows[0][0] + " " * n, rows[0][1]) for n in range(1, 21)]
    done = run(tmp_path, [*rows, *many, *[("Please " + ask, answer) for ask, answer in rows[1:]]])
    told = removals_of(done, Rules(), Plan(), 4)
    assert told.near_groups == 40
    assert [group.kept.place.line for group in told.groups] == [1, 11, 21, 31]
    assert (len(told.groups[0].members), told.groups[0].more) == (MOST_MEMBERS, 20 - MOST_MEMBERS)
    every = json.loads(render_pairs_json(removals_of(done, Rules(), Plan())))
    assert sum(len(group["removed"]) for group in every["groups"]) == every["rows"]["dropped"] == 59
    assert every["groups_left_out"] == 0
    assert max(len(one["differences"]) for group in every["groups"] for one in group["removed"]) >= 1


def test_rows_that_other_data_has_name_its_row(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(json.dumps({"instruction": ASK, "output": ANSWER}) + "\n", "utf-8")
    rules = Rules(against=(corpus,))
    done = run(tmp_path, [("What is rent?", "Money."), ("Please " + ASK, ANSWER)], rules=rules)
    told = removals_of(done, rules, Plan(), 5)
    assert told.known_rows == 1
    (group,) = told.known
    assert (group.kept.place.file, group.kept.place.line) == (str(corpus), 1)
    assert group.members[0].side.place.line == 2
    assert group.members[0].side.head.startswith("Please Explain")


def test_a_megabyte_is_cut_around_what_differs_in_little_time(tmp_path: Path) -> None:
    long = " ".join(f"w{number} and" for number in range(40_000))
    done = run(tmp_path, [(f"{long} A cat sat. {long}", ANSWER), (f"{long} A Cat sat. {long}", ANSWER)])
    started = time.perf_counter()
    told = removals_of(done, Rules(), Plan(), 50)
    assert time.perf_counter() - started < 5
    assert len(told.groups) + len(told.alike) == 1
    for group in (*told.groups, *told.alike):
        for side in (group.kept, *(one.side for one in group.members)):
            assert len(all_text(side)) < 2 * MOST_SHOWN
            assert "cat" in all_text(side).lower()


def test_a_difference_is_cut(tmp_path: Path) -> None:
    done = run(
        tmp_path, [(ASK, ANSWER), (ASK.upper().replace("JO.DOE@CORP.EXAMPLE", "jo.doe@corp.example"), ANSWER)]
    )
    told = removals_of(done, Rules(), Plan())
    members = [one for group in (*told.groups, *told.alike) for one in group.members]
    assert members
    assert all(len(here) <= MOST_OF_ONE + 1 for one in members for _, here, _ in one.differences)
    assert MOST_DIFFERENCES < 50


@pytest.mark.parametrize(
    ("one", "two", "here", "there"),
    [
        ("pay £14,400 now", "pay £16,800 now", ["14,400"], ["16,800"]),
        ("a b c", "a x y c", ["b"], ["x y"]),
        ("a  b", "a b", ["  "], [" "]),
        ("a b", "a b c", [], [" c"]),
        ("", "a", [], ["a"]),
        ("a", "", ["a"], []),
        ("don't go", "do go", ["don't"], ["do"]),
        ("same", "same", [], []),
    ],
)
def test_words_that_differ(one: str, two: str, here: list[str], there: list[str]) -> None:
    left, (right,) = word_diff(one, [two])
    assert changed(left) == here
    assert changed(right) == there
    assert text_of(left) == one
    assert (right is None) is (one == two)


def test_a_text_is_changed_where_any_other_lacks_it() -> None:
    left, others = word_diff("a b c d", ["a c d", "a b c"])
    assert changed(left) == ["b ", " d"]
    assert [changed(one) for one in others] == [[], []]


def test_both_sides_of_a_gap_are_shown_alike() -> None:
    long = " ".join(str(number) for number in range(1000))
    left, (right,) = word_diff(f"{long} , {long}", [f"{long} {long}"])
    assert [piece.skipped for piece in left if piece.skipped] == [p.skipped for p in right or () if p.skipped]


@pytest.mark.parametrize("place", [0, 150_000, 299_000])
def test_a_secret_at_the_edge_of_a_window_is_masked(tmp_path: Path, place: int) -> None:
    words = "".join(f"w{number} and " for number in range(30_000))[:300_000]
    secret = " jo.doe@corp.example " * 1200
    ask = words[:place] + secret + words[place:]
    done = run(
        tmp_path, [(ask + "now?", ANSWER), (ask[: place + 12_600] + "Cat " + ask[place + 12_600 :], ANSWER)]
    )
    told = removals_of(done, Rules(), Plan(), 5)
    assert told.alike
    for group in told.alike:
        for side in (group.kept, group.members[0].side):
            assert "doe" not in all_text(side)
            assert "corp" not in all_text(side)


def test_words_pushed_over_the_end_of_what_is_compared_are_not_called_changed() -> None:
    long = " ".join(f"w{number}" for number in range(3 * MOST_WORDS))
    left, (right,) = word_diff("Sum up: " + long, ["Please sum up: " + long])
    assert changed(left) == ["Sum"]
    assert changed(right) == ["Please sum"]


def test_every_character_is_shown_or_counted() -> None:
    one = " ".join(f"w{number}" for number in range(5 * MOST_WORDS))
    two = one.replace("w1", "v1")
    for pieces, whole in zip(
        (word_diff(one, [two])[0], word_diff(one, [two])[1][0]), (one, two), strict=True
    ):
        assert pieces is not None
        assert sum(len(piece.text) + piece.skipped for piece in pieces) == len(whole)
        assert sum(len(piece.text) for piece in pieces) <= MOST_SHOWN
