from __future__ import annotations

import pickle
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.grammar.engine import Masked
from curate.grammar.languagetool.engine import LanguageTool
from curate.grammar.languagetool.masking import Units, piece
from curate.grammar.languagetool.packing import packed, pieces, split
from tests.languagetool_lab import fake, found, texts, words

LETTERS = st.text(alphabet="ab e.\n`😀é", max_size=60)


def masked(text: str, *protected: str) -> Masked:
    spans = sorted((text.index(part), text.index(part) + len(part)) for part in protected)
    return Masked(text, tuple(spans))


def whole(one: Masked) -> Any:
    made = piece(0, "en-US", one, 0, len(one.text))
    assert made is not None
    return made


@given(st.text(alphabet="a😀é𝒳\n", max_size=30))
def test_units_are_code_points_again(text: str) -> None:
    units = Units(text)
    for point in range(len(text) + 1):
        assert units.points(len(text[:point].encode("utf-16-le")) // 2) == point


def test_what_reads_as_words_is_shown_and_the_rest_is_not() -> None:
    one = masked(
        "Take 5 mg of Plavix, see https://a.org/x and `ls -l`.",
        "5 mg",
        "Plavix",
        "https://a.org/x",
        "`ls -l`",
    )
    made = whole(one)
    assert made.sent == "Take 5 mg of Plavix, see X and X."
    assert [part for part in made.annotation() if "markup" in part] == [
        {"markup": "#", "interpretAs": "X"}
    ] * 2
    assert "a.org" not in str(made.annotation())


def test_hidden_lines_stay_lines_and_long_runs_are_hidden() -> None:
    assert whole(masked("See:\n```\na\nb\n```\nthen", "```\na\nb\n```")).sent == "See:\nX\n\n\nthen"
    assert whole(masked("key " + "k" * 65)).sent == "key X"
    assert whole(masked("key " + "k" * 64)).sent == "key " + "k" * 64


def test_what_stands_beside_something_hidden_is_left_alone() -> None:
    with fake() as server, LanguageTool(server.url).opened() as engine:
        one = masked("teh https://a.b/c is teh end. I see teh  `x` but not teh sea.", "https://a.b/c", "`x`")
        assert [lint.start for lint in engine.lint([one])[0]] == [
            one.text.index("teh end"),
            one.text.index("teh sea"),
        ]


def test_lints_on_protected_words_are_dropped() -> None:
    with fake() as server, LanguageTool(server.url).opened() as engine:
        assert engine.lint([masked("He wrote “teh” and went.", "“teh”")]) == [[]]


@settings(max_examples=200)
@given(LETTERS, st.integers(5, 30), st.lists(st.integers(0, 60), max_size=4))
def test_stretches_cover_the_text(text: str, longest: int, ends: list[int]) -> None:
    bounds = sorted({min(end, len(text)) for end in ends})
    spans = tuple(zip(bounds[::2], bounds[1::2], strict=False))
    made = [*pieces(0, "en-US", Masked(text, spans), longest)]
    covered = {at for one in made for at in range(one.start, one.end)}
    assert all(len(one.sent) <= longest for one in made)
    assert all(before.end <= after.start for before, after in pairwise(made))
    assert all(at in covered or text[at].isspace() for at in range(len(text)))
    for one in made:
        for cut in one.cuts:
            assert cut.is_hidden or one.sent[cut.low : cut.high] == text[cut.start : cut.end]


def test_long_texts_are_split_at_paragraphs_then_sentences() -> None:
    text = "One two. Three four.\n\nFive six. Seven eight.\n\nNine."
    assert [one.sent for one in split(whole(masked(text)), 30)] == [
        "One two. Three four.",
        "Five six. Seven eight.\n\nNine.",
    ]
    assert [one.sent for one in split(whole(masked("Aa bb. Cc dd. Ee ff.")), 15)] == [
        "Aa bb. Cc dd.",
        "Ee ff.",
    ]


def test_no_request_is_longer_than_it_may_be() -> None:
    made = [one for number in range(50) for one in pieces(number, "en-US", masked("word " * 20), 1000)]
    groups = [*packed(made, 7, 400)]
    assert [one for group in groups for one in group] == made
    assert max(map(len, groups)) == 3
    assert {len(group) for group in packed(made, 7, 10**6)} == {7, 1}


def test_many_texts_share_a_request_and_keep_their_places() -> None:
    given_texts = texts(*(f"😀 row {number} has teh error 😀 teh" for number in range(45)), "", " \n ", "teh")
    with fake() as server, LanguageTool(server.url).opened() as engine:
        assert words(engine, given_texts) == [["teh", "teh"]] * 45 + [[], [], ["teh"]]
        assert len(server.asked) == 3
        assert server.connections == 2  # the preflight, and one that is kept
        alone = LanguageTool(server.url, texts=1).lint(given_texts)
        assert alone == engine.lint(given_texts)


def test_a_long_text_is_split_and_its_places_are_right() -> None:
    text = "\n\n".join(f"Paragraph {number} has teh error and more words." for number in range(40))
    with fake() as server, LanguageTool(server.url, characters=300).opened() as engine:
        assert words(engine, texts(text)) == [["teh"] * 40]
        assert max(map(len, server.asked)) < 330


def test_each_language_is_asked_for_by_its_code_and_others_not_at_all() -> None:
    with fake() as server, LanguageTool(server.url).opened() as engine:
        said = engine.lint([*texts("teh"), *texts("teh", language="es"), *texts("teh", "teh", language="de")])
        assert [len(one) for one in said if isinstance(one, list)] == [1, 1, 0, 0]
        assert len(server.asked) == 2
    assert engine.checks("es")
    assert not engine.checks("und")


def test_texts_go_alone_where_the_server_does_not_tell_sentences() -> None:
    def old(text: str, _: int) -> Any:
        reply = found(text)
        return reply._replace(body=reply.body.replace(b'"sentenceRanges"', b'"other"'))

    with fake(old) as server, LanguageTool(server.url).opened() as engine:
        assert words(engine, texts("teh", "a", "b teh")) == [["teh"], [], ["teh"]]
        assert len(server.asked) == 5  # all three, then one, then two, then each of them


def test_what_follows_a_sentence_of_spaces_is_asked_again() -> None:
    def blank(text: str, _: int) -> Any:
        at = text.find("gap")
        reply = found(text)
        extra = b'"sentenceRanges": [' + (b"[%d, %d], " % (at + 3, at + 4) if at >= 0 else b"")
        return reply._replace(body=reply.body.replace(b'"sentenceRanges": [', extra))

    with fake(blank) as server, LanguageTool(server.url).opened() as engine:
        assert words(engine, texts("teh", "gap teh", "teh", "teh")) == [["teh"]] * 4
        assert [text.count("teh") for text in server.asked] == [4, 2]


def test_an_engine_can_be_sent_to_a_worker() -> None:
    engine = LanguageTool("http://localhost:1", languages=("en-GB",))
    assert pickle.loads(pickle.dumps(engine)) == engine  # noqa: S301


def test_without_a_server_lint_says_what_to_do() -> None:
    with pytest.raises(Exception, match="no LanguageTool server is open"):
        LanguageTool().lint(texts("a"))
