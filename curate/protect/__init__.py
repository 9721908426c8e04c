"""What no automatic edit may change: protected places of a text, the meaning that must stay, and what is copied."""

from curate.protect.copied import Given
from curate.protect.hidden import AS_WRITTEN, joins
from curate.protect.lock import MEANINGS, broken
from curate.protect.look import KINDS, Protected
from curate.protect.opposites import turned
from curate.protect.spans import protected_spans

__all__ = [
    "AS_WRITTEN",
    "KINDS",
    "MEANINGS",
    "Given",
    "Protected",
    "broken",
    "joins",
    "protected_spans",
    "turned",
]
