"""The facts about a machine that decide whether a recipe runs on it."""

from __future__ import annotations

import importlib.util
import logging
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES = ("torch", "transformers", "peft", "accelerate", "bitsandbytes", "tensorboard", "sacrebleu")


@dataclass(frozen=True)
class Machine:
    """What is there; sizes in bytes.

    Attributes:
        packages: versions of those that are installed.
        gpu: the name of the first one that torch sees; empty without.
        capability: of the GPU, as ``8.0``.
        cuda: that torch is built for; empty for a build without.
        driver: of NVIDIA; empty without.
        bf16: whether the GPU computes in it.
        gpu_free: memory of the GPU that nobody holds.
        memory_free: of the machine, or of the container.
        disk_free: where the adapter will lie.
        place: that was looked at.
        cores: that this process may use.
        has_base: whether the base's weights are there already.
        bits_fault: why bitsandbytes cannot quantise here; empty if it can, or is not installed.
    """

    packages: Mapping[str, str] = field(default_factory=dict)
    gpu: str = ""
    capability: str = ""
    cuda: str = ""
    driver: str = ""
    bf16: bool = False
    gpu_free: int = 0
    memory_free: int = 0
    disk_free: int = 0
    place: str = "."
    cores: int = 1
    has_base: bool = False
    bits_fault: str = ""


def look_around(model: str, place: str | Path = ".") -> Machine:
    """The facts about this machine.

    Args:
        model: folder or id of the base.
        place: where the adapter will lie; the nearest folder above it that exists counts.
    """
    packages = {name: found for name in PACKAGES if (found := _version(name))}
    there = next(one for one in (Path(place).resolve(), *Path(place).resolve().parents) if one.is_dir())
    facts = {
        "packages": packages,
        "driver": _driver(),
        "memory_free": _memory_free(),
        "disk_free": shutil.disk_usage(there).free,
        "place": str(place),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        "has_base": Path(model).is_dir() or _is_downloaded(model),
    }
    if "torch" in packages:
        facts |= _gpu()
        if "bitsandbytes" in packages:
            facts["bits_fault"] = _bits_fault(on_gpu=bool(facts["gpu"]))
    return Machine(**facts)  # type: ignore[arg-type]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _driver() -> str:
    """The version of NVIDIA's driver."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)  # noqa: S603 (fixed words)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip().splitlines()[0] if done.stdout.strip() else ""


def _gpu() -> dict[str, object]:
    import torch  # noqa: PLC0415 (heavy)

    built: dict[str, object] = {"gpu": "", "cuda": torch.version.cuda or ""}
    if not torch.cuda.is_available():
        return built
    free, _ = torch.cuda.mem_get_info()
    return built | {
        "gpu": torch.cuda.get_device_name(0),
        "capability": ".".join(map(str, torch.cuda.get_device_capability(0))),
        "bf16": torch.cuda.is_bf16_supported(including_emulation=False),
        "gpu_free": free,
    }


def _bits_fault(*, on_gpu: bool) -> str:
    """Why a small matrix cannot be quantised to nf4 here."""
    try:
        import torch  # noqa: PLC0415 (heavy)

        logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # a missing kernel is no fault
        from bitsandbytes.functional import dequantize_4bit, quantize_4bit  # noqa: PLC0415 (heavy)

        values = torch.linspace(-1, 1, 4096, device="cuda" if on_gpu else "cpu").reshape(64, 64)
        packed, state = quantize_4bit(values, quant_type="nf4")
        far = (dequantize_4bit(packed, state) - values).abs().max().item()
    except Exception as error:  # noqa: BLE001 (whatever a native library does is the answer)
        return f"{type(error).__name__}: {error}".splitlines()[0]
    return "" if far < 0.2 else f"values come back {far:.2f} off"  # noqa: PLR2004 (half the largest step of nf4 is .15)


def _memory_free() -> int:
    """Memory that a process can have: what the kernel says is available, or the rest of the container's limit."""
    free = _of_meminfo("MemAvailable")
    limit, used = _number(Path("/sys/fs/cgroup/memory.max")), _number(Path("/sys/fs/cgroup/memory.current"))
    if limit is not None and used is not None:
        free = min(free or limit, max(limit - used, 0))
    return free


def _of_meminfo(name: str) -> int:
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(name + ":")), 0)


def _number(file: Path) -> int | None:
    try:
        text = file.read_text("ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _is_downloaded(model: str) -> bool:
    """Whether the hub's cache holds the model's configuration, and so, most likely, its weights."""
    if not model or importlib.util.find_spec("huggingface_hub") is None:
        return False
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415 (heavy)
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415 (heavy)

    try:
        return isinstance(try_to_load_from_cache(model, "config.json"), str)
    except HFValidationError:
        return False
