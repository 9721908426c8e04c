"""Types that say what is meant where the libraries' own ones say something else."""

from __future__ import annotations

from typing import Any, TypeAlias

Model: TypeAlias = Any
"""A causal language model of transformers, perhaps wrapped by peft, whose wrapper is no ``PreTrainedModel``."""
