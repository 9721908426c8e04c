"""The training view against references: masks of six templates, Meta's and Mistral's own tokens, TRL's labels."""

from __future__ import annotations

import importlib.util
import re
import sys

from benchmarks.bar import ROOT, Outcome, measure

LINES = {
    "mask is exactly answer and stop token, six templates": (
        "tests/train/test_encode.py",
        "mask_is_exactly or stands_before_the_last_answer or odd_answers",
        ("transformers", "llama_models", "mistral_common"),
    ),
    "Llama 3: tokens equal those of Meta's ChatFormat": (
        "tests/train/test_encode.py",
        "metas_chat_format",
        ("transformers", "llama_models"),
    ),
    "Mistral: tokens equal those of mistral-common": (
        "tests/train/test_encode.py",
        "mistral_common",
        ("transformers", "mistral_common"),
    ),
    "labels equal those of TRL's collator": (
        "tests/train/test_encode_trl.py",
        "",
        ("transformers", "peft", "trl"),
    ),
    "`curate train check` in a folder with train.py, data/ and tests/": (
        "tests/train/test_checking.py",
        "users_own_training",
        ("transformers",),
    ),
    "exports read back by TRL and curate (Axolotl and LLaMA-Factory skip unless installed)": (
        "tests/train/test_export.py",
        "",
        ("transformers", "peft", "trl"),
    ),
}
"""Of each line: the file of tests, which of them, and the packages without which it cannot be run."""

BAR = "every case"


def run() -> list[Outcome]:
    """Each line by its tests; one whose reference is not installed was not run."""
    return [_line(line, *told) for line, told in LINES.items()]


def _line(line: str, file: str, words: str, needed: tuple[str, ...]) -> Outcome:
    missing = [name for name in needed if importlib.util.find_spec(name) is None]
    if missing:
        return Outcome(line, f"not run: {', '.join(missing)} not installed", BAR, None)
    chosen = ["-k", words] if words else []
    done = measure(
        [sys.executable, "-m", "pytest", file, "-p", "no:xdist", "-rN", "-o", "addopts=", *chosen], cwd=ROOT
    )
    said = done.stdout.strip().splitlines()[-1].strip("= ") if done.stdout.strip() else "no output"
    counts = {
        name: int(number) for number, name in re.findall(r"(\d+) (passed|failed|errors?|skipped)", said)
    }
    passed = counts.get("passed", 0)
    told = re.sub(r" in .*", "", said)
    return Outcome(line, told, BAR, done.code == 0 and passed > 0)
