"""Packed training against the padded Trainer and against TRL's packed SFTTrainer, at equal tokens per optimiser step.

The same rows (log-normal lengths, half of each row is learned), the same small Llama of random weights, the same LoRA,
32 bits, one thread. What counts is the CPU time of the steps after the first; each trainer runs in a process of its
own, one after the other.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import sys
import tempfile
import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.bar import ROOT, Outcome, measure

ROWS, LENGTH, PACKS, STEPS = 600, 512, 4, 6
VOCABULARY, HIDDEN, LAYERS = 32_000, 384, 6
FILL, PADDED, TRL = 0.93, 1.7, 1.2
TRAINERS = ("ours", "padded", "trl")

Row = dict[str, list[int]]


def rows() -> list[Row]:
    """Token ids with the mask of what is learned."""
    dice = random.Random(0)  # noqa: S311 (no secret)
    made = []
    for _ in range(ROWS):
        length = min(LENGTH, max(16, round(dice.lognormvariate(5.0, 0.7))))
        ids = [dice.randrange(10, VOCABULARY) for _ in range(length)]
        made.append({"input_ids": ids, "completion_mask": [int(at >= length // 2) for at in range(length)]})
    return made


def run() -> list[Outcome]:
    """Fill, and tokens a CPU second of each trainer."""
    if any(find_spec(name) is None for name in ("torch", "transformers", "peft")):
        return [Outcome("packing", "not run: pip install 'curate-data[train]'", "", None)]
    names = [name for name in TRAINERS if name != "trl" or find_spec("trl")]
    speeds = {name: _measured(name) for name in names}
    ours = speeds["ours"]
    outcomes = [
        Outcome(
            f"fill of sequences of {LENGTH} tokens", f"{ours['fill']:.3f}", f"≥ {FILL}", ours["fill"] >= FILL
        )
    ]
    for name, label, bar in (
        ("padded", "the padded Trainer", PADDED),
        ("trl", "TRL's packed SFTTrainer", TRL),
    ):
        line = f"tokens a CPU second against {label}, at equal tokens a step"
        if name not in speeds:
            outcomes.append(Outcome(line, "not run: pip install trl", f"≥ {bar}×", None))
            continue
        ratio = ours["rate"] / speeds[name]["rate"]
        shown = " against ".join(
            f"{one['rate']:,.0f} ({one['tokens_per_step']:,.0f} tokens a step)"
            for one in (ours, speeds[name])
        )
        outcomes.append(Outcome(line, f"{ratio:.2f}×: {shown}", f"≥ {bar}×", ratio >= bar))
    return outcomes


def _measured(name: str) -> dict[str, float]:
    done = measure([sys.executable, "-m", "benchmarks.bars.train_packing", name], cwd=ROOT)
    if done.code:
        raise RuntimeError(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def model() -> Any:  # noqa: ANN401 (of peft)
    """A small Llama with LoRA on all linear layers; the same weights each time."""
    import torch  # noqa: PLC0415 (in the measured process alone)
    from peft import LoraConfig, get_peft_model  # noqa: PLC0415 (the same)
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415 (the same)

    torch.manual_seed(0)
    shape = LlamaConfig(
        vocab_size=VOCABULARY,
        hidden_size=HIDDEN,
        intermediate_size=4 * HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=6,
        num_key_value_heads=2,
        max_position_embeddings=LENGTH,
    )
    return get_peft_model(
        LlamaForCausalLM(shape), LoraConfig(r=16, target_modules="all-linear", task_type="CAUSAL_LM")
    )


def arguments(folder: str, batch: int) -> dict[str, Any]:
    """What all trainers are told."""
    return {
        "output_dir": folder,
        "per_device_train_batch_size": batch,
        "max_steps": STEPS,
        "learning_rate": 2e-4,
        "logging_steps": 1,
        "disable_tqdm": True,
        "save_strategy": "no",
        "report_to": [],
        "use_cpu": True,
        "bf16": False,
        "gradient_checkpointing": False,
        "remove_unused_columns": False,
        "dataloader_pin_memory": False,
        "seed": 0,
    }


def clock() -> Any:  # noqa: ANN401 (a callback of transformers)
    """CPU seconds of the steps after the first, collating included."""
    from transformers import TrainerCallback  # noqa: PLC0415 (in the measured process alone)

    class Clock(TrainerCallback):
        began = ended = 0.0

        def on_step_end(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 (the callback's signature)
            self.ended = time.process_time()
            self.began = self.began or self.ended

    return Clock()


def counted(collate: Any, tokens: list[int], real: Any) -> Any:  # noqa: ANN401 (any collator)
    """A collator that notes how many tokens of rows each batch has."""

    def collated(features: Any) -> Any:  # noqa: ANN401 (the same)
        batch = collate(features)
        tokens.append(int(real(batch, features)))
        return batch

    return collated


def train_ours(folder: str, tokens: list[int]) -> tuple[Any, Any]:
    """Our packer, collator and loss."""
    from types import SimpleNamespace  # noqa: PLC0415 (small)

    from curate_train.collate import Collator, Packs  # noqa: PLC0415 (the same)
    from curate_train.loop import AnswerTrainer  # noqa: PLC0415 (the same)
    from curate_train.packing import pack_lengths  # noqa: PLC0415 (the same)
    from transformers import TrainingArguments  # noqa: PLC0415 (in the measured process alone)

    made = [SimpleNamespace(ids=one["input_ids"], trained=one["completion_mask"]) for one in rows()]
    packs = Packs(made, pack_lengths([len(one.ids) for one in made], LENGTH))
    collate = counted(
        Collator(0), tokens, lambda _, packs: sum(len(ids) for pack in packs for ids, _ in pack)
    )
    timer = clock()
    trainer = AnswerTrainer(
        model=model(),
        args=TrainingArguments(**arguments(folder, PACKS)),
        train_dataset=packs,
        data_collator=collate,
        callbacks=[timer],
    )
    return trainer, timer


def train_padded(folder: str, tokens: list[int]) -> tuple[Any, Any]:
    """The Trainer of transformers with rows padded to the longest of their batch, and its own loss."""
    from transformers import Trainer, TrainingArguments  # noqa: PLC0415 (in the measured process alone)

    made = rows()
    mean = sum(len(one["input_ids"]) for one in made) / len(made)
    timer = clock()
    trainer = Trainer(
        model=model(),
        args=TrainingArguments(**arguments(folder, round(PACKS * LENGTH / mean))),
        train_dataset=made,
        data_collator=counted(_padded, tokens, lambda batch, _: batch["attention_mask"].sum()),
        callbacks=[timer],
    )
    return trainer, timer


def _padded(features: list[Row]) -> dict[str, Any]:
    import torch  # noqa: PLC0415 (in the measured process alone)

    width = max(len(one["input_ids"]) for one in features)
    ids = torch.zeros(len(features), width, dtype=torch.long)
    mask, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
    for at, one in enumerate(features):
        row = torch.tensor(one["input_ids"])
        learned = torch.tensor(one["completion_mask"]).bool()
        ids[at, : len(row)], mask[at, : len(row)] = row, 1
        labels[at, : len(row)][learned] = row[learned]
    return {"input_ids": ids, "attention_mask": mask, "labels": labels}


def train_trl(folder: str, tokens: list[int]) -> tuple[Any, Any]:
    """TRL's own packing, collator and loss, by its defaults."""
    from transformers import AutoTokenizer  # noqa: PLC0415 (in the measured process alone)

    from tests.train import lab  # noqa: PLC0415 (the same)

    datasets, trl = (import_module(name) for name in ("datasets", "trl"))  # neither is typed
    lab.make_tokenizer(Path(folder))
    settings = {**arguments(folder, PACKS), "remove_unused_columns": True}
    timer = clock()
    trainer = trl.SFTTrainer(
        model=model(),
        args=trl.SFTConfig(**settings, packing=True, max_length=LENGTH, completion_only_loss=True),
        train_dataset=datasets.Dataset.from_list(rows()),
        processing_class=AutoTokenizer.from_pretrained(folder),
        callbacks=[timer],
    )
    trainer.data_collator = counted(
        trainer.data_collator, tokens, lambda batch, _: batch["input_ids"].numel()
    )
    return trainer, timer


def speed(name: str) -> dict[str, float]:
    """Tokens of rows a CPU second."""
    import torch  # noqa: PLC0415 (in the measured process alone)
    from curate_train.packing import pack_lengths  # noqa: PLC0415 (the same)
    from curate_train.quiet import hush  # noqa: PLC0415 (the same)

    torch.set_num_threads(1)
    hush()
    tokens: list[int] = []
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        trainer, timer = {"ours": train_ours, "padded": train_padded, "trl": train_trl}[name](folder, tokens)
        trainer.train()
    counts = tokens[:STEPS]
    return {
        "rate": sum(counts[1:]) / (timer.ended - timer.began),
        "tokens_per_step": sum(counts) / len(counts),
        "fill": pack_lengths([len(one["input_ids"]) for one in rows()], LENGTH).fill,
    }


if __name__ == "__main__":
    print(json.dumps(speed(sys.argv[1])))
