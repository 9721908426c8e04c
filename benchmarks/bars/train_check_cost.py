"""``train check`` on all of T0 against bare ``tokenizers`` on the same text: what the training view costs."""

from __future__ import annotations

import importlib.util
import json
import sys
import tempfile
from pathlib import Path

from benchmarks.bar import Outcome, curate, measure, needs_data, real_data
from benchmarks.bars.t0_report import unpack_t0

LINE = "`train check` of T0 against encode_batch on the same text, user CPU"
BAR = "≤ 2×"
VOCABULARY = 32_000
EVERY = 8
"""One row in so many trains the vocabulary."""

MAKE = """
import json, sys
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast
data, folder, vocabulary, every = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
rows = [json.loads(line) for number, line in enumerate(open(data, encoding="utf-8")) if number % every == 0]
made = Tokenizer(models.BPE())
made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
made.decoder = decoders.ByteLevel()
control = ["<s>", "<|im_start|>", "<|im_end|>", "<pad>"]
alphabet = pre_tokenizers.ByteLevel.alphabet()
named = {"special_tokens": control, "initial_alphabet": alphabet, "show_progress": False}
trainer = trainers.BpeTrainer(vocab_size=vocabulary, **named)
made.train_from_iterator((row[name] for row in rows for name in ("prompt", "completion")), trainer)
fast = PreTrainedTokenizerFast(tokenizer_object=made, bos_token="<s>", eos_token="<|im_end|>", pad_token="<pad>")
fast.add_special_tokens({"additional_special_tokens": ["<|im_start|>"]})
fast.save_pretrained(folder)
print(len(fast))
"""
BARE = """
import json, sys
from resource import RUSAGE_SELF, getrusage
from tokenizers import Tokenizer
made = Tokenizer.from_file(sys.argv[2])
texts = []
for line in open(sys.argv[1], encoding="utf-8"):
    row = json.loads(line)
    begins = "<|im_start|>user\\n" + row["prompt"] + "<|im_end|>\\n<|im_start|>assistant\\n"
    texts.append(begins + row["completion"] + "<|im_end|>\\n")
before = getrusage(RUSAGE_SELF).ru_utime
tokens = sum(
    len(one.ids)
    for first in range(0, len(texts), 1024)
    for one in made.encode_batch(texts[first : first + 1024], add_special_tokens=False)
)
print(json.dumps([getrusage(RUSAGE_SELF).ru_utime - before, tokens]))
"""


def run() -> list[Outcome]:
    """User CPU of the whole command, start and reading included, against that of the bare calls alone."""
    folder = real_data()
    if folder is None:
        return [needs_data(LINE, BAR)]
    if importlib.util.find_spec("transformers") is None:
        return [Outcome(LINE, "not run: transformers is not installed", BAR, None)]
    with tempfile.TemporaryDirectory() as scratch:
        path = unpack_t0(folder, Path(scratch))
        model = Path(scratch) / "tokenizer"
        made = measure([sys.executable, "-c", MAKE, str(path), str(model), str(VOCABULARY), str(EVERY)])
        bare, tokens = json.loads(
            measure([sys.executable, "-c", BARE, str(path), str(model / "tokenizer.json")]).stdout
        )
        flags = (
            "--recipe",
            "tiny-cpu",
            "--set",
            "template=chatml",
            "--set",
            "max_length=1000000",
            "--json",
            "--quiet",
        )
        timed = measure(_user(curate("train", "check", str(path), "--model", str(model), *flags)))
    seen = json.loads(timed.stdout)
    user = float(timed.stderr.rpartition("user ")[2])
    same = seen["tokens"] == tokens and seen["trained_on"] == seen["data"]["rows"]
    return [
        Outcome(
            LINE,
            f"{user / bare:.2f}× ({user:.1f} s against {bare:.1f} s; {tokens:,} tokens, "
            f"vocabulary {made.stdout.strip()})",
            BAR,
            user <= 2 * bare,
        ),
        Outcome(
            "rows of T0 trained on, and their tokens against encode_batch",
            f"{seen['trained_on']:,} of {seen['data']['rows']:,}; {seen['tokens']:,} against {tokens:,}",
            "all; equal",
            same,
        ),
    ]


def _user(command: list[str]) -> list[str]:
    """A command that also says its user CPU seconds."""
    script = (
        "import resource,subprocess,sys\n"
        "code=subprocess.run(sys.argv[1:]).returncode\n"
        "print('user',resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime,file=sys.stderr)\n"
        "sys.exit(code)"
    )
    return [sys.executable, "-c", script, *command]
