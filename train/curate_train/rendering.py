"""From turns to the text that the model reads, with the places of what it learns to say.

Templates do not tell where an answer stands, and few have generation markers. So a conversation of the same roles is
rendered once with marks for its texts, which shows what the template writes around them. Every row is then rendered by
the template itself, and its text compared with what the marks foretold: a template that looks into texts (and drops
thoughts, say) is found out row by row, and such a row is read by rendering its beginnings one by one instead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from curate.core.errors import ConfigError
from curate_train.templates import compile_template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from curate_train.examples import Turn

PAD = "\f\v"
"""White space that no template writes: whether it is still there shows what a template trims."""


class Unrenderable(Exception):  # noqa: N818 (no error: a row is left out for it)
    """A row that the template cannot show, with the reason."""


class Span(NamedTuple):
    """What is learned of a text: from the first character of an answer to the end of the stop token."""

    start: int
    end: int


class Rendered(NamedTuple):
    """A row as the model reads it.

    Attributes:
        text: with all tokens of control.
        spans: what is learned.
        headers: for each span what the template writes before it, from the last token of control on, which is part
            of it; None where a text of the row stands there as well.
        follows: whether each answer stands behind what the model gets when it is asked.
    """

    text: str
    spans: tuple[Span, ...]
    headers: tuple[str | None, ...]
    follows: bool


class _Slot(NamedTuple):
    """A text of the row in the rendered text."""

    before: str
    turn: int
    trims: tuple[bool, bool]

    def text(self, content: str) -> str:
        """The turn's content as the template writes it."""
        left, right = self.trims
        if left:
            content = content.lstrip()
        return content.rstrip() if right else content


class _Answer(NamedTuple):
    """An answer: its slot, characters before and after it that are learned too, and what stands before them."""

    slot: int
    lead: int
    tail: int
    header: str | None
    follows: bool


@dataclass(frozen=True)
class _Shape:
    """What a template writes around the texts of conversations with the same roles."""

    slots: tuple[_Slot, ...]
    end: str
    answers: tuple[_Answer, ...]

    def fill(self, contents: Sequence[str]) -> Rendered:
        """The text with other contents, if the template treats them alike."""
        pieces: list[str] = []
        places = []
        size = 0
        for slot in self.slots:
            text = slot.text(contents[slot.turn])
            size += len(slot.before)
            places.append((size, size + len(text)))
            size += len(text)
            pieces += (slot.before, text)
        pieces.append(self.end)
        return Rendered(
            "".join(pieces),
            tuple(
                Span(places[one.slot][0] - one.lead, places[one.slot][1] + one.tail) for one in self.answers
            ),
            tuple(one.header for one in self.answers),
            all(one.follows for one in self.answers),
        )


class Renderer:
    """Renders conversations by one template.

    Args:
        template: Jinja.
        names: what the template may ask for: ``bos_token``, ``eos_token`` and the like.
        control: all tokens of control, as text.

    Attributes:
        stops: tokens of control that end an answer, as far as rows were rendered.
    """

    def __init__(self, template: str, names: Mapping[str, str], control: Sequence[str]) -> None:
        self._template = compile_template(template)
        self._names = dict(names)
        ordered = sorted(control, key=len, reverse=True)
        self.control = re.compile("|".join(map(re.escape, ordered)) if ordered else r"(?!)")
        self._shapes: dict[tuple[tuple[str, bool], ...], _Shape | None] = {}
        self.stops: set[str] = set()

    def text(self, turns: Sequence[Turn], *, generation: bool = False) -> str:
        """A conversation as the template writes it.

        Args:
            turns: in order.
            generation: whether the model is to go on with an answer.

        Raises:
            Unrenderable: the template refuses it.
        """
        from jinja2.exceptions import TemplateError  # noqa: PLC0415 (loaded where templates are rendered)

        messages = [{"role": turn.role, "content": turn.content} for turn in turns]
        try:
            return self._template.render(messages=messages, add_generation_prompt=generation, **self._names)
        except (TemplateError, TypeError, KeyError, ValueError) as error:
            raise Unrenderable(f"the template refuses it: {error}") from error

    def render(self, turns: Sequence[Turn]) -> Rendered:
        """A row with the places of what is learned.

        Raises:
            Unrenderable: the template refuses it, a text holds a token of control, or the template does not show where
                an answer stands.
            ConfigError: the template writes no stop token after answers.
        """
        for turn in turns:
            found = self.control.search(turn.content)
            if found:
                raise Unrenderable(f"holds the control token {found[0]} as text")
        text = self.text(turns)
        roles = tuple((turn.role, turn.trained) for turn in turns)
        if roles not in self._shapes:
            self._shapes[roles] = self._learn(turns)
        shape = self._shapes[roles]
        if shape is not None:
            foretold = shape.fill([turn.content for turn in turns])
            if foretold.text == text:
                return foretold
        return self._by_beginnings(turns, text)

    def _learn(self, turns: Sequence[Turn]) -> _Shape | None:
        """What the template writes around texts; None if it does not write each of them once."""
        marks = [f"\ue000{number}\ue001" for number in range(len(turns))]
        marked = [
            type(turn)(turn.role, f"{PAD}{mark}{PAD}", turn.trained)
            for turn, mark in zip(turns, marks, strict=True)
        ]
        try:
            text = self.text(marked)
        except Unrenderable:
            return None
        if any(text.count(mark) != 1 for mark in marks):
            return None
        slots = []
        at = 0
        for turn, mark in sorted(enumerate(marks), key=lambda one: text.index(one[1])):
            start = text.index(mark)
            end = start + len(mark)
            keeps_left = text[:start].endswith(PAD)
            keeps_right = text.startswith(PAD, end)
            slots.append(
                _Slot(text[at : start - len(PAD) * keeps_left], turn, (not keeps_left, not keeps_right))
            )
            at = end + len(PAD) * keeps_right
        end_text = text[at:]
        after = [*(slot.before for slot in slots[1:]), end_text]
        answers = tuple(
            self._answer(number, slot, after[number], marked)
            for number, slot in enumerate(slots)
            if turns[slot.turn].trained
        )
        return _Shape(tuple(slots), end_text, answers)

    def _answer(self, number: int, slot: _Slot, after: str, marked: Sequence[Turn]) -> _Answer:
        """How much around an answer is learned: from the end of the prompt to the stop token."""
        stop = self._stop(after)
        try:
            asked = self.text(marked[: slot.turn], generation=True)
        except Unrenderable:
            return _Answer(number, 0, stop, self._header(slot.before, number), follows=False)
        opening = re.split(f"\ue001(?:{PAD})?", asked)[-1]
        follows = slot.before.startswith(opening)
        lead = len(slot.before) - len(opening) if follows else 0
        return _Answer(
            number, lead, stop, self._header(slot.before[: len(slot.before) - lead], number), follows
        )

    def _header(self, before: str, number: int) -> str | None:
        """What stands before an answer, beginning with the last token of control."""
        tokens = list(self.control.finditer(before))
        if tokens:
            return before[tokens[-1].start() :]
        return before if number == 0 else None

    def _stop(self, after: str) -> int:
        """Characters behind an answer up to the end of its stop token."""
        found = self.control.search(after)
        if found is None:
            raise ConfigError(
                "the chat template writes no stop token after answers: a model that is tuned so never ends",
                hint='name another template in the recipe: template = "chatml", …; or mend the tokenizer\'s own',
            )
        self.stops.add(found[0])
        return found.end()

    def _by_beginnings(self, turns: Sequence[Turn], text: str) -> Rendered:
        """The places of answers by what the template makes of the conversation up to each of them."""
        spans = []
        for number, turn in enumerate(turns):
            if not turn.trained:
                continue
            before = self.text(turns[:number], generation=True)
            after = self.text(turns[: number + 1])
            content = turn.content.strip()
            at = after.find(content, len(before))
            if not (text.startswith(before) and after.startswith(before) and at >= 0):
                raise Unrenderable("the template does not show where its answer stands")
            end = at + len(content)
            end += self._stop(after[end:])
            if not text.startswith(after[:end]):
                raise Unrenderable("the template does not show where its answer stands")
            spans.append(Span(len(before), end))
        return Rendered(text, tuple(spans), (None,) * len(spans), follows=True)
