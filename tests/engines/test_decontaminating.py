"""Decontamination: what is an item of a benchmark in a row, and what only looks like one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import UsageError
from curate.core.ledger import read_ledger, restore
from curate.engines.decontaminating import OTHERS, Decontaminated, decontaminate
from curate.engines.local import PoolEngine
from curate.engines.overlaps import COMMON, CONTAINED, GRAM, WHOLE

if TYPE_CHECKING:
    from pathlib import Path

STORY = (
    "The lighthouse keeper on Skerry Island writes down every ship that passes between dusk and dawn, and on Friday"
    " he noticed that the old ferry carried green lanterns. Why did the colour of the lanterns worry him so much?"
)
TRAIN = "A plane travels 1200 miles in 3 hours. At the same rate, how many additional hours would it take to travel an"


def row(ask: str, answer: str = "An answer.") -> dict[str, Any]:
    return {"instruction": ask, "input": "", "output": answer}


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), "utf-8")
    return path


def run(
    folder: Path, rows: list[dict[str, Any]], items: list[dict[str, Any]], **options: Any
) -> Decontaminated:
    data, bench = write(folder / "data.jsonl", rows), write(folder / "bench.jsonl", items)
    return decontaminate(data, against=[bench], **options)


def found(done: Decontaminated) -> list[tuple[int, int, str]]:
    return [(hit.place.row, hit.against.row, hit.kind) for hit in done.hits]


@pytest.mark.parametrize(
    "planted",
    [
        row("Name animals"),
        row("please name animals!"),
        {"question": "Name animals", "answer": "cat"},
        {
            "messages": [
                {"role": "system", "content": "You are a zoologist."},
                {"role": "user", "content": "Hello there"},
                {"role": "assistant", "content": "Hello."},
                {"role": "user", "content": "Name animals"},
                {"role": "assistant", "content": "Cats."},
            ]
        },
    ],
)
def test_a_prompt_of_two_words_is_found_where_a_row_asks_it(tmp_path: Path, planted: dict[str, Any]) -> None:
    items = [{"question": "Name rivers"}, {"question": "Name animals"}]
    assert found(run(tmp_path, [row("Name cities"), planted], items)) == [(2, 2, WHOLE)]


@pytest.mark.parametrize(
    "ask",
    [
        "### Instruction:\nName animals\n### Response:",
        "You are a helpful assistant. Name animals.",
        "Q: Name animals\nA:",
    ],
)
def test_a_short_prompt_is_found_as_a_sentence_of_an_ask(tmp_path: Path, ask: str) -> None:
    assert found(run(tmp_path, [row(ask)], [{"question": "Name animals"}])) == [(1, 1, CONTAINED)]


@pytest.mark.parametrize(
    "other",
    [
        row("Explain why children name animals before they name plants."),
        row("Name animals that live in caves"),
        row("What may a parent do?", "A parent may ask the child to do this: Name animals. It helps."),
    ],
)
def test_a_short_prompt_within_another_is_none(tmp_path: Path, other: dict[str, Any]) -> None:
    assert found(run(tmp_path, [other], [{"question": "Name animals"}])) == []


def test_a_prompt_that_goes_on_is_another_prompt(tmp_path: Path) -> None:
    item = {"question": "Which treatments are known for multiple system atrophy"}
    rows = [row(item["question"] + " with hypotension?"), row("Tell me. " + item["question"] + "?")]
    assert found(run(tmp_path, rows, [item])) == [(2, 1, CONTAINED)]


def test_an_item_in_a_plain_text_has_its_place_in_both(tmp_path: Path) -> None:
    text = f"From a forum.\n\n{STORY.upper()}\nI do not know."
    (hit,) = run(tmp_path, [{"text": text}], [{"question": STORY, "answer": "Unknown."}]).hits
    assert (hit.kind, hit.at, hit.against_at, hit.share) == (CONTAINED, "/text", "/question", 1.0)
    assert text[slice(*hit.span)] == STORY.upper()[:-1]
    assert STORY[slice(*hit.against_span)] == STORY[:-1]


def test_system_prompts_and_rejected_answers_are_looked_through(tmp_path: Path) -> None:
    chat = [{"role": "system", "content": f"An example: {STORY}"}, {"role": "user", "content": "Why?"}]
    rows = [{"messages": [*chat, {"role": "assistant", "content": "So."}]}]
    rows.append({"prompt": "Why?", "chosen": "So.", "rejected": f"You ask: {STORY}"})
    hits = run(tmp_path, rows, [{"question": STORY}]).hits
    assert [(hit.kind, hit.at) for hit in hits] == [
        (CONTAINED, "/messages/0/content"),
        (CONTAINED, "/rejected"),
    ]


def test_a_run_of_words_is_told_with_its_span_at_the_right_turn(tmp_path: Path) -> None:
    piece = STORY[20:150]
    rows = [
        {
            "instruction": "Go on with the text: é",
            "input": f"He says that {piece} and so on",
            "output": "Yes.",
        }
    ]
    (hit,) = run(tmp_path, rows, [{"question": STORY}]).hits
    assert (hit.kind, hit.at) == (GRAM, "/input")
    assert rows[0]["input"][slice(*hit.span)] in piece
    assert rows[0]["input"][slice(*hit.span)] == STORY[slice(*hit.against_span)]
    assert 0.4 < hit.share < 0.9


def test_fewer_tokens_than_n_are_no_run(tmp_path: Path) -> None:
    piece = " ".join(STORY.split()[5:17])
    assert found(run(tmp_path, [row(f"He {piece} and then slept.")], [{"question": STORY}])) == []
    done = run(tmp_path, [row(f"He {piece} and then slept.")], [{"question": STORY}], ngram=12)
    assert found(done) == [(1, 1, GRAM)]


def test_the_same_problem_with_other_numbers_is_no_leak(tmp_path: Path) -> None:
    item = {"question": f"{TRAIN} additional 2000 miles?"}
    other = f"{TRAIN.replace('1200', '270').replace('plane', 'train')} additional 180 miles?"
    done = run(tmp_path, [row(other)], [item])
    assert found(done) == []
    assert dict(done.passed_over) == {"other-numbers": 1}
    assert found(run(tmp_path, [row("Solve. " + item["question"])], [item])) == [(1, 1, CONTAINED)]


def test_the_first_half_of_a_problem_is_a_leak_although_numbers_follow(tmp_path: Path) -> None:
    item = {"question": f"{TRAIN} additional 2000 miles?"}
    assert found(run(tmp_path, [row(TRAIN)], [item])) == [(1, 1, GRAM)]


def test_lines_of_arithmetic_are_no_leak(tmp_path: Path) -> None:
    line = "so 15 + 3 * 2 = <<15+3*2=21>>21 and 21 * 4 = <<21*4=84>>84 in all"
    done = run(
        tmp_path, [row("How many?", "She has " + line)], [{"question": STORY, "answer": "He has " + line}]
    )
    assert found(done) == []
    assert dict(done.passed_over) == {"few-words": 1}


def test_what_many_items_share_is_their_template(tmp_path: Path) -> None:
    frame = "Read the following passage about the history of the region carefully and then answer with yes or no: {}"
    words = ["apples grow tall", "bears sleep long", "cedars smell nice", "deer run fast"]
    rows = [row(frame.format("nothing of the kind is known"))]
    items = [{"question": frame.format(word)} for word in words]
    assert found(run(tmp_path, rows, items[: COMMON - 1])) != []
    assert found(run(tmp_path, rows, items[:COMMON])) == []
    assert found(run(tmp_path, [*rows, row("Now: " + frame.format(words[1]))], items)) == [(2, 2, CONTAINED)]


def test_a_template_and_a_word_beside_it_are_no_content(tmp_path: Path) -> None:
    frame = "Please read the passage about trade and answer the question: what is the name of {}?"
    names = ["a harbour", "this vessel", "her cousin", "their priest", "his dog"]
    done = run(tmp_path, [row(frame.format("a lake"))], [{"question": frame.format(name)} for name in names])
    assert found(done) == []
    assert set(done.passed_over) == {"template"}


def test_what_rows_with_many_answers_share_is_a_template(tmp_path: Path) -> None:
    opening = " ".join(STORY.split()[:22])
    rows = [row(f"{opening}: go on, number {at}", f"Answer {at}.") for at in range(OTHERS)]
    assert len(found(run(tmp_path, rows[:-1], [{"question": STORY}]))) == OTHERS - 1
    done = run(tmp_path, rows, [{"question": STORY}])
    assert found(done) == []
    assert dict(done.passed_over) == {"template": OTHERS}
    same = [one | {"output": "One answer."} for one in rows]
    assert len(found(run(tmp_path, same, [{"question": STORY}]))) == OTHERS


def test_a_leaked_answer_is_a_hit_and_a_phrase_of_a_long_one_is_not(tmp_path: Path) -> None:
    long = f"{STORY} " + " ".join(f"Then the {word} went by." for word in STORY.split())
    item = {"question": "What did he write?", "answer": long}
    assert found(run(tmp_path, [row("Tell me a story.", long)], [item])) == [(1, 1, GRAM)]
    piece = " ".join(long.split()[3:19])
    done = run(tmp_path, [row("Tell me a story.", f"Once {piece}")], [item])
    assert found(done) == []
    assert dict(done.passed_over) == {"short-piece-of-answer": 1}


def test_the_rest_is_written_byte_for_byte(tmp_path: Path) -> None:
    rows = [row("Name cities"), row(STORY), row("Name lakes"), row("Name rivers!")]
    items = [{"question": "name rivers"}, {"question": STORY}]
    out = tmp_path / "out.jsonl"
    done = run(tmp_path, rows, items, out=out)
    data = (tmp_path / "data.jsonl").read_bytes()
    lines = data.splitlines(keepends=True)
    assert out.read_bytes() == lines[0] + lines[2]
    assert done.dropped is not None
    assert (done.dropped.rows.kept, done.dropped.rows.dropped) == (2, 2)
    assert restore(read_ledger(done.dropped.ledger), out.read_bytes()) == data
    entries = list(read_ledger(done.dropped.ledger).entries())
    assert [entry.check for entry in entries] == ["contamination.whole-prompt"] * 2
    assert entries[0].message.endswith("bench.jsonl:2 asks")


def test_inputs_are_never_overwritten_nor_compared_with_themselves(tmp_path: Path) -> None:
    data, bench = write(tmp_path / "data.jsonl", [row(STORY)]), write(tmp_path / "bench.jsonl", [row(STORY)])
    for out in (data, bench):
        with pytest.raises(UsageError, match="never overwritten"):
            decontaminate(data, against=[bench], out=out, force=True)
    with pytest.raises(UsageError, match="at once"):
        decontaminate(data, against=[data])
    with pytest.raises(UsageError, match="every text"):
        decontaminate(data, against=[bench], ngram=2)


def test_workers_find_the_same(tmp_path: Path) -> None:
    rows = [row(f"{STORY} Answer {at}."[at % 7 :]) for at in range(40)]
    one = run(tmp_path, rows, [row(STORY)])
    with PoolEngine(2) as engine:
        assert run(tmp_path, rows, [row(STORY)], engine=engine).hits == one.hits != ()


def test_real_items_are_found_and_real_training_data_is_clean(tmp_path: Path, real_data: Path) -> None:
    train, test = real_data / "gsm8k" / "train.jsonl", real_data / "gsm8k" / "test.jsonl"
    assert decontaminate(train, against=[test]).hits == ()
    planted = tmp_path / "planted.jsonl"
    items = test.read_bytes().splitlines(keepends=True)[:50]
    planted.write_bytes(train.read_bytes() + b"".join(items))
    done = decontaminate(planted, against=[test])
    assert [(hit.place.row - 7473, hit.against.row) for hit in done.hits] == [(at, at) for at in range(1, 51)]
