"""Fits the weights of ``curate/text/tokens.py`` to the real Llama 3 and Mistral v3 tokenizers, and states the error.

The tokenizers come with ``pip install --no-deps llama-models`` and
``pip install tiktoken "mistral-common[sentencepiece]"``.

Texts: T0, MedQuAD, GSM8K, HumanEval and a Chinese Alpaca set from the folder of public data, and the Universal
Declaration of Human Rights from ``tests/evidence``. Every second text is fitted, the others are measured. Then come
sets from which nothing is fitted: the error that users meet.

    python -m benchmarks.calibrate_tokens FOLDER
"""

from __future__ import annotations

import gzip
import importlib
import io
import json
import random
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from curate.formats.parse import parse_chunk
from curate.formats.read import open_source
from curate.formats.sources import discover
from curate.text.tokens import COUNTS, count_kinds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

UDHR = Path(__file__).parents[1] / "tests" / "evidence" / "language_udhr.jsonl"
SEED = 7
PLAIN = ("texts", "ascii", "breaks", "digits", "code", "marks")
"""Fitted on English and code; the other weights are fitted on top of them."""

ENGLISH = ("T0 prompts", "T0 targets", "MedQuAD", "GSM8K", "HumanEval")
BY_SCRIPT = {
    "Latin, other": "de fr es it pt nl sv da no pl cs sk hu ro fi tr hr sl lt lv et id vi ca",
    "Cyrillic": "ru uk bg sr",
    "Greek": "el",
    "Arabic": "ar fa ur",
    "Hebrew": "he",
    "Devanagari": "hi",
    "Thai": "th",
    "Chinese": "zh",
    "Japanese": "ja",
    "Korean": "ko",
    "other scripts": "bn ta te ka hy",
}
ENOUGH = 32
"""Tokens from which on the error of a single text means something."""

ROUNDS = 20
"""Of re-weighting, which makes the fit one of least absolute relative error (Schlossmacher 1973)."""


def main() -> None:
    """Print the weights and the error of each."""
    groups = dict(corpora(Path(sys.argv[1])))
    for family, count in tokenizers().items():
        cells = {name: _cells(texts, count) for name, texts in groups.items()}
        weights = fit(cells)
        print(f'    "{family}": {{')
        for name in COUNTS:
            print(f'        "{name}": {weights[name]:.3f},')
        print("    },")
        for name, (counts, true) in cells.items():
            print(f"    {name:14} {error(counts[1::2], true[1::2], weights)}")
        _print_all(cells, weights)
        for name, texts in unseen(Path(sys.argv[1])):
            print(f"    {name:28} {error(*_cells(texts, count), weights)}")


def tokenizers() -> dict[str, Callable[[str], int]]:
    """For each family, a function that counts the tokens of a text, special tokens read as text."""
    llama = importlib.import_module("llama_models.llama3.tokenizer")
    folder = Path(str(llama.__file__)).parent
    tiktoken = llama.Tokenizer(folder / "tokenizer.model").model
    sentencepiece = importlib.import_module("sentencepiece")
    data = Path(str(importlib.import_module("mistral_common").__file__)).parent / "data"
    mistral = sentencepiece.SentencePieceProcessor(str(data / "mistral_instruct_tokenizer_240323.model.v3"))
    return {
        "llama3": lambda text: len(tiktoken.encode_ordinary(text)),
        "mistral": lambda text: len(mistral.encode(text)),
    }


def corpora(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Named samples of texts."""
    zstandard = importlib.import_module("zstandard")
    with (folder / "selfinstruct" / "t0_55k.jsonl.zst").open("rb") as packed:
        lines = io.TextIOWrapper(zstandard.ZstdDecompressor().stream_reader(packed), "utf-8")
        t0 = _sample([json.loads(line) for line in lines], 3000)
    yield "T0 prompts", [row["prompt"] for row in t0]
    yield "T0 targets", [row["completion"].replace("<|endoftext|>", "") for row in t0]
    yield (
        "MedQuAD",
        [row["output"] for row in _sample(_rows(folder / "medquad" / "medquad_health.jsonl"), 800)],
    )
    yield "GSM8K", [row["answer"] for row in _sample(_rows(folder / "gsm8k" / "train.jsonl"), 1000)]
    with gzip.open(folder / "humaneval" / "HumanEval.jsonl.gz", "rt", encoding="utf-8") as packed_code:
        yield (
            "HumanEval",
            [(row := json.loads(line))["prompt"] + row["canonical_solution"] for line in packed_code],
        )
    chinese = json.loads((folder / "llamafactory" / "alpaca_zh_demo.json").read_text("utf-8"))
    yield "Alpaca zh", [row["output"] for row in chinese]
    declarations: dict[str, list[str]] = {}
    for row in _rows(UDHR):
        declarations.setdefault(f"UDHR {row['language']}", []).append(row["text"])
    yield from declarations.items()


UNSEEN = (
    *(
        "gsm8k/test.jsonl",
        "pubmedqa/ori_pqal.json",
        "selfinstruct/seed_tasks.jsonl",
        "openassistant/en_100_message.jsonl",
    ),
    *("llamafactory/dpo_en_demo.json", "llamafactory/kto_en_demo.json", "llamafactory/c4_demo.jsonl"),
    *("llamafactory/dpo_zh_demo.json", "llamafactory/glaive_toolcall_zh_demo.json"),
)
"""Sets that nothing is fitted to, except for the answers of GSM8K."""


def unseen(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The prompts and the targets of sets, as curate reads them."""
    for name in UNSEEN:
        opened = open_source(discover([str(folder / name)]).sources[0], 0, None)
        texts = pl.concat([parse_chunk(chunk).batch.texts for chunk in opened.chunks()])
        for part in ("prompt", "target"):
            said = texts.filter(pl.col("part") == part)["text"].to_list()
            if said:
                yield f"{Path(name).stem[:20]} {part}s", said


def _rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def _sample(rows: list[Any], size: int) -> list[Any]:
    return random.Random(SEED).sample(rows, size)  # noqa: S311 (a sample, not a secret)


def _cells(texts: list[str], count: Callable[[str], int]) -> tuple[Floats, Floats]:
    """What is counted in each text, and its true number of tokens."""
    said = [text for text in texts if text.strip()]
    return count_kinds(pl.Series(said)).to_numpy(), np.array([count(text) for text in said], float)


def fit(cells: dict[str, tuple[Floats, Floats]]) -> dict[str, float]:
    """The weights: first those of plain text, then, with these held, those of other languages and scripts."""
    plain = [COUNTS.index(name) for name in PLAIN]
    rest = [at for at in range(len(COUNTS)) if at not in plain]
    weights = np.zeros(len(COUNTS))
    english = {name: cells[name] for name in ENGLISH}
    weights[plain] = _least(*_stacked(english), plain, weights)
    others = {name: cell for name, cell in cells.items() if name not in ENGLISH}
    weights[rest] = _least(*_stacked(others), rest, weights)
    return dict(zip(COUNTS, map(float, weights), strict=True))


def _stacked(cells: dict[str, tuple[Floats, Floats]]) -> tuple[Floats, Floats, Floats]:
    """Every second text of all groups, and weights by which each group counts alike."""
    counts = np.concatenate([counts[::2] for counts, _ in cells.values()])
    true = np.concatenate([true[::2] for _, true in cells.values()])
    share = np.concatenate([np.full(len(true[::2]), 1 / len(true[::2])) for _, true in cells.values()])
    return counts, true, share


def _least(counts: Floats, true: Floats, share: Floats, free: list[int], held: Floats) -> Floats:
    """Weights of the free columns that make the relative error least, the others being held."""
    offset = counts @ held
    used = [at for at, column in enumerate(free) if counts[:, column].any()]
    scale = np.sqrt(share) / np.maximum(true, 8)
    doubt = np.ones(len(true))
    result = np.zeros(len(free))
    for _ in range(ROUNDS):
        by = scale * doubt
        left = counts[:, [free[at] for at in used]] * by[:, None]
        result[used] = np.linalg.lstsq(left, (true - offset) * by, rcond=None)[0]
        wrong = np.abs((offset + counts[:, free] @ result) / true - 1)
        doubt = 1 / np.sqrt(np.maximum(wrong, 0.02))
    return result


def error(counts: Floats, true: Floats, weights: dict[str, float]) -> str:
    """The relative error: median and 95th percentile of longer texts, and that of all texts together."""
    estimate = np.maximum(np.round(counts @ np.array([weights[name] for name in COUNTS])), 1)
    long = true >= ENOUGH
    wrong = np.abs(estimate / true - 1)[long]
    whole = estimate.sum() / true.sum() - 1
    if not long.any():
        return f"texts {len(true):5}  whole {whole:+.1%}"
    median, worst = np.percentile(wrong, [50, 95])
    return f"texts {len(true):5}  median {median:5.1%}  95th {worst:6.1%}  whole {whole:+6.1%}"


def _print_all(cells: dict[str, tuple[Floats, Floats]], weights: dict[str, float]) -> None:
    """The error over all texts of a script."""
    named = {title: [f"UDHR {code}" for code in codes.split()] for title, codes in BY_SCRIPT.items()}
    for title, names in (("English, code", list(ENGLISH)), *named.items()):
        counts = np.concatenate([cells[name][0][1::2] for name in names])
        true = np.concatenate([cells[name][1][1::2] for name in names])
        print(f"    {title:14} {error(counts, true, weights)}")


if __name__ == "__main__":
    main()
