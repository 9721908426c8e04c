"""In which numbers a model is held and computed: what the recipe asks for, and what the machine can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curate.core.errors import CurateError, MissingExtraError

if TYPE_CHECKING:
    import torch


class HardwareError(CurateError):
    """The machine cannot do what the recipe asks for."""


@dataclass(frozen=True)
class Precision:
    """How weights are held and computed.

    Attributes:
        asked: in the recipe: ``bf16``, ``fp16``, ``fp32`` or ``nf4``.
        compute: of the computation: ``bf16``, ``fp16`` or ``fp32``.
        device: ``cuda`` or ``cpu``.
        note: what differs from the recipe, and why; empty if nothing does.
    """

    asked: str
    compute: str
    device: str
    note: str = ""

    @property
    def dtype(self) -> torch.dtype:
        """The type of torch in which the base is held where it is not quantised."""
        import torch  # noqa: PLC0415 (heavy)

        return {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}[self.compute]

    @property
    def quantised(self) -> bool:
        """Whether the base's weights are held in 4 bits."""
        return self.asked == "nf4"

    def loading(self) -> dict[str, Any]:
        """Arguments of ``from_pretrained``.

        Raises:
            MissingExtraError: 4 bits need bitsandbytes.
        """
        named: dict[str, Any] = {"dtype": self.dtype}
        if self.device == "cuda":
            named["device_map"] = {"": 0}
        if self.quantised:
            named["quantization_config"] = four_bits(self.dtype)
        return named


def settle(asked: str) -> Precision:
    """What this machine makes of the recipe's precision.

    A GPU without bf16 (before Ampere) gets fp16, whose loss is scaled. A CPU has no fp16 worth using: 32 bits, and
    for nf4 a computation in 32 bits.
    """
    import torch  # noqa: PLC0415 (heavy)

    if torch.cuda.is_available():
        if asked in {"bf16", "nf4"} and not torch.cuda.is_bf16_supported(including_emulation=False):
            return Precision(asked, "fp16", "cuda", "this GPU has no bf16: fp16 with a scaled loss instead")
        return Precision(asked, "bf16" if asked == "nf4" else asked, "cuda")
    if asked == "fp16":
        return Precision(asked, "fp32", "cpu", "fp16 is slow and coarse on a CPU: fp32 instead")
    return Precision(asked, "fp32" if asked == "nf4" else asked, "cpu")


def four_bits(compute: torch.dtype) -> Any:  # noqa: ANN401 (untyped in transformers)
    """The quantisation of QLoRA (Dettmers et al. 2023): normal floats of 4 bits, their scales quantised as well.

    Raises:
        MissingExtraError: bitsandbytes is not installed.
    """
    import importlib.util  # noqa: PLC0415 (only here)

    from transformers import BitsAndBytesConfig  # noqa: PLC0415 (heavy)

    if importlib.util.find_spec("bitsandbytes") is None:
        raise MissingExtraError("precision = nf4", "train")
    config: Any = BitsAndBytesConfig
    return config(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=compute,
    )
