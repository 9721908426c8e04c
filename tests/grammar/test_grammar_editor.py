"""The editor of grammar: what it offers, for whom, and how it may be followed."""

from __future__ import annotations

import pickle
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl
import pytest

from curate.core.errors import UsageError
from curate.fixing.grammar import Grammar
from curate.grammar import harper as harper_module
from curate.grammar.engine import Lint, Unchecked
from curate.grammar.harper import Harper
from tests.fixing.lab import followed, said

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate.grammar.engine import Masked, Verdict

ROW = "I think that the goverment should recieve a answer, and they dont know it."
MENDED = "I think that the government should receive an answer, and they don't know it."
UNTOUCHED = (
    "for i in range(10):\n    recieve(i)\n    print('teh')",
    "def recieve(x):\n    return x  # adress of the teh goverment",
    "The patient with HTN was given amoxicillin and clavulanate by Siobhán; the kubelet restarted.",
    "The word recieve is misspelled in the letter that they sent.",
    'She wrote "I will recieve teh letter" and left it there.',
    "El gobierno no va a recivir una respuesta importante de la universidad, y no lo sabe.",
    "Die Regierung wird eine Antwort definitiv erhalten, weil wir es so wollen und auch koennen.",
    "See https://example.org/recieve and the file docs/goverment.txt for what they mean.",
)


@pytest.fixture(scope="module")
def grammar() -> Iterator[Grammar]:
    with Grammar().opened() as editor:
        yield editor


def after(editor: Grammar, *texts: str, given: str = "") -> list[str]:
    return followed(editor, said(*texts, given=given))["text"].to_list()


def test_what_is_trusted_is_mended(grammar: Grammar) -> None:
    assert after(grammar, ROW) == [MENDED]
    assert after(grammar, MENDED) == [MENDED]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_is_protected_stays(grammar: Grammar, text: str) -> None:
    assert after(grammar, text) == [text]


def test_emoji_do_not_shift_places(grammar: Grammar) -> None:
    assert after(grammar, f"😀👩‍👩‍👧 {ROW} 😀") == [f"😀👩‍👩‍👧 {MENDED} 😀"]


def test_a_prompt_that_speaks_of_spelling_keeps_it(grammar: Grammar) -> None:
    offers = grammar.offers(said(ROW, given="Write a sentence with two typos in it.")).offers
    assert offers.is_empty()


def test_offers_say_what_and_why(grammar: Grammar) -> None:
    offers = grammar.offers(said(ROW)).offers
    assert set(offers["check"]) == {"grammar.spelling", "grammar.article", "grammar.contraction"}
    assert set(offers["safety"]) == {"auto"}
    assert all(offers["engine"].str.starts_with("harper-py "))
    assert "recieve" not in " ".join(offers["message"])


def test_rows_do_not_depend_on_their_batch(grammar: Grammar) -> None:
    texts = [ROW, *UNTOUCHED, ROW + " It is late."]
    together = grammar.offers(said(*texts)).offers.drop("row")
    alone = pl.concat([grammar.offers(said(text)).offers for text in texts]).drop("row")
    assert together.equals(alone)


def test_all_rules_suggest_and_apply_no_more(grammar: Grammar) -> None:
    with Grammar(suggest=True).opened() as whole:
        more = whole.offers(said(ROW + " The zorgle are here.")).offers
    trusted = more.filter(pl.col("safety") == "auto").drop("row")
    assert trusted.equals(grammar.offers(said(ROW)).offers.drop("row"))
    assert len(more) > len(trusted)


def test_what_cannot_be_looked_at_is_told(grammar: Grammar, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "Harper ended without an answer (Aborted)"
    monkeypatch.setattr(Harper, "lint", lambda _, texts: [Unchecked(reason) for _ in texts])
    offered = grammar.offers(said(ROW, MENDED))
    assert offered.offers.is_empty()
    assert offered.unchecked.rows() == [(0, "/output", reason)]


def test_the_package_is_named_if_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(harper_module.importlib.util, "find_spec", lambda _: None)
    harper_module._folder.cache_clear()  # noqa: SLF001
    with pytest.raises(Exception, match=r'pip install "curate-data\[grammar\]"'), Grammar().opened():
        pass
    harper_module._folder.cache_clear()  # noqa: SLF001


def test_an_unknown_engine_is_a_mistake() -> None:
    with pytest.raises(UsageError, match="no grammar engine 'grammarly'"):
        Grammar("grammarly")


def test_it_can_be_sent_to_a_worker(grammar: Grammar) -> None:
    assert pickle.loads(pickle.dumps(grammar)) == grammar  # noqa: S301
    assert "trust=" in grammar.identity()
    assert Grammar().identity() == grammar.identity()


class Saying:
    """An engine that says one thing of every text."""

    name = "languagetool"

    def __init__(self, *lints: Lint) -> None:
        self.lints = list(lints)

    def version(self) -> str:
        return "said 1"

    def checks(self, language: str) -> bool:
        return language == "en"

    @contextmanager
    def opened(self) -> Iterator[Saying]:
        yield self

    def lint(self, texts: Sequence[Masked]) -> list[Verdict]:
        return [list(self.lints) for _ in texts]


def alone(*lints: Lint) -> pl.DataFrame:
    """The offers for a text of which one engine says something."""
    editor = Grammar(engine="languagetool", running=((Saying(*lints), "said 1"),))
    return editor.offers(said("They were given alpha-glucosidase and it helped them much.")).offers


def test_a_guess_at_an_unknown_word_is_only_counted() -> None:
    """Medical words became others in one go with ``--unsafe``."""
    guess = Lint(
        16, 33, ("alpha-glucosidal",), "MORFOLOGIK_RULE_EN_US", "TYPOS", "Possible spelling mistake found."
    )
    offers = alone(guess)
    assert offers.select("check", "safety").rows() == [("grammar.typos", "report")]
    assert alone(guess._replace(category="Spelling"))["safety"].to_list() == ["report"]
    assert alone(guess._replace(category="GRAMMAR", rule="OTHER"))["safety"].to_list() == ["suggest"]


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("The verb does not agree with its subject.", "The verb does not agree with its subject"),
        ("Did you mean “has helped”?", "a rule of the engine: OTHER"),
        ("Use helped here.", "a rule of the engine: OTHER"),
        ("Consider aided instead.", "a rule of the engine: OTHER"),
        ("", "a rule of the engine: OTHER"),
    ],
)
def test_the_engine_explains_itself_unless_it_quotes_the_text(message: str, told: str) -> None:
    lint = Lint(41, 47, ("aided",), "OTHER", "GRAMMAR", message)
    assert alone(lint)["message"].to_list() == [told]
