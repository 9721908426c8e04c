"""The licence of a base model and what it asks of whoever tunes it and hands the result on.

A reminder, not legal advice: the text of the licence counts. It is matched by the model's name, so a renamed folder is
unknown.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Licence:
    """A licence.

    Attributes:
        name: of the licence; empty if it is not known.
        url: of its text.
        duties: of whoever distributes a tuned model or a service built on it.
    """

    name: str
    url: str = ""
    duties: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether the duties are known."""
        return bool(self.name)


APACHE = Licence(
    "Apache-2.0",
    "https://www.apache.org/licenses/LICENSE-2.0",
    (
        "hand on a copy of the licence",
        "say that the weights were changed",
        "keep notices, and a NOTICE file if there is one",
    ),
)
MIT = Licence("MIT", "https://opensource.org/license/mit", ("hand on the copyright notice and the licence",))

_OTHERS = "do not use it or its output to improve a language model that is no Llama 3"
_NAMED = "a model that is improved with its output and handed on begins its name with 'Llama' too"


def _llama(version: str, built: str, begins: str, title: str, output: str) -> Licence:
    """The community licences of Meta, which differ in a few words."""
    return Licence(
        f"{title} Community License",
        f"https://www.llama.com/llama{version}/license/",
        (
            "hand on a copy of the licence",
            f"show “{built}” on a website, user interface or documentation of what is built with it",
            f"begin the name of a tuned model that is handed on with “{begins}”",
            (
                f"keep in a NOTICE file: “{title} is licensed under the {title} Community License, "
                "Copyright © Meta Platforms, Inc. All Rights Reserved.”"
            ),
            "keep to the acceptable use policy",
            output,
            "ask Meta for a licence if your products had over 700 million monthly users when it came out",
        ),
    )


GEMMA = Licence(
    "Gemma Terms of Use",
    "https://ai.google.dev/gemma/terms",
    (
        "hand on a copy of the terms, and bind recipients to the use restrictions",
        "say in changed files that they were changed",
        (
            "keep in a NOTICE file: “Gemma is provided under and subject to the Gemma Terms of Use found at "
            "ai.google.dev/gemma/terms”"
        ),
    ),
)

KNOWN: tuple[tuple[str, Licence], ...] = (
    (r"llama-?3\.1", _llama("3_1", "Built with Llama", "Llama", "Llama 3.1", _NAMED)),
    (r"llama-?3\.2", _llama("3_2", "Built with Llama", "Llama", "Llama 3.2", _NAMED)),
    (r"llama-?3\.3", _llama("3_3", "Built with Llama", "Llama", "Llama 3.3", _NAMED)),
    (r"llama-?3(?![\d.])", _llama("3", "Built with Meta Llama 3", "Llama 3", "Meta Llama 3", _OTHERS)),
    (r"mistral-7b|mixtral-8x7b|mistral-nemo", APACHE),
    (r"smollm", APACHE),
    (r"qwen2\.5-(0\.5|1\.5|7|14|32)b|qwen3-", APACHE),
    (r"gemma-[23]", GEMMA),
    (r"phi-[34]", MIT),
)
"""Patterns of names, in lower case; the first that is found counts."""

UNKNOWN = Licence("")


def licence_of(model: str) -> Licence:
    """The licence of a base, by its id, or by the name of its folder and what its configuration calls it."""
    names = model
    config = Path(model) / "config.json"
    if config.is_file():
        try:
            names += " " + str(json.loads(config.read_text("utf-8")).get("_name_or_path", ""))
        except (OSError, ValueError):
            return UNKNOWN
    names = names.lower()
    return next((licence for pattern, licence in KNOWN if re.search(pattern, names)), UNKNOWN)
