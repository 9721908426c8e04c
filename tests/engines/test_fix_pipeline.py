"""The stages of a fix: what is made, what is suggested, which lock holds what, and that a second run finds nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curate.core.errors import CheckError, MissingExtraError, UsageError
from curate.core.fix_plan import FixPlan
from curate.core.ledger import Entry, read_ledger, restore
from curate.core.plan import Plan
from curate.engines import editors as making
from curate.engines.editors import equip
from curate.engines.local import InlineEngine, PoolEngine
from curate.engines.repairing import Fixed, fix
from curate.engines.repairing_locks import Spot
from curate.engines.repairing_sides import standing
from curate.engines.repairing_texts import Change
from curate.fixing.text_repair import TextRepair
from tests.editors_lab import GrammarWords, TermWords, TextWords, Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from curate.fixing.editor import Editor

    Rules = tuple[tuple[str, str, str], ...]

SPELLING = ("grammar.spelling", r"\brecieve\b", "receive")
MARK = "\u200b"
WELCOME = ("grammar.spelling", r"\bwellcome\b", "welcome")


def write(path: Path, rows: Sequence[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def run(
    path: Path, *editors: Editor, plan: Plan | None = None, **options: Any
) -> tuple[Fixed, list[dict[str, Any]], list[Entry]]:
    """What a fix did; that it is undone by its ledger, and that a second one changes nothing, is always held."""
    out = path.with_name(f"out{path.suffix}")
    plan = plan or Plan()
    done = fix(path, out=out, plan=plan, editors=editors, force=True, **options)
    assert done.ledger is not None
    ledger = read_ledger(done.ledger)
    entries = list(ledger.entries())
    assert restore(ledger, out.read_bytes()) == path.read_bytes()
    again = out.with_name(f"again{path.suffix}")
    second = fix(out, out=again, plan=plan, editors=editors, force=True)
    assert (second.rows.edited, second.edits) == (0, ())
    assert again.read_bytes() == out.read_bytes()
    told = [
        (one.at, one.span, one.before, one.after, one.refused) for one in entries if one.action == "suggest"
    ]
    assert second.ledger is not None
    found = read_ledger(second.ledger).entries()
    assert [(one.at, one.span, one.before, one.after, one.refused) for one in found] == told
    return done, [json.loads(line) for line in out.read_text("utf-8").splitlines()], entries


def ask(prompt: str, answer: str, **more: str) -> dict[str, str]:
    return {"prompt": prompt, "completion": answer, **more}


def test_safe_edits_are_made_in_answers(tmp_path: Path) -> None:
    path = write(
        tmp_path / "in.jsonl", [ask("Did you get it, wellcome?", "We recieve it."), ask("Hm", "Yes.")]
    )
    done, rows, entries = run(path, GrammarWords((SPELLING, WELCOME)))
    assert rows == [ask("Did you get it, wellcome?", "We receive it."), ask("Hm", "Yes.")]
    assert done.edits == (("grammar.spelling", 1, 1),)
    one = entries[0]
    assert (one.action, one.at, one.before, one.after) == ("edit", "/completion", "recieve", "receive")
    assert (one.rule, one.engine, one.safety, one.refused) == (r"\brecieve\b", "words/1", "auto", "")
    assert done.ledger is not None
    decided = read_ledger(done.ledger).header.plan["fix"]
    assert isinstance(decided, dict)
    assert "GrammarWords" in decided["editors"][0]


def test_what_is_only_suggested_is_written_down_and_not_made(tmp_path: Path) -> None:
    rows = [ask("Did it come?", "You recieve it,\u200b and so on. You are wellcome.")]
    path = write(tmp_path / "in.jsonl", rows)
    editors = (GrammarWords((SPELLING,), safety="suggest"), GrammarWords((WELCOME,), safety="report"))
    done, after, entries = run(path, *editors)
    assert after[0]["completion"] == "You recieve it, and so on. You are wellcome."
    assert done.suggestions == (("grammar.spelling", "", 1, 1),)
    assert done.reported == (("grammar.spelling", 1, 1),)
    edit, suggestion = entries
    assert (edit.action, suggestion.action) == ("edit", "suggest")
    assert (suggestion.safety, suggestion.refused, suggestion.bytes, suggestion.raw) == (
        "suggest",
        "",
        None,
        "",
    )
    assert suggestion.key == edit.key
    assert suggestion.new_key == edit.new_key
    assert suggestion.span is not None
    assert after[0]["completion"][slice(*suggestion.span)] == suggestion.before == "recieve"
    unsafe = Plan(fix=FixPlan(unsafe=("grammar.spelling",)))
    done, after, entries = run(path, *editors, plan=unsafe)
    assert after[0]["completion"] == "You receive it, and so on. You are wellcome."
    assert {one.safety for one in entries if one.check == "grammar.spelling"} == {"suggest"}


LOCKED = {
    "copy": ("The word recieve is wrong.", "You recieve it.", SPELLING, "copy"),
    "protected": ("Say it.", "Call `recieve` here.", SPELLING, "protected: "),
    "digits": ("How many?", "We have 3 dogs.", ("grammar.x", "3 dogs", "4 dogs"), "meaning: number"),
    "negation": ("May I?", "You should not go there.", ("grammar.x", "not go", "go"), "meaning: "),
    "lines": ("May I?", "You may go.\nNow.", ("grammar.x", "go.\nNow", "go. Now"), "meaning: lines"),
}


@pytest.mark.parametrize("name", LOCKED)
@pytest.mark.parametrize("unsafe", [False, True])
def test_locks_hold(tmp_path: Path, name: str, unsafe: bool) -> None:
    prompt, answer, pair, lock = LOCKED[name]
    path = write(tmp_path / "in.jsonl", [ask(prompt, answer)])
    done, rows, entries = run(
        path, GrammarWords((pair,)), plan=Plan(fix=FixPlan(unsafe=("all",) if unsafe else ()))
    )
    assert rows == [ask(prompt, answer)]
    assert [one.action for one in entries] == ["suggest"]
    assert entries[0].refused.startswith(lock)
    assert entries[0].safety == "auto"
    assert done.suggestions[0][1].startswith(lock)


def test_what_the_answer_copies_stays_in_the_prompt_as_well(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ask("They recieve it.", "recieve"), ask("I recieve it.", "Good.")])
    plan = Plan(fix=FixPlan(fields={"prompt": "auto"}))
    _, rows, _ = run(path, GrammarWords((SPELLING,)), plan=plan)
    assert rows == [ask("They recieve it.", "recieve"), ask("I receive it.", "Good.")]


@pytest.mark.parametrize(
    ("policy", "answer", "told"),
    [
        ("auto", "We receive it.", (1, 0, 0)),
        ("suggest", "We recieve it.", (0, 1, 0)),
        ("report", "We recieve it.", (0, 0, 1)),
        ("off", "We recieve it.", (0, 0, 0)),
    ],
)
def test_the_policy_of_a_part(tmp_path: Path, policy: str, answer: str, told: tuple[int, int, int]) -> None:
    path = write(tmp_path / "in.jsonl", [ask("Where is the\u200b dog?", "We recieve it.")])
    plan = Plan(fix=FixPlan(fields={"target": policy}))
    done, rows, _ = run(path, GrammarWords((SPELLING,)), plan=plan)
    assert rows == [ask("Where is the dog?", answer)]
    of = "grammar.spelling"
    found = (done.edits, done.suggestions, done.reported)
    assert tuple(sum(one[0] == of for one in several) for several in found) == told


def pair(prompt: str, chosen: str, rejected: str) -> dict[str, str]:
    return {"prompt": prompt, "chosen": chosen, "rejected": rejected}


def test_both_answers_of_a_preference_or_none(tmp_path: Path) -> None:
    rows = [
        pair("May I?", "You recieve it.", "They recieve it."),
        pair("May I?", "You recieve it.", "Say `recieve` to them."),
        pair("May I?", "You recieve it.", "They are here."),
    ]
    path = write(tmp_path / "in.jsonl", rows)
    done, after, entries = run(path, GrammarWords((SPELLING,)))
    assert after == [
        pair("May I?", "You receive it.", "They receive it."),
        rows[1],
        pair("May I?", "You receive it.", "They are here."),
    ]
    held = [one.refused for one in entries if one.action == "suggest"]
    assert held[0] == "it is not made in the other answer"
    assert done.edits == (("grammar.spelling", 3, 2),)
    plan = Plan(fix=FixPlan(fields={"rejected": "off"}))
    assert run(path, GrammarWords((SPELLING,)), plan=plan)[1] == rows


def test_repairs_of_characters_keep_both_answers_level(tmp_path: Path) -> None:
    rows = [pair("May I~?", "Yes~", "No~1"), pair("May I~?", "Yes~", "No~")]
    path = write(tmp_path / "in.jsonl", rows)
    done, after, _ = run(path, TextWords((("text.tilde", r"~\d?", ""),)))
    assert after == [pair("May I?", "Yes~", "No~1"), pair("May I?", "Yes", "No")]
    assert set(done.suggestions) == {
        ("text.tilde", "its digits would change", 1, 1),
        ("text.tilde", "it is not made in the other answer", 1, 1),
    }


def test_terms_come_before_grammar_and_text_before_both(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ask("Hm", "The car was a re\u200bcieve.")])
    editors = (
        GrammarWords((("grammar.a", "a automobile", "an automobile"),)),
        TermWords((("terms.variant", r"\brecieve\b", "automobile"),)),
    )
    _, rows, entries = run(path, *editors)
    assert rows[0]["completion"] == "The car was an automobile."
    assert [one.action for one in entries] == ["edit"]
    assert {entries[0].check, *entries[0].also} == {"text.invisible", "terms.variant", "grammar.a"}


def test_a_row_that_says_something_else_at_the_end_goes_back(tmp_path: Path) -> None:
    """Each edit alone keeps the meaning, and two of them do not: the row is as it was after the repairs."""
    path = write(tmp_path / "in.jsonl", [ask("Hm", "You\u200b may noqwt go.")])
    words = GrammarWords((("grammar.one", "q(?=w)", ""), ("grammar.two", "(?<=q)w", "")))
    done, rows, entries = run(path, words)
    assert rows[0]["completion"] == "You may noqwt go."
    assert [one.check for one in entries if one.action == "edit"] == ["text.invisible"]
    held = [(one.before, one.refused) for one in entries if one.action == "suggest"]
    why = "all edits of the row taken back: together they change its meaning: negation"
    assert held == [("q", why), ("w", why)]
    assert sum(count for *_, count, _ in done.suggestions) == len(held)


def test_edits_without_an_end_are_not_made(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ask("Hm", "The cat\u200b is here."), ask("Hm", "Fine.")])
    swap = (("grammar.swap", r"\bcat\b", "dog"), ("grammar.back", r"\bdog\b", "cat"))
    done, rows, entries = run(path, GrammarWords(swap))
    assert [row["completion"] for row in rows] == ["The cat is here.", "Fine."]
    assert [one.refused for one in entries if one.action == "suggest"] == [
        "the repairs do not come to an end"
    ]
    assert done.edits == (("text.invisible", 1, 1),)


def test_the_longest_of_overlapping_offers_is_made(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ask("Hm", "It is alot of them.")])
    words = GrammarWords((("grammar.a", "alot", "many"), ("grammar.b", "alot of", "a lot of")))
    assert run(path, words)[1][0]["completion"] == "It is a lot of them."


def test_texts_that_cannot_be_looked_at_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ask("Hm", "xyzzy"), ask("Hm", "We recieve it.")])
    done, _, _ = run(path, GrammarWords((SPELLING,), unable="xyzzy"))
    assert done.unchecked == (("grammar", "it could not be read", 1, 1),)
    assert not done.is_checked


def test_an_editor_that_crashes_is_named(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ask("Hm", "Fine.")])
    with pytest.raises(CheckError, match="the editor of text crashed"):
        fix(path, out=None, editors=(TextWords((("text.a", "(", "b"),)),))
    assert Words.kind == "text"


def test_selection_holds_for_classes_of_edits(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ask("Hm", "They recieve it.\u200b A wellcome.")])
    words = GrammarWords((SPELLING, ("grammar.other", r"\bwellcome\b", "welcome")))
    plan = Plan(select=("grammar.other",))
    assert run(path, words, plan=plan)[1][0]["completion"] == "They recieve it.\u200b A welcome."
    plan = Plan(ignore=("grammar.other",))
    assert run(path, words, plan=plan)[1][0]["completion"] == "They receive it. A wellcome."
    only = Plan(fix=FixPlan(only=("grammar",)))
    assert run(path, words, plan=only)[1][0]["completion"] == "They receive it.\u200b A welcome."


class Shared(InlineEngine):
    """One process that is given shares, as several are."""

    partitions = 3


def test_workers_and_shares_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ask(f"Say {n}", f"We recieve{n} it. We recieve it, {MARK * (n % 2)}{n}.") for n in range(300)]
    path = write(tmp_path / "in.jsonl", rows)
    words = GrammarWords((SPELLING,), unable="recieve77 ")
    written = []
    monkeypatch.setattr("curate.engines.repairing.SHARE", 4096)
    for made in (InlineEngine, Shared, lambda: PoolEngine(2)):
        with made() as engine:
            done = fix(path, out=tmp_path / "out.jsonl", editors=(words,), force=True, engine=engine)
        assert done.ledger is not None
        written.append(((tmp_path / "out.jsonl").read_bytes(), done.ledger.read_bytes(), done))
    assert written[0] == written[1] == written[2]
    assert written[0][2].rows.edited > 150


def test_tables_take_edits_in_shares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import polars as pl  # noqa: PLC0415 (used here only)

    frame = pl.DataFrame({"prompt": ["Hm"] * 50, "completion": [f"We recieve it, {n}." for n in range(50)]})
    frame.write_parquet(tmp_path / "in.parquet")
    monkeypatch.setattr("curate.engines.repairing.SHARE", 200)
    words = (GrammarWords((SPELLING,)),)
    done = fix(tmp_path / "in.parquet", out=tmp_path / "out.parquet", editors=words, engine=Shared())
    written = pl.read_parquet(tmp_path / "out.parquet")
    assert written["completion"].to_list() == [f"We receive it, {n}." for n in range(50)]
    assert done.ledger is not None
    assert [one.row for one in read_ledger(done.ledger).entries()] == list(range(1, 51))


VOCABULARY = (
    *("recieve", "receive", "wellcome", "not", "don't", "dont", "may", "12", "mg", "`x = recieve`", "NASA"),
    *("the cat", "dog", "\u200b", "<|im_end|>", "LÃ¼beck", "\n", ".", " ", "alot of", "Paris", "“recieve”"),
)
TEXTS = st.lists(st.sampled_from(VOCABULARY), max_size=8).map(" ".join)
RULES = st.lists(
    st.tuples(
        st.sampled_from(["grammar.a", "grammar.b"]),
        st.sampled_from([r"\brecieve\b", "not", "cat", "dog", "dont", " +", "alot", "12", "wel+come", "e"]),
        st.sampled_from(["receive", "cat", "dog", "don't", " ", "a lot", "", "welcome", "ee"]),
    ),
    max_size=3,
).map(tuple)


PLANS = st.builds(
    FixPlan,
    unsafe=st.sampled_from([(), ("all",)]),
    fields=st.sampled_from([{}, {"prompt": "auto"}, {"target": "suggest"}]),
)


@settings(
    max_examples=50,
    deadline=None,
    derandomize=True,  # CI tries the same rows each time; other seeds are for the desk
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=3), RULES, RULES, PLANS)
def test_a_second_fix_changes_nothing(
    tmp_path: Path, rows: list[tuple[str, str, str]], rules: Rules, terms: Rules, plan: FixPlan
) -> None:
    made = [pair(f"Hm {a}", f"{b} x", f"{c} y") if c else ask(f"Hm {a}", f"{b} x") for a, b, c in rows]
    path = write(tmp_path / "in.jsonl", made)
    named = tuple((check.replace("grammar", "terms"), pattern, after) for check, pattern, after in terms)
    run(path, GrammarWords(rules), TermWords(named, safety="suggest"), plan=Plan(fix=plan))


def test_what_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match="grammar needs packages"):
        equip(Plan(fix=FixPlan(only=("grammar",))))
    with pytest.raises(MissingExtraError):
        equip(Plan(fix=FixPlan(grammar="harper")))
    monkeypatch.setattr(making, "_made", lambda kind, _: Words() if kind == "text" else None)
    equipped = equip(Plan())
    assert equipped.editors == (Words(),)
    assert 'pip install "curate-data[grammar]"' in equipped.notes[0]
    assert equip(Plan(fix=FixPlan(grammar="off"))).notes == ()
    with pytest.raises(UsageError, match="needs a glossary"):
        equip(Plan(fix=FixPlan(only=("terms",))))
    assert equip(replace(Plan(), select=("template.leaked-token",))).notes == ()


@pytest.mark.parametrize(
    "answer",
    [
        "Give 10\u00ad20 mg.",
        "It is not\0able.",
        "From 5&#8203;10 on",
        "It shows `Ã©` there.",
        "See https://example.org/?q=\u200bfoo for it.",
        'Run this:\n\n    t = "\u200b"\n\nand look.',
        "Put this after each: <|endoftext|>",
        "The EOS token of Llama is </s>",
        "eos: <|endoftext|>\nbos: <s>",
        "Use &nbsp; between the words.",
        "Read as Latin-1 it looks like Ã©.",
    ],
)
def test_what_is_meant_as_it_stands_stays(tmp_path: Path, answer: str) -> None:
    path = write(
        tmp_path / "in.jsonl", [ask("How is it done?", answer), ask("Hm", "It is L\u00c3\u00bcbeck\u200b.")]
    )
    _, rows, _ = run(path, TextRepair())
    assert rows == [ask("How is it done?", answer), ask("Hm", "It is Lübeck.")]


def test_a_lost_backslash_of_a_formula_is_put_back(tmp_path: Path) -> None:
    path = write(tmp_path / "in.jsonl", [ask("Simplify.", "It is \\(\x0crac{y}{x}\\).")])
    assert run(path)[1] == [ask("Simplify.", "It is \\(\\frac{y}{x}\\).")]


@pytest.mark.parametrize(
    ("rejected", "is_made"),
    [('The word "recieve" is wrong.', False), ("You recieve it.", True), ("I never get any.", True)],
)
def test_no_slip_stays_in_one_answer_of_two(tmp_path: Path, rejected: str, *, is_made: bool) -> None:
    pair = {"prompt": "Tell me.", "chosen": "I recieve mail.", "rejected": rejected}
    path = write(tmp_path / "in.jsonl", [pair])
    _, rows, _ = run(path, GrammarWords((SPELLING,)))
    expected = [one.replace("recieve", "receive") if is_made else one for one in (pair["chosen"], rejected)]
    assert [rows[0]["chosen"], rows[0]["rejected"]] == expected


@pytest.mark.parametrize(
    ("chosen", "start", "end", "after", "check", "beside", "stands"),
    [
        ("I recieve it.", 2, 9, "receive", "grammar.spelling", "He wrote Recieve, as said.", True),
        ("I recieve it.", 2, 9, "receive", "grammar.spelling", "He wrote receive.", False),
        ("He ate a apple.", 7, 8, "an", "grammar.article", "I saw a dog.", False),
        ("He ate a apple.", 7, 8, "an", "grammar.article", "I saw a  apple.", True),
        ("However it is.", 7, 7, ",", "grammar.comma", "However it was.", True),
        ("However it is.", 7, 7, ",", "grammar.comma", "But it was.", False),
        ("It is\u200b so.", 5, 6, "", "text.invisible", "It was\u200b so.", True),
        ("Mail ann@b.org", 5, 14, "[EMAIL]", "pii.email", "Mail ann@b.org", False),
    ],
)
def test_what_stands_in_the_other_answer(  # noqa: PLR0913 (one place of a text)
    chosen: str, start: int, end: int, after: str, check: str, beside: str, *, stands: bool
) -> None:
    spot = Spot("/chosen", "target", chosen, "", beside=beside)
    found = standing({spot: [Change(start, end, after, check)]}, ("text",))
    assert found == (frozenset((check,)) if stands else frozenset())
