"""300 asks of 30 to 80 words in which one thing that matters was exchanged, from real prompts where they have it.

Seeded: the same data gives the same swaps. Real prompts come from the folder named by ``CURATE_TEST_DATA``; without it,
and for words that real prompts lack, prompts written for this project are used (``rules.WRITTEN``). No real text is
kept.
"""

from __future__ import annotations

import io
import json
import random
import re
from typing import TYPE_CHECKING, NamedTuple

from tests.evidence.swaps import rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WORDS = range(30, 81)
SEED = 5


class Swap(NamedTuple):
    """Two asks that look alike. ``real`` tells whether the first one is real data."""

    kind: str
    ask: str
    swapped: str
    real: bool


def swaps(folder: Path | None) -> list[Swap]:
    """All swaps, kind by kind."""
    dice = random.Random(SEED)  # noqa: S311 (a sample, no secret)
    prompts = real_prompts(folder) if folder else []
    dice.shuffle(prompts)
    made: list[Swap] = []
    for kind, (wanted, pairs) in rules.PAIRS.items():
        made += _of_kind(kind, wanted, prompts, dice, _exchanges(pairs))
    made += _of_kind("number", rules.NUMBERS, prompts, dice, [_other_number])
    made += _of_kind("name", rules.NAMES, prompts, dice, [_other_name])
    return made + [_suit(dice) for _ in range(rules.SUITS)]


def real_prompts(folder: Path) -> list[str]:
    """Distinct prompts of the right length, of several sets."""
    found = {text.strip() for text in _texts(folder) if len(text.split()) in WORDS}
    return sorted(found)


def _texts(folder: Path) -> Iterator[str]:
    import zstandard  # noqa: PLC0415 (only with real data)

    packed = (folder / "selfinstruct" / "t0_55k.jsonl.zst").read_bytes()
    lines = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(packed), read_across_frames=True).read()
    yield from (json.loads(line)["prompt"] for line in lines.split(b"\n") if line.strip())
    for name in ("train", "test"):
        with (folder / "gsm8k" / f"{name}.jsonl").open("rb") as file:
            yield from (json.loads(line)["question"] for line in file)
    with (folder / "openassistant" / "en_100_message.jsonl").open("rb") as file:
        yield from (row["text"] for row in map(json.loads, file) if row["role"] == "prompter")
    with (folder / "selfinstruct" / "seed_tasks.jsonl").open("rb") as file:
        yield from (f"{row['instruction']} {row['instances'][0]['input']}" for row in map(json.loads, file))


def _of_kind(
    kind: str,
    wanted: int,
    prompts: list[str],
    dice: random.Random,
    exchanges: list[Callable[[str, random.Random], str | None]],
) -> list[Swap]:
    """Half of the wanted swaps, or more, in real prompts as far as they go; the rest in written ones."""
    made: list[Swap] = []
    share = -(-wanted // len(exchanges))
    for exchange in exchanges:
        fitting = (Swap(kind, text, other, real=True) for text in prompts if (other := exchange(text, dice)))
        made += [swap for swap, _ in zip(fitting, range(share), strict=False)]
    dice.shuffle(made)
    made = made[: wanted - 2]
    return made + [_written(kind, dice) for _ in range(wanted - len(made))]


def _exchanges(pairs: tuple[tuple[str, str], ...]) -> list[Callable[[str, random.Random], str | None]]:
    both = [pair for one, two in pairs for pair in ((one, two), (two, one)) if pair[0]]
    return [lambda text, _, one=one, two=two: exchange(text, one, two) for one, two in both]  # type: ignore[misc]


def exchange(text: str, one: str, two: str) -> str | None:
    """The text with ``one`` for ``two``, and ``two`` for ``one`` where both are there; None where nothing changes."""
    if one not in text:
        return None
    pattern = rf"(?<![\w+#.-]){re.escape(one)}(?![\w+#'-])"
    if two and re.search(rf"(?<![\w+#.-]){re.escape(two)}(?![\w+#'-])", text):
        either = rf"(?<![\w+#.-])(?:{re.escape(one)}|{re.escape(two)})(?![\w+#'-])"
        changed = re.sub(either, lambda found: two if found[0] == one else one, text)
    else:
        changed = re.sub(pattern, lambda _: two, text, count=1)
    return None if changed.split() == text.split() else changed


def _other_number(text: str, dice: random.Random) -> str | None:
    found = list(re.finditer(r"(?<![\w.,-])\d{1,4}(?:\.\d+)?(?![\w.,-])", text))
    if not found:
        return None
    spot = dice.choice(found)
    changed = spot[0].replace(".", "") if "." in spot[0] else str(int(spot[0]) + dice.choice([1, 2, 10]))
    return text[: spot.start()] + changed + text[spot.end() :]


def _other_name(text: str, dice: random.Random) -> str | None:
    name = next((name for name in rules.FIRST_NAMES if re.search(rf"\b{name}\b", text)), None)
    if name is None:
        return None
    other = dice.choice([other for other in rules.FIRST_NAMES if not re.search(rf"\b{other}\b", text)])
    return re.sub(rf"\b{name}\b", other, text)


def _written(kind: str, dice: random.Random) -> Swap:
    """A swap in the prompt that was written for a kind."""
    text, number = rules.WRITTEN[kind], str(dice.randrange(21, 99))
    if kind == "number":
        one, two = str(dice.randrange(3, 60)), str(dice.randrange(60, 99))
    elif kind == "name":
        one, two = dice.sample(rules.FIRST_NAMES, 2)
    else:
        one, two = dice.choice(rules.PAIRS[kind][1])
    name = dice.choice(rules.FIRST_NAMES)
    ask, swapped = (" ".join(text.format(word=word, n=number, name=name).split()) for word in (one, two))
    return Swap(kind, ask, swapped, real=False)


def _suit(dice: random.Random) -> Swap:
    one, two = dice.sample(rules.COMPANIES, 2)
    number = str(dice.randrange(3, 99))
    text = rules.WRITTEN["suit"]
    ask, swapped = (text.format(one=a, other=b, n=number) for a, b in ((one, two), (two, one)))
    return Swap("suit", ask, swapped, real=False)


def retouched(made: list[Swap]) -> list[Swap]:
    """The asks with one change that cannot matter; those whose task is their form are left out by their own words."""
    dice = random.Random(SEED)  # noqa: S311 (a sample, no secret)
    edits = [Swap("retouched", swap.ask, dice.choice(RETOUCHES)(swap.ask), swap.real) for swap in made]
    return [swap for swap in edits if swap.ask != swap.swapped]


RETOUCHES: tuple[Callable[[str], str], ...] = (
    lambda text: text.rstrip(".?! ") if text.rstrip()[-1:] == "." else text,
    lambda text: text.replace(". ", ".  "),
    lambda text: text + " Thanks in advance!",
    lambda text: text[:1].lower() + text[1:] if text[:2].istitle() else text,
    lambda text: text.replace(", ", " , "),
    lambda text: text.replace(" the ", " ", 1),
    lambda text: text.replace("'", "’") if '"' not in text else text,
    lambda text: f"Hello! {text}",
)
"""Each makes one change within the allow-list, where the text gives occasion for it."""
