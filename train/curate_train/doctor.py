"""Whether a machine can run a recipe: what is there, held against what the recipe needs. Nothing is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from curate_train.memory import GIB, Memory, Shape, memory_of

if TYPE_CHECKING:
    from curate_train.doctor_machine import Machine
    from curate_train.recipe import Recipe

NEEDED = {"torch": "2.4", "transformers": "5", "peft": "0.18", "accelerate": "1"}
"""Packages that every recipe needs, with the least version."""

BITS = {"bitsandbytes": "0.48"}
"""For quantised weights and optimisers."""

LEARNED = 0.5
"""The share of answer tokens that is assumed where the data is not looked at."""

CHECKPOINTS = 3
"""Copies of adapters and optimiser that lie on the disk at once, about."""

INSTALL = 'pip install -U "curate-data[train]"'


class Finding(NamedTuple):
    """A fact, held against the need.

    Attributes:
        name: what was looked at.
        level: ``good``, ``poor`` (it runs, though not as asked) or ``bad`` (it will not run).
        told: what is there.
        hint: what to do; nothing where it is good.
    """

    name: str
    level: str
    told: str
    hint: str = ""


def judge(machine: Machine, recipe: Recipe, shape: Shape | None) -> tuple[Finding, ...]:
    """All findings, in the order in which a run would trip over them.

    Args:
        machine: the facts.
        recipe: what is to run.
        shape: of its base; without it neither memory nor disk is judged.
    """
    found = [*_packages(machine, recipe), _device(machine), _precision(machine, recipe)]
    if shape is not None:
        need = memory_of(shape, recipe, LEARNED, gpu=bool(machine.gpu))
        found += [_memory(machine, need), _disk(machine, shape, need)]
    return tuple(found)


def _packages(machine: Machine, recipe: Recipe) -> list[Finding]:
    is_quantised = recipe.precision == "nf4" or recipe.optimizer == "paged_adamw_8bit"
    found = []
    for name, least in (NEEDED | (BITS if is_quantised else {})).items():
        version = machine.packages.get(name)
        if version is None:
            found.append(Finding(name, "bad", "is not installed", f"run: {INSTALL}"))
        elif _number(version) < _number(least):
            found.append(Finding(name, "bad", f"{version}; at least {least} is needed", f"run: {INSTALL}"))
        else:
            found.append(Finding(name, "good", version))
    return found


def _number(version: str) -> tuple[int, ...]:
    """A version as numbers, as far as it has some."""
    numbers: list[int] = []
    for part in version.partition("+")[0].split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers)


def _device(machine: Machine) -> Finding:
    if machine.gpu:
        return Finding(
            "GPU",
            "good",
            f"{machine.gpu}, compute {machine.capability}, CUDA {machine.cuda}, driver {machine.driver}",
        )
    if machine.driver and not machine.cuda:
        hint = "install the build of torch for CUDA: https://pytorch.org/get-started/locally/"
        return Finding(
            "GPU", "bad", f"a driver ({machine.driver}), but this torch is built without CUDA", hint
        )
    if machine.driver:
        hint = f"torch is built for CUDA {machine.cuda}: update the driver, or take a torch for an older CUDA"
        return Finding("GPU", "bad", f"driver {machine.driver}, but torch sees no GPU", hint)
    hint = "models up to some hundred million weights train on a CPU; rent a GPU for more (curate train plan)"
    return Finding("GPU", "poor", f"none; {machine.cores} CPU cores", hint)


def _precision(machine: Machine, recipe: Recipe) -> Finding:
    asked = recipe.precision
    if asked == "nf4" and machine.bits_fault:
        return Finding(
            "precision", "bad", f"nf4, but bitsandbytes fails here: {machine.bits_fault}", f"run: {INSTALL}"
        )
    if machine.gpu and asked in ("bf16", "nf4") and not machine.bf16:
        return Finding(
            "precision", "poor", f"{asked}: this GPU has no bf16", "fp16 with a scaled loss is taken instead"
        )
    if not machine.gpu and asked in ("fp16", "nf4"):
        return Finding(
            "precision", "poor", f"{asked} on a CPU", "it computes in fp32, slowly: for tests only"
        )
    return Finding("precision", "good", asked)


def _memory(machine: Machine, need: Memory) -> Finding:
    free = machine.gpu_free if machine.gpu else machine.memory_free
    where = "GPU memory" if machine.gpu else "memory"
    told = f"about {need.total / GIB:.1f} GiB are needed, {free / GIB:.1f} are free"
    if need.total > free:
        hint = (
            "smaller batch_size or max_length, checkpointing = true, or precision = nf4; or a larger machine"
        )
        return Finding(where, "bad", told, hint)
    return Finding(where, "good", told)


def _disk(machine: Machine, shape: Shape, need: Memory) -> Finding:
    """For the base in 16 bits, unless it is there, and for checkpoints."""
    size = (0 if machine.has_base else shape.weights * 2) + CHECKPOINTS * (need.adapters + need.optimizer)
    told = f"about {size / GIB:.1f} GiB are needed, {machine.disk_free / GIB:.1f} are free at {machine.place}"
    return Finding(
        "disk",
        "good" if size <= machine.disk_free else "bad",
        told,
        "" if size <= machine.disk_free else "free some",
    )
