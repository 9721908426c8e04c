"""The faults that are planted, by what goes wrong in exports, in generated answers, and in pairs."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from curate.engines.planting import UNREADABLE, Planted, Sound, Value, replaced, steps_of, without

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Change = Callable[[str, Random], object]


def _answer(change: Change) -> Callable[[Sound, Random], Value]:
    """A fault of the answer alone."""
    return lambda row, draw: row.with_target(change(row.target[1], draw))


def _word(make: Callable[[Random], str]) -> Callable[[Sound, Random], Value]:
    """A fault that stands between two words of the answer."""
    return _answer(lambda text, draw: _at_a_word(text, make(draw), draw))


def _at_a_word(text: str, put: str, draw: Random) -> str:
    """Something put between two words, or at the end of a text of one word."""
    words = text.split(" ")
    at = draw.randrange(1, len(words)) if len(words) > 1 else 1
    return " ".join((*words[:at], put, *words[at:])) if put.isprintable() else _within(words, put)


def _within(words: list[str], put: str) -> str:
    """What is not seen goes into the longest word."""
    longest = max(range(len(words)), key=lambda place: len(words[place]))
    word = words[longest]
    half = max(1, len(word) // 2)
    return " ".join((*words[:longest], word[:half] + put + word[half:], *words[longest + 1 :]))


_REFUSAL = "I'm sorry, but as an AI language model I cannot help with that request."
_GERMAN = (
    "Das hängt davon ab, was im Vertrag steht. In der Regel muss die Mieterin den Schaden sofort melden, und der "
    "Vermieter lässt ihn dann auf eigene Kosten beheben, sofern niemand fahrlässig gehandelt hat."
)
_CHINESE = "这取决于合同的规定。一般来说,租户必须立即报告损坏情况,然后由房东自费修理,除非有人疏忽大意。"
_NAMES = ("anna.berger", "joan.whitfield", "m.okafor", "t.lindgren", "rosa.delgado")
_HOSTS = ("northlake", "veldmann", "corvia")


def _other_language(text: str, draw: Random) -> str:
    """German for English, Chinese for what looks like German."""
    del draw
    return _CHINESE if any(sign in text for sign in "äöüß") else _GERMAN


def _key(draw: Random) -> str:
    return "AKIA" + "".join(draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))


def _mail(draw: Random) -> str:
    return f"{draw.choice(_NAMES)}{draw.randrange(10, 99)}@{draw.choice(_HOSTS)}.com"


def _twice(raw: bytes) -> bytes:
    """A key that occurs twice, as broken exporters write it; readers keep the last."""
    name = next(iter(json.loads(raw)))
    return b"{" + json.dumps(name).encode() + b': "other", ' + raw[1:]


def _cut(raw: bytes) -> bytes:
    return raw[:-9]


def _is_pair(row: Sound) -> bool:
    return row.rejected is not None


def _sides(row: Sound) -> tuple[tuple[str, str], tuple[str, str]]:
    """The chosen and the rejected side."""
    assert row.rejected is not None  # noqa: S101 (only pairs fit)
    return row.target, row.rejected


def _same_sides(row: Sound, _: Random) -> Value:
    chosen, rejected = _sides(row)
    return replaced(row.value, rejected[0], chosen[1])


def _swapped(row: Sound, _: Random) -> Value:
    chosen, rejected = _sides(row)
    return replaced(row.with_target(rejected[1]), rejected[0], chosen[1])


def _empty_side(row: Sound, _: Random) -> Value:
    return replaced(row.value, _sides(row)[1][0], "")


def _no_side(row: Sound, _: Random) -> Value:
    """The whole side, with the messages that it may bring."""
    top = steps_of(_sides(row)[1][0])[0]
    return without(row.value, f"/{top}")


_EARLIER = re.compile(r"(/[^/]+)/([1-9]\d*)/content")
"""The pointer to an answer that comes after messages of its own side."""


def _brings_prompt(row: Sound) -> bool:
    """Whether the rejected side is a list of messages that repeats the prompt."""
    return row.rejected is not None and _EARLIER.fullmatch(row.rejected[0]) is not None


def _other_prompt(row: Sound, _: Random) -> Value:
    side = _EARLIER.fullmatch(_sides(row)[1][0])
    assert side is not None  # noqa: S101 (only such rows fit)
    return replaced(row.value, f"{side[1]}/{int(side[2]) - 1}/content", "And what about Tuesdays?")


FAULTS = (
    Planted(
        "a chat token at the end of the answer",
        "template.leaked-token",
        _answer(lambda text, _: text + "<|im_end|>"),
    ),
    Planted("an empty answer", "schema.empty-answer", _answer(lambda _, __: "")),
    Planted(
        "an answer that is no text", "schema.answer-type", _answer(lambda text, _: {"n": 7, "of": text[:9]})
    ),
    Planted("no answer at all", "schema.no-target", lambda row, _: row.without_target()),
    Planted("a refusal", "answer.refusal", _answer(lambda _, __: _REFUSAL)),
    Planted("a placeholder", "answer.placeholder", _answer(lambda _, __: "[insert answer here]")),
    Planted("the prompt as the answer", "answer.echo", lambda row, _: row.with_target(row.prompt[1])),
    Planted("a loop", "answer.repetition", _answer(lambda text, _: " ".join(text.split()[:6] * 30))),
    Planted(
        "an answer that is cut off",
        "answer.cut-off",
        _answer(lambda text, _: text[: max(len(text) * 2 // 3, 4)].rstrip(" .!?")),
    ),
    Planted(
        "HTML around the answer", "answer.html", _answer(lambda text, _: f"<div><p>{text}</p><br/></div>")
    ),
    Planted("garbled UTF-8", "text.mojibake", _word(lambda _: "cafÃ©")),
    Planted("an invisible character", "text.invisible", _word(lambda _: "\u200b")),
    Planted("a control character", "text.control", _word(lambda _: "\x08")),
    Planted("an access key", "pii.secret", _word(_key)),
    Planted("an e-mail address", "pii.email", _word(_mail)),
    Planted("an answer in another language", "language.mismatch", _answer(_other_language)),
    Planted("the same row again", "duplicate.exact", lambda row, _: row.value),
    Planted(
        "another answer to the same prompt",
        "duplicate.conflict",
        _answer(lambda _, draw: f"No: {draw.randrange(9)}."),
    ),
    Planted("both sides of a pair the same", "preference.identical", _same_sides, fits=_is_pair),
    Planted("the same pair with its sides swapped", "preference.conflict", _swapped, fits=_is_pair),
    Planted(
        "a refusal that is preferred",
        "preference.refusal-preferred",
        _answer(lambda _, __: _REFUSAL),
        fits=_is_pair,
    ),
    Planted("an empty rejected side", "schema.empty-answer", _empty_side, fits=_is_pair),
    Planted("no rejected side", "schema.no-target", _no_side, fits=_is_pair),
    Planted(
        "sides that answer different prompts",
        "preference.differing-prompts",
        _other_prompt,
        fits=_brings_prompt,
    ),
    Planted(
        "a number that is not one",
        "schema.nonfinite",
        lambda row, _: row.with_field("weight", float("nan")),
    ),
    Planted("a key that occurs twice", "schema.duplicate-key", lambda row, _: row.value, write=_twice),
    Planted("a record that ends too early", UNREADABLE, lambda row, _: row.value, write=_cut),
)
"""In the order in which they are told."""
