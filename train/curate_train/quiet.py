"""The libraries below us talk: bars for every file, warnings that repeat. What matters is said by our own commands."""

from __future__ import annotations

import logging as standard
import os
import warnings
from typing import Any


def hush() -> None:
    """No bars and no advice from transformers; warnings about our own use of it are held by the tests."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    from transformers.utils import logging  # noqa: PLC0415 (heavy)

    standard.getLogger("bitsandbytes").setLevel(standard.ERROR)
    talk: Any = logging
    talk.set_verbosity_error()
    talk.disable_progress_bar()
    warnings.filterwarnings("ignore", module=r"bitsandbytes|peft|accelerate|transformers|torch")
