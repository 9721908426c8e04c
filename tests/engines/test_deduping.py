from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from curate.core.errors import UsageError
from curate.core.ledger import read_ledger, restore
from curate.core.plan import Plan
from curate.engines.deduping import Deduped, Rules, dedup
from curate.engines.local import PoolEngine
from curate.engines.survivors import Policy

if TYPE_CHECKING:
    from pathlib import Path

ASK = 'Explain the term "escrow" to a first-time buyer of a house in plain English.'
ANSWER = "Escrow means that a neutral third party holds the money until both sides have done their part."
CLINICAL = (
    "A 61-year-old patient with chronic kidney disease takes lisinopril and comes to the clinic with weakness and"
    " muscle cramps that began three days ago. The laboratory reports {}kalemia. What is the most likely cause, and"
    " which treatment should be started first?"
)


def alpaca(*pairs: tuple[str, str], **more: list[Any]) -> bytes:
    rows = [{"instruction": ask, "input": "", "output": answer} for ask, answer in pairs]
    for name, values in more.items():
        for row, value in zip(rows, values, strict=True):
            row[name] = value
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def run(folder: Path, data: bytes, rules: Rules | None = None, **options: Any) -> tuple[Deduped, list[int]]:
    """What was done, and the lines that stay."""
    path = folder / "data.jsonl"
    path.write_bytes(data)
    done = dedup(path, out=folder / "out.jsonl", rules=rules, force=True, **options)
    lines, kept = (
        data.splitlines(keepends=True),
        (folder / "out.jsonl").read_bytes().splitlines(keepends=True),
    )
    at, places = 0, []
    for line in kept:
        at = lines.index(line, at)
        places.append(at)
        at += 1
    assert restore(read_ledger(done.dropped.ledger), (folder / "out.jsonl").read_bytes()) == data
    return done, places


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (ASK, ANSWER),
        (ASK.lower().replace("english", "English"), ANSWER),
        ("Please " + ASK[0].lower() + ASK[1:], ANSWER),
        (ASK.rstrip(".") + " .", ANSWER + "\n"),
        (ASK, "Sure, here is the answer: " + ANSWER),
        (ASK, ANSWER + " I hope this helps!"),
        (ASK.replace("a house", "the house"), ANSWER),
    ],
)
def test_the_same_ask_with_an_equivalent_answer_goes(tmp_path: Path, ask: str, answer: str) -> None:
    done, kept = run(tmp_path, alpaca((ASK, ANSWER), (ask, answer)))
    assert kept == [0]
    (entry,) = read_ledger(done.dropped.ledger).entries()
    assert entry.related is not None
    assert entry.related["line"] == 1
    assert entry.similarity == 1.0
    assert (entry.check == "duplicate.exact") == (ask == ASK and answer == ANSWER)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (CLINICAL.format("hyper"), CLINICAL.format("hypo")),
        ("What is the dose for a child of 5 kg?", "What is the dose for a child of 50 kg?"),
        ("Write a sort function in C.", "Write a sort function in C++."),
        ("May the tenant sue the landlord?", "May the landlord sue the tenant?"),
        (
            "The tenant shall repair the roof. Is that right?",
            "The tenant may repair the roof. Is that right?",
        ),
    ],
)
def test_a_variant_stays_even_with_the_same_answer(tmp_path: Path, one: str, two: str) -> None:
    done, kept = run(tmp_path, alpaca((one, ANSWER), (two, ANSWER)), Rules(threshold=Rules().threshold / 2))
    assert kept == [0, 1]
    assert done.dropped.rows.dropped == 0


def test_a_conflict_stays_and_is_counted(tmp_path: Path) -> None:
    done, kept = run(tmp_path, alpaca((ASK, ANSWER), (ASK, "Escrow is a tax on houses that the buyer pays.")))
    assert kept == [0, 1]
    assert done.decided.conflicts == 1


def test_every_removed_row_names_a_kept_one(tmp_path: Path) -> None:
    texts = [ASK, ASK + " ", "Please " + ASK, ASK.replace("Explain", "explain"), ASK.upper(), ASK[:-1]]
    done, kept = run(
        tmp_path, alpaca(*((text, ANSWER) for text in texts), *((text, "No.") for text in texts))
    )
    assert set(done.decided.removed["kept"].to_list()) <= set(kept)
    assert kept[0] == 0


@pytest.mark.parametrize(
    ("policy", "kept"),
    [
        ("first", 0),
        ("last", 2),
        ("longest", 1),
        ("shortest", 0),
        ("newest:day", 1),
        ("oldest:day", 0),
        ("highest:score", 2),
        ("lowest:score", 1),
        ("by=human", 2),
    ],
)
def test_the_policy_chooses(tmp_path: Path, policy: str, kept: int) -> None:
    rows = alpaca(
        *[(ASK, ANSWER), ("Please " + ASK, "Sure! " + ANSWER), (ASK + " ", ANSWER)],
        day=["2024-01-05", "2024-03-01", "2024-02-01"],
        score=[3, 2, 10],
        by=["model", "model", "human"],
    )
    _, places = run(tmp_path, rows, Rules(keep=Policy.parse(policy)))
    assert places == [kept]


def test_a_field_that_no_row_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no row has the field 'score'"):
        run(tmp_path, alpaca((ASK, ANSWER), (ASK, ANSWER)), Rules(keep=Policy.parse("highest:score")))


@pytest.mark.parametrize("text", ["", "best", "newest", "newest:", "=x", "x="])
def test_a_policy_that_is_none(text: str) -> None:
    with pytest.raises(UsageError, match="does not say which row to keep"):
        Policy.parse(text)


def test_neither_order_nor_workers_decide_what_stays(tmp_path: Path) -> None:
    pairs = [(f"{ASK} ({number % 7})", f"{ANSWER} {'Sure.' * (number % 3)}") for number in range(60)]
    rules = Rules(keep=Policy.parse("longest"))
    outcomes = []
    for turned in (pairs, pairs[::-1], pairs[20:] + pairs[:20]):
        data = alpaca(*turned)
        _, kept = run(tmp_path, data, rules)
        lines = data.splitlines()
        outcomes.append(sorted(lines[at] for at in kept))
    with PoolEngine(2) as pool:
        data = alpaca(*pairs)
        _, kept = run(tmp_path, data, rules, engine=pool)
        outcomes.append(sorted(data.splitlines()[at] for at in kept))
    assert outcomes[0] == outcomes[1] == outcomes[2] == outcomes[3]


def test_without_the_guard_similar_texts_go(tmp_path: Path) -> None:
    data = alpaca((CLINICAL.format("hyper"), ANSWER), (CLINICAL.format("hypo"), ANSWER), (ASK, "No."))
    done, kept = run(tmp_path, data, Rules(guard=False))
    assert kept == [0, 2]
    (entry,) = read_ledger(done.dropped.ledger).entries()
    assert entry.similarity is not None
    assert 0.8 <= entry.similarity < 1


@pytest.mark.parametrize(
    "rows",
    [
        [
            {
                "messages": [
                    {"role": "user", "content": "Hi there"},
                    {"role": "assistant", "content": "Hello"},
                ]
            },
            2,
        ],
        [{"prompt": "Hi there", "chosen": "Hello", "rejected": "Bye"}, 2],
    ],
)
def test_chats_and_pairs(tmp_path: Path, rows: list[Any]) -> None:
    row, count = rows
    _, kept = run(tmp_path, (json.dumps(row) + "\n").encode() * count)
    assert kept == [0]


def test_what_a_row_says_beside_its_texts_counts(tmp_path: Path) -> None:
    def call(name: str, tools: list[str]) -> dict[str, Any]:
        function = {"name": name, "arguments": '{"city": "Bonn"}'}
        turns = [
            {"role": "user", "content": "How warm is it in Bonn?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "1", "type": "function", "function": function}],
            },
        ]
        return {"messages": turns, "tools": tools}

    rows = [call("weather", ["a"]), call("delete_all", ["a"]), call("weather", ["b"]), call("weather", ["a"])]
    _, kept = run(tmp_path, "".join(json.dumps(row) + "\n" for row in rows).encode())
    assert kept == [0, 1, 2]
    pair = {"prompt": "Hi there", "chosen": "Hello", "rejected": "Bye"}
    turned = {"prompt": "Hi there", "chosen": "Bye", "rejected": "Hello"}
    _, kept = run(tmp_path, "".join(json.dumps(row) + "\n" for row in (pair, turned)).encode())
    assert kept == [0, 1]


def test_pictures_are_like_nothing(tmp_path: Path) -> None:
    def seen(url: str) -> dict[str, Any]:
        parts = [{"type": "image_url", "image_url": url}, {"type": "text", "text": "What is this?"}]
        return {"messages": [{"role": "user", "content": parts}, {"role": "assistant", "content": "A dog."}]}

    _, kept = run(tmp_path, "".join(json.dumps(seen(url)) + "\n" for url in ("a", "b")).encode())
    assert kept == [0, 1]


def test_empty_rows_are_no_group(tmp_path: Path) -> None:
    _, kept = run(tmp_path, alpaca(("", ""), ("", "x"), ("?", ""), (" ", "")), Rules(guard=False))
    assert len(kept) >= 3
    done, _ = run(tmp_path, b"")
    assert done.dropped.rows.in_ == 0


def test_unreadable_records_are_accounted_for(tmp_path: Path) -> None:
    done, _ = run(tmp_path, alpaca((ASK, ANSWER)) + b'{"instruction": "Hi"\n' + alpaca((ASK, ANSWER)))
    rows = done.dropped.rows
    assert (rows.in_, rows.kept, rows.dropped, rows.quarantined) == (3, 1, 1, 1)


def test_several_files(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(alpaca((ASK, ANSWER)))
    done = dedup(tmp_path / "a.jsonl", tmp_path / "b.jsonl", out=tmp_path / "out", plan=Plan())
    assert [path.read_bytes() for path in done.dropped.outputs] == [alpaca((ASK, ANSWER)), b""]


def test_what_a_corpus_has_goes_and_the_corpus_stays(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_bytes(alpaca(("What is rent?", "Money."), (ASK, ANSWER)))
    before = corpus.read_bytes()
    new = alpaca(
        (ASK, ANSWER), ("Please " + ASK, ANSWER), (ASK, "Something else."), ("What is a lien?", "A right.")
    )
    done, kept = run(tmp_path, new, Rules(against=(corpus,)))
    assert kept == [2, 3]
    assert corpus.read_bytes() == before
    entries = list(read_ledger(done.dropped.ledger).entries())
    assert [entry.check for entry in entries] == ["duplicate.exact", "duplicate.near"]
    assert all(entry.related == {"key": None, "line": 2, "file": str(corpus)} for entry in entries)
    assert sorted(done.known) == [0, 1]


def test_a_file_is_not_held_against_itself(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is data and corpus at once"):
        run(tmp_path, alpaca((ASK, ANSWER)), Rules(against=(tmp_path / "data.jsonl",)))


def test_an_index_is_kept_and_grown(tmp_path: Path) -> None:
    rules = Rules(index=str(tmp_path / "seen.index"))
    _, first = run(tmp_path, alpaca((ASK, ANSWER), ("What is rent?", "Money.")), rules)
    assert first == [0, 1]
    done, second = run(tmp_path, alpaca(("Please " + ASK, ANSWER), ("What is a lien?", "A right.")), rules)
    assert second == [1]
    (entry,) = read_ledger(done.dropped.ledger).entries()
    assert entry.related is not None
    assert entry.related["line"] == 1
    _, third = run(tmp_path, alpaca(("What is a lien?", "A right."), ("What is rent ?", "Money.")), rules)
    assert third == []


BESIDE: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"images": ["1.jpg"]}, {"images": ["2.jpg"]}),
    ({"kto_tag": True}, {"kto_tag": False}),
    ({"choices": ["cat", "dog"]}, {"choices": ["sun", "moon"]}),
    ({"functions": ["a"]}, {"functions": ["b"]}),
    ({"context": "The lease of 2019."}, {"context": "The lease of 2021."}),
]


@pytest.mark.parametrize(("one", "two"), BESIDE)
def test_fields_beside_the_conversation_are_part_of_the_ask(
    tmp_path: Path, one: dict[str, Any], two: dict[str, Any]
) -> None:
    base = {"instruction": ASK, "output": ANSWER}
    _, kept = run(tmp_path, "".join(json.dumps({**base, **more}) + "\n" for more in (one, two, one)).encode())
    assert kept == [0, 1]


@pytest.mark.parametrize(
    "field", ["id", "source", "created_at", "annotator", "Ticket ID", "score", "lang", "meta"]
)
def test_fields_that_are_about_a_row_are_not(tmp_path: Path, field: str) -> None:
    base = {"instruction": ASK, "output": ANSWER}
    rows = [{**base, field: value} for value in ("a", "b")]
    _, kept = run(tmp_path, "".join(json.dumps(row) + "\n" for row in rows).encode())
    assert kept == [0]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ([("user", "hello there\nuser0\tbye you")], [("user", "hello there"), ("user", "bye you")]),
        ([("user", "hello there")], [("system", "hello there")]),
    ],
)
def test_where_turns_end_is_part_of_the_ask(
    tmp_path: Path, one: list[tuple[str, str]], two: list[tuple[str, str]]
) -> None:
    rows = [
        {"messages": [{"role": role, "content": text} for role, text in (*said, ("assistant", ANSWER))]}
        for said in (one, two)
    ]
    _, kept = run(tmp_path, "".join(json.dumps(row) + "\n" for row in rows).encode())
    assert kept == [0, 1]


def test_what_a_message_holds_beside_its_text_counts(tmp_path: Path) -> None:
    rows = []
    for more in ({"weight": 0}, {"weight": 1}, {"reasoning_content": "I see."}, {"weight": 0}):
        first = {"role": "assistant", "content": "Yes?", **more}
        turns = [{"role": "user", "content": "Hi"}, first, {"role": "user", "content": ASK}]
        rows.append({"messages": [*turns, {"role": "assistant", "content": ANSWER}]})
    _, kept = run(tmp_path, "".join(json.dumps(row) + "\n" for row in rows).encode())
    assert kept == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Is this note urgent? No. Surgery is needed.", "Is this note urgent? No surgery is needed."),
        ("Is the shop open Monday – Friday?", "Is the shop open Monday, Friday?"),
        ("How many electrons does He have?", "How many electrons does he have?"),
        ("How much Mg is in one cup of milk?", "How much mg is in one cup of milk?"),
        ("¿Ama a Juan?", "¿Ama Juan?"),
        ("Drikker du the hjemme?", "Drikker du hjemme?"),
        ("Hey, Jude was written by whom?", "Jude was written by whom?"),
        ("Write a reply to the customer kindly.", "Write a reply to the customer."),
        ("Wohin gehen Sie morgen?", "Wohin gehen sie morgen?"),
    ],
)
def test_what_looks_harmless_and_is_not(tmp_path: Path, one: str, two: str) -> None:
    _, kept = run(tmp_path, alpaca((one, ANSWER), (two, ANSWER)))
    assert kept == [0, 1]
