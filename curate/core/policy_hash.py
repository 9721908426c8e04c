"""The hash of what a plan asks of data, by which a probe, a card and a run are known to speak of one policy."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

ASKED = (
    *("select", "ignore", "severity", "budget", "options", "allow", "skip", "checks", "quarantine"),
    *("require", "expectations"),
)
"""Fields of a plan that decide what is found and what blocks, beside its waivers."""


def policy_hash(fields: Mapping[str, Any]) -> str:
    """The SHA-256 of the policy within a plan.

    Args:
        fields: a plan as JSON holds it: that of a lock file, or of ``curate.engines.resuming.plan_fields``. How the
            data is read, what a run does, and where the plan's file says a thing make no difference.
    """
    waivers = [
        {key: one[key] for key in sorted(one) if key != "place"} for one in fields.get("waivers") or ()
    ]
    asked = {name: fields.get(name) or None for name in ASKED}  # what is empty asks for nothing
    text = json.dumps(asked | {"waivers": waivers}, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
