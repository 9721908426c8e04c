"""One scripted run on a GPU, ten minutes at most: speed, memory, isolation and resume on Llamas of random weights.

``sh benchmarks/gpu.sh`` runs it. Every part runs in a process of its own, and what fails is stored as failed. It needs
torch, transformers and peft; the parts in 4 bits need bitsandbytes and are told as "not run" without it.
Model FLOP utilisation counts 4 FLOPs a base weight and token (a frozen base has no weight gradients), 6 for the
adapter, without attention and without what checkpointing computes twice, over the GPU's dense bf16 peak.
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).parents[1]
STORED = ROOT / "benchmarks" / "results" / "gpu.json"
LENGTH, STEPS = 2048, 8
PEAKS = {"H100": 989e12, "H200": 989e12, "A100": 312e12, "L40S": 362e12, "L4": 121e12, "A10G": 70e12}
"""Dense bf16 FLOPs a second, by NVIDIA's data sheets."""

SHAPES: dict[str, dict[str, int]] = {
    "1b": {
        "hidden_size": 2048,
        "intermediate_size": 8192,
        "num_hidden_layers": 16,
        "num_attention_heads": 32,
    },
    "8b": {
        "hidden_size": 4096,
        "intermediate_size": 14_336,
        "num_hidden_layers": 32,
        "num_attention_heads": 32,
    },
}
PARTS = [
    f"{way}:{size}:{precision}"
    for size in SHAPES
    for precision in ("bf16", "nf4")
    for way in (("ours", "padded") if precision == "bf16" else ("ours",))
] + ["resume:1b:bf16"]
LIMIT = 150
"""Seconds of a part; eight of them stay below ten minutes where a GPU is what it should be."""


def documents(count: int) -> list[Any]:
    """Log-normal lengths, half of each learned."""
    import random  # noqa: PLC0415 (only here)

    dice = random.Random(0)  # noqa: S311 (no secret)
    made = []
    for _ in range(count):
        length = min(LENGTH, max(32, round(dice.lognormvariate(5.8, 0.8))))
        ids = [dice.randrange(10, 128_000) for _ in range(length)]
        made.append(SimpleNamespace(ids=ids, trained=[at >= length // 2 for at in range(length)]))
    return made


def base(size: str, precision: str, folder: Path) -> Any:  # noqa: ANN401 (of transformers)
    """A Llama of random weights on the GPU; one in 4 bits goes over the disk, as a real one does."""
    import torch  # noqa: PLC0415 (only in the parts)
    from curate_train.adapters import load_base  # noqa: PLC0415 (the same)
    from curate_train.precision import settle  # noqa: PLC0415 (the same)
    from transformers import LlamaConfig, LlamaForCausalLM  # noqa: PLC0415 (the same)

    shape = LlamaConfig(
        vocab_size=128_256, num_key_value_heads=8, max_position_embeddings=8192, **SHAPES[size]
    )
    torch.manual_seed(0)
    torch.set_default_dtype(torch.bfloat16)
    with torch.device("cuda"):
        model: Any = LlamaForCausalLM(shape)
    torch.set_default_dtype(torch.float32)
    model.config.use_cache = False
    if precision == "bf16":
        return model
    model.save_pretrained(folder / "base")
    del model
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    return load_base(str(folder / "base"), settle("nf4"))


def part(name: str) -> dict[str, Any]:
    """One measurement."""
    way, size, precision = name.split(":")
    if precision == "nf4" and find_spec("bitsandbytes") is None:
        return {"not_run": "bitsandbytes is not installed"}
    with tempfile.TemporaryDirectory() as scratch:
        return (
            resume(size, Path(scratch)) if way == "resume" else trained(way, size, precision, Path(scratch))
        )


def recipe_for(precision: str, steps: int = STEPS) -> Any:  # noqa: ANN401 (a recipe)
    """As the preset for Llama 3 8B."""
    from curate_train.recipe import read_recipe  # noqa: PLC0415 (only in the parts)

    optimizer = "paged_adamw_8bit" if precision == "nf4" else "adamw"
    return replace(
        read_recipe("llama3-8b-qlora"),
        precision=precision,
        optimizer=optimizer,
        max_length=LENGTH,
        max_steps=steps,
        accumulate=1,
        batch_size=2,
        save_every=4,
    )


def trained(way: str, size: str, precision: str, scratch: Path) -> dict[str, Any]:
    """Some steps, packed or padded: tokens a second, utilisation, memory, isolation."""
    import torch  # noqa: PLC0415 (only in the parts)
    from curate_train.adapters import add_lora  # noqa: PLC0415 (the same)
    from curate_train.collate import Packs  # noqa: PLC0415 (the same)
    from curate_train.packing import one_each, pack_lengths  # noqa: PLC0415 (the same)
    from curate_train.precision import settle  # noqa: PLC0415 (the same)
    from curate_train.running import Course, run  # noqa: PLC0415 (the same)

    recipe = recipe_for(precision)
    rows = documents(400)
    lengths = [len(one.ids) for one in rows]
    is_packed = way == "ours"
    if not is_packed:
        recipe = replace(recipe, packing=False, batch_size=round(2 * LENGTH / (sum(lengths) / len(lengths))))
    packs = Packs(rows, pack_lengths(lengths, LENGTH) if is_packed else one_each(lengths, LENGTH))
    model = add_lora(base(size, precision, scratch), recipe)
    (scratch / "run").mkdir()
    torch.cuda.reset_peak_memory_stats()
    said = run(model, packs, None, Course(recipe, settle(precision), 0, scratch / "run"))
    rate = said["speed"]["tokens_per_second"]
    gpu = torch.cuda.get_device_name()
    peak = next((value for key, value in PEAKS.items() if key in gpu), None)
    weights = said["weights"]
    flops = rate * (4 * counted(size) + 6 * weights["trained"])
    return {
        "tokens_per_second": rate,
        "utilisation": round(flops / peak, 4) if peak else None,
        "peak_gib": round(said["peak_gpu_bytes"] / (1 << 30), 2),
        "planned_gib": planned(size, recipe),
        "isolation": said["isolation"],
        "fill": round(packs.packed.fill, 3) if is_packed else None,
        "loss": said["loss"][-1][1],
    }


def counted(size: str) -> int:
    """Weights of a base that multiply: all but the embedding."""
    shape = SHAPES[size]
    width, inner, head = shape["hidden_size"], shape["intermediate_size"], shape["hidden_size"] // 32
    layer = 2 * width * width + 2 * width * 8 * head + 3 * width * inner
    return shape["num_hidden_layers"] * layer + width * 128_256


def planned(size: str, recipe: Any) -> float:  # noqa: ANN401 (a recipe)
    """What ``train plan`` says of the memory, in GiB."""
    from curate_train.memory import Shape, memory_of  # noqa: PLC0415 (only in the parts)

    hidden, inner, layers, heads = SHAPES[size].values()
    shape = Shape(hidden, inner, layers, heads, 8, hidden // heads, 128_256, tied=False)
    return round(memory_of(shape, recipe, learned=0.5).total / (1 << 30), 2)


def resume(size: str, scratch: Path) -> dict[str, Any]:
    """Interrupted after step 6 and resumed from step 4, against uninterrupted: the largest difference of a weight."""
    import torch  # noqa: PLC0415 (only in the parts)
    from curate_train.adapters import add_lora  # noqa: PLC0415 (the same)
    from curate_train.collate import Packs  # noqa: PLC0415 (the same)
    from curate_train.lora import last_checkpoint  # noqa: PLC0415 (the same)
    from curate_train.packing import pack_lengths  # noqa: PLC0415 (the same)
    from curate_train.precision import settle  # noqa: PLC0415 (the same)
    from curate_train.running import Course, run  # noqa: PLC0415 (the same)

    recipe, rows = recipe_for("bf16"), documents(200)
    packs = Packs(rows, pack_lengths([len(one.ids) for one in rows], LENGTH))

    def weights(name: str, stop: int | None = None, *, again: bool = False) -> dict[str, Any]:
        def told(now: Any) -> None:  # noqa: ANN401 (a standing)
            if now.step == stop:
                raise KeyboardInterrupt

        folder = scratch / name
        folder.mkdir(exist_ok=True)
        model = add_lora(base(size, "bf16", scratch), recipe)
        checkpoint = last_checkpoint(folder) if again else None
        try:
            run(model, packs, None, Course(recipe, settle("bf16"), 0, folder, checkpoint, told))
        except KeyboardInterrupt:
            return {}
        return {name: one.detach().cpu() for name, one in model.named_parameters() if one.requires_grad}

    whole = weights("whole")
    weights("again", stop=6)
    torch.cuda.empty_cache()
    resumed = weights("again", again=True)
    off = max(float((whole[name] - resumed[name]).abs().max()) for name in whole)
    return {"largest_difference": off, "bit_for_bit": off == 0.0}


def main() -> int:
    """All parts, stored one by one."""
    import torch  # noqa: PLC0415 (only where it is run)

    if not torch.cuda.is_available():
        print("not run: there is no GPU", file=sys.stderr)
        return 2
    found: dict[str, Any] = {
        "gpu": torch.cuda.get_device_name(),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "parts": {},
    }
    for name in PARTS:
        began = time.monotonic()
        found["parts"][name] = {**measured(name), "seconds": round(time.monotonic() - began, 1)}
        print(name, json.dumps(found["parts"][name]), flush=True)
        STORED.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    return 0


def measured(name: str) -> dict[str, Any]:
    """A part, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.gpu_run", name]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=LIMIT)
    except subprocess.TimeoutExpired:
        return {"failed": f"took more than {LIMIT} s"}
    if done.returncode:
        return {"failed": (done.stderr.strip().splitlines() or ["said nothing"])[-1]}
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(part(sys.argv[1])))
    else:
        sys.exit(main())
