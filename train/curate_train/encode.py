"""From rows to token ids and the mask of what is learned: exactly the answers, each with its stop token.

A row is tokenised as one text, as every server does with a prompt, and the mask is read off the offsets of its tokens.
Where a token would lie across the beginning of an answer, the model would be trained on something else than what it is
asked; there the text is tokenised in two pieces, or the row is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from curate.core.errors import ConfigError
from curate_train.rendering import Renderer, Span, Unrenderable
from curate_train.templates import NEEDED, TEMPLATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from curate_train.examples import Example, Turn
    from curate_train.recipe import Recipe
    from curate_train.rendering import Rendered

BATCH = 1024
"""Rows that are tokenised at once: enough for all cores, and little memory."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A row as the model gets it: token ids, and for each whether it is learned."""

    ids: list[int]
    trained: list[bool]


class Rejected(NamedTuple):
    """A row that is left out: where it stands, why, and its tokens (0 where it could not be encoded)."""

    where: str
    reason: str
    tokens: int


TOO_LONG = "is longer than max_length"


class Encoder:
    """Encodes rows with a tokenizer, by the template that the recipe names.

    Args:
        tokenizer: a fast one of transformers.
        recipe: for ``template``, ``max_length`` and ``train_on``.

    Raises:
        ConfigError: the tokenizer or its template is not fit to train with.

    Attributes:
        template: Jinja.
        pad_id: the token for padding; the stop token if there is no other.
    """

    def __init__(self, tokenizer: Any, recipe: Recipe) -> None:  # noqa: ANN401 (any tokenizer of transformers)
        self._backend: Any = getattr(tokenizer, "backend_tokenizer", None)
        if self._backend is None:
            raise ConfigError(
                "this tokenizer is a slow one, without offsets", hint="save a tokenizer.json beside it"
            )
        self.tokenizer = tokenizer
        self.max_length = recipe.max_length
        self._last_only = recipe.train_on == "last"
        self.template = template_of(tokenizer, recipe.template)
        names = {
            name: str(value) for name, value in tokenizer.special_tokens_map.items() if isinstance(value, str)
        }
        names = {"bos_token": "", "eos_token": "", **names}
        added = tokenizer.added_tokens_decoder
        self._control = {token.content: number for number, token in added.items() if token.special}
        self._renderer = Renderer(self.template, names, tuple(self._control))
        self._bos = names["bos_token"]
        self._adds_bos = self._adds_by_itself(tokenizer)
        self._headers: dict[str, list[int]] = {}
        pad = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
        self.pad_id = int(pad or 0)
        self._is_bos_checked = False

    @property
    def stop_ids(self) -> tuple[int, ...]:
        """Tokens at which an answer ends: what the template writes behind answers, and the tokenizer's own."""
        stops = {self._control[one] for one in self._renderer.stops}
        own = self.tokenizer.eos_token_id
        return tuple(sorted(stops | ({int(own)} if own is not None else set())))

    def encode(self, examples: Sequence[Example]) -> list[Encoded | Rejected]:
        """Every row as ids and mask, or why it is left out; rows beyond ``max_length`` are never cut."""
        return [
            Rejected(example.where, TOO_LONG, len(one.ids))
            if isinstance(one, Encoded) and len(one.ids) > self.max_length
            else one
            for example, one in zip(examples, self.encode_whole(examples), strict=True)
        ]

    def encode_whole(self, examples: Sequence[Example]) -> Iterator[Encoded | Rejected]:
        """The same whatever the length, one after the other."""
        for first in range(0, len(examples), BATCH):
            yield from self._batch(examples[first : first + BATCH])

    def prompt_ids(self, example: Example) -> list[int]:
        """What the model gets to answer the last turn: all before the last answer, and the beginning of an answer.

        Raises:
            Unrenderable: the template refuses it.
        """
        turns = self.prompt_turns(example)
        for turn in turns:
            found = self._renderer.control.search(turn.content)
            if found:
                raise Unrenderable(f"holds the control token {found[0]} as text")
        text = self._renderer.text(turns, generation=True)
        ids: list[int] = self._backend.encode(text, add_special_tokens=False).ids
        return self._with_bos(text, ids)

    @staticmethod
    def prompt_turns(example: Example) -> tuple[Turn, ...]:
        """The turns before the last answer; all of them where the last one is no answer."""
        turns = example.turns
        while turns and turns[-1].role == "assistant":
            turns = turns[:-1]
        return turns

    def render(self, example: Example) -> Rendered:
        """A row as text with the places of what is learned.

        Raises:
            Unrenderable: it cannot be shown.
        """
        return self._renderer.render(self._chosen(example.turns))

    def _chosen(self, turns: tuple[Turn, ...]) -> tuple[Turn, ...]:
        """The turns, with no answer but the last one trained where the recipe says so."""
        if not self._last_only:
            return turns
        last = max(number for number, turn in enumerate(turns) if turn.trained)
        return tuple(
            turn if number == last else type(turn)(turn.role, turn.content, trained=False)
            for number, turn in enumerate(turns)
        )

    def _batch(self, examples: Sequence[Example]) -> list[Encoded | Rejected]:
        done: list[Encoded | Rejected | None] = []
        shown: list[Rendered] = []
        for example in examples:
            try:
                shown.append(self.render(example))
                done.append(None)
            except Unrenderable as refusal:
                done.append(Rejected(example.where, str(refusal), 0))
        self._check_bos(shown)
        encodings = iter(self._backend.encode_batch([one.text for one in shown], add_special_tokens=False))
        rendered = iter(shown)
        return [
            one if one is not None else self._masked(example, next(rendered), next(encodings))
            for example, one in zip(examples, done, strict=True)
        ]

    def _masked(self, example: Example, shown: Rendered, encoding: Any) -> Encoded | Rejected:  # noqa: ANN401
        """Ids and mask of a row that was tokenised as one text."""
        ids: list[int] = encoding.ids
        trained = [False] * len(ids)
        for span, header in zip(shown.spans, shown.headers, strict=True):
            first, last = encoding.char_to_token(span.start), encoding.char_to_token(span.end - 1)
            is_clean = (
                first is not None
                and last is not None
                and encoding.token_to_chars(first)[0] >= span.start
                and encoding.token_to_chars(last)[1] == span.end
                and self._is_asked_so(ids, first, header, shown.text[: span.start])
            )
            if not is_clean:
                return self._in_pieces(example, shown)
            trained[first : last + 1] = [True] * (last + 1 - first)
        return self._whole(shown.text, ids, trained)

    def _is_asked_so(self, ids: list[int], first: int, header: str | None, prompt: str) -> bool:
        """Whether the tokens before an answer are those that the prompt alone has.

        What follows a token of control does not depend on what stands before it, so the header is enough.
        """
        if header is None:
            asked: list[int] = self._backend.encode(prompt, add_special_tokens=False).ids
            return ids[:first] == asked
        if header not in self._headers:
            self._headers[header] = self._backend.encode(header, add_special_tokens=False).ids
        known = self._headers[header]
        return ids[first - len(known) : first] == known

    def _in_pieces(self, example: Example, shown: Rendered) -> Encoded | Rejected:
        """A row tokenised piece by piece, cut where answers begin and end, if the pieces say the same text."""
        ids: list[int] = []
        trained: list[bool] = []
        at = 0
        for start, end, is_answer in (*_pieces(shown.spans), (shown.spans[-1].end, len(shown.text), False)):
            piece: list[int] = self._backend.encode(shown.text[start:end], add_special_tokens=False).ids
            ids += piece
            trained += [is_answer] * len(piece)
            at = end
        whole = self._backend.encode(shown.text, add_special_tokens=False).ids
        decoded = self._backend.decode(ids, skip_special_tokens=False)
        if at != len(shown.text) or decoded != self._backend.decode(whole, skip_special_tokens=False):
            return Rejected(
                example.where, "a token lies across the beginning or the end of its answer", len(whole)
            )
        return self._whole(shown.text, ids, trained)

    def _whole(self, text: str, ids: list[int], trained: list[bool]) -> Encoded:
        with_bos = self._with_bos(text, ids)
        return Encoded(with_bos, [False] * (len(with_bos) - len(ids)) + trained)

    def _with_bos(self, text: str, ids: list[int]) -> list[int]:
        """The ids with the BOS that the tokenizer would write itself, where the template writes none."""
        if self._adds_bos and not text.startswith(self._bos):
            return [self._control[self._bos], *ids]
        return ids

    def _adds_by_itself(self, tokenizer: Any) -> bool:  # noqa: ANN401 (any tokenizer of transformers)
        if self._bos not in self._control:
            return False
        ids = self._backend.encode("x", add_special_tokens=True).ids
        return bool(ids) and ids[0] == tokenizer.bos_token_id

    def _check_bos(self, shown: Sequence[Rendered]) -> None:
        """Whether the template writes BOS at most once; one that opens every turn is a mark of turns.

        Raises:
            ConfigError: it stands there twice.
        """
        if self._is_bos_checked or not shown or not self._bos:
            return
        self._is_bos_checked = True
        if any(one.text.startswith(self._bos * 2) for one in shown):
            raise ConfigError(
                f"the chat template writes {self._bos} twice", hint="mend the tokenizer's chat template"
            )


def _pieces(spans: Sequence[Span]) -> Iterator[tuple[int, int, bool]]:
    at = 0
    for start, end in spans:
        yield at, start, False
        yield start, end, True
        at = end


def template_of(tokenizer: Any, name: str) -> str:  # noqa: ANN401 (any tokenizer of transformers)
    """The template that a recipe names.

    Raises:
        ConfigError: the tokenizer brings none, or lacks the tokens of the named one.
    """
    if name != "tokenizer":
        missing = [token for token in NEEDED[name] if token not in tokenizer.get_added_vocab()]
        if missing:
            raise ConfigError(
                f"the tokenizer has no {' and '.join(missing)}, which the template '{name}' writes",
                hint='take one whose tokens it has; template = "alpaca" needs none',
            )
        return TEMPLATES[name]
    own = tokenizer.chat_template
    if isinstance(own, dict):
        own = own.get("default")
    if not isinstance(own, str) or not own:
        raise ConfigError(
            "the tokenizer brings no chat template",
            hint="name one in the recipe: template = one of " + ", ".join(TEMPLATES),
        )
    return own
