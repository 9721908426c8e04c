"""Faults to plant: each takes a sound row and spoils it in one way. ``curate probe`` measures a gate with them.

A fault is a function from a row and its texts to the line of a spoiled row. They are written from what goes wrong in
real exports, and not from what the checks look for.
"""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.formats.fetch import unescape

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


@dataclass(frozen=True)
class Sound:
    """A row to spoil.

    Attributes:
        value: the row.
        prompt: pointer and text of the last prompt.
        target: pointer and text of the last answer.
    """

    value: dict[str, Any]
    prompt: tuple[str, str]
    target: tuple[str, str]

    def with_target(self, text: object) -> dict[str, Any]:
        """The row with another answer."""
        return replaced(self.value, self.target[0], text)


class Planted(NamedTuple):
    """A kind of fault: its name, the check that must see it, and how a row is spoiled."""

    name: str
    check: str
    spoil: Callable[[Sound, Random], bytes]


def replaced(value: dict[str, Any], pointer: str, new: object) -> dict[str, Any]:
    """A copy of a row with another value at an RFC 6901 pointer; a missing last step is added."""
    row: Any = deepcopy(value)
    *steps, last = [unescape(step) for step in pointer.split("/")[1:]]
    here = row
    for step in steps:
        here = here[int(step)] if isinstance(here, list) else here[step]
    here[int(last) if isinstance(here, list) else last] = new
    return row  # type: ignore[no-any-return]  # a dict, as given


def without(value: dict[str, Any], pointer: str) -> dict[str, Any]:
    """A copy of a row without the field that a pointer names; a message of a list goes as a whole."""
    row: Any = deepcopy(value)
    steps = [unescape(step) for step in pointer.split("/")[1:]]
    if len(steps) > 1 and not steps[-1].isdigit():
        steps = steps[:-1]
    here = row
    for step in steps[:-1]:
        here = here[int(step)] if isinstance(here, list) else here[step]
    del here[int(steps[-1]) if isinstance(here, list) else steps[-1]]
    return row  # type: ignore[no-any-return]  # a dict, as given


def line(value: object) -> bytes:
    """A row as a line of JSON."""
    return json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")


def _answer(change: Callable[[str, Random], object]) -> Callable[[Sound, Random], bytes]:
    """A fault of the answer alone."""
    return lambda row, draw: line(row.with_target(change(row.target[1], draw)))


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


def _other_language(text: str, draw: Random) -> str:
    """German for English, Chinese for what looks like German."""
    del draw
    return _CHINESE if any(sign in text for sign in "äöüß") else _GERMAN


def _key(draw: Random) -> str:
    return "AKIA" + "".join(draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(16))


def _mail(draw: Random) -> str:
    names = ("anna.berger", "joan.whitfield", "m.okafor", "t.lindgren", "rosa.delgado")
    return (
        f"{draw.choice(names)}{draw.randrange(10, 99)}@{draw.choice(('northlake', 'veldmann', 'corvia'))}.com"
    )


def _twice(row: Sound, draw: Random) -> bytes:
    """A key that occurs twice, as broken exporters write it."""
    del draw
    name = next(iter(row.value))
    body = line(row.value)
    return b"{" + json.dumps(name).encode() + b': "other", ' + body[1:]


FAULTS = (
    Planted(
        "a chat token at the end of the answer",
        "template.leaked-token",
        _answer(lambda t, _: t + "<|im_end|>"),
    ),
    Planted("an empty answer", "schema.empty-answer", _answer(lambda _t, _: "")),
    Planted(
        "an answer that is no text", "schema.answer-type", _answer(lambda t, _: {"parts": 7, "of": t[:9]})
    ),
    Planted("no answer at all", "schema.no-target", lambda row, _: line(without(row.value, row.target[0]))),
    Planted("a refusal", "answer.refusal", _answer(lambda _t, _: _REFUSAL)),
    Planted("a placeholder", "answer.placeholder", _answer(lambda _t, _: "[insert answer here]")),
    Planted("the prompt as the answer", "answer.echo", lambda row, _: line(row.with_target(row.prompt[1]))),
    Planted("a loop", "answer.repetition", _answer(lambda t, _: " ".join(t.split()[:6] * 30))),
    Planted(
        "an answer that is cut off",
        "answer.cut-off",
        _answer(lambda t, _: t[: max(len(t) * 2 // 3, 4)].rstrip(" .!?")),
    ),
    Planted("HTML around the answer", "answer.html", _answer(lambda t, _: f"<div><p>{t}</p><br/></div>")),
    Planted("garbled UTF-8", "text.mojibake", _answer(lambda t, draw: _at_a_word(t, "cafÃ©", draw))),
    Planted(
        "an invisible character", "text.invisible", _answer(lambda t, draw: _at_a_word(t, "\u200b", draw))
    ),
    Planted("a control character", "text.control", _answer(lambda t, draw: _at_a_word(t, "\x08", draw))),
    Planted("an access key", "pii.secret", _answer(lambda t, draw: _at_a_word(t, _key(draw), draw))),
    Planted("an e-mail address", "pii.email", _answer(lambda t, draw: _at_a_word(t, _mail(draw), draw))),
    Planted("an answer in another language", "language.mismatch", _answer(_other_language)),
    Planted("the same row again", "duplicate.exact", lambda row, _: line(row.value)),
    Planted(
        "another answer to the same prompt",
        "duplicate.conflict",
        _answer(lambda _t, draw: f"No: {draw.randrange(9)}."),
    ),
    Planted(
        "a number that is not one",
        "schema.nonfinite",
        lambda row, _: line({**row.value, "weight": float("nan")}),
    ),
    Planted("a key that occurs twice", "schema.duplicate-key", _twice),
    Planted("a record that ends too early", "quarantine", lambda row, _: line(row.value)[:-9]),
)
"""In the order in which they are told."""
