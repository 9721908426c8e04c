"""Loads the model of a bundle and answers chats. Standalone: needs torch and transformers, and peft for an adapter."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

SETTINGS = "serving.json"
LONGEST = 1 << 16
"""Characters of a request that are taken; longer ones are refused before anything is computed."""


class Server:
    """A model with its tokenizer and the defaults of the bundle.

    Args:
        folder: of the weights, with ``serving.json``.
    """

    def __init__(self, folder: str | Path) -> None:
        place = Path(folder)
        self.settings: dict[str, Any] = json.loads((place / SETTINGS).read_text("utf-8"))
        self.tokenizer: Any = AutoTokenizer.from_pretrained(place)
        dtype = getattr(torch, self.settings["dtype"])
        base = self.settings["base"] and os.environ.get("BASE_MODEL", self.settings["base"])
        model: Any = AutoModelForCausalLM.from_pretrained(base or place, dtype=dtype, use_safetensors=True)
        if base:
            from peft import PeftModel  # noqa: PLC0415 (bundles of merged models have no need of it)

            model = PeftModel.from_pretrained(model, str(place))
        self.device = "cuda" if torch.cuda.is_available() else "cpu"
        self.model = model.to(self.device).eval()

    def chat(self, inputs: str | list[dict[str, str]], parameters: dict[str, Any] | None = None) -> str:
        """Answer a prompt, or a conversation as a list of ``{"role": …, "content": …}``.

        Args:
            inputs: what is said.
            parameters: ``max_new_tokens``, ``temperature`` (0 for greedy), ``top_k``, ``top_p``; no others are read.

        Raises:
            ValueError: the request is malformed or too long.
        """
        messages = [{"role": "user", "content": inputs}] if isinstance(inputs, str) else inputs
        if not messages or not all(isinstance(one.get("content"), str) for one in messages):
            raise ValueError("inputs must be a text, or a list of messages with role and content")
        if sum(len(one["content"]) for one in messages) > LONGEST:
            raise ValueError(f"inputs must not have more than {LONGEST} characters")
        asked = self.tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True
        ).to(self.device)
        with torch.inference_mode():
            found = self.model.generate(**asked, generation_config=self._decoding(parameters or {}))
        return str(
            self.tokenizer.decode(found[0, asked["input_ids"].shape[1] :], skip_special_tokens=True)
        ).strip()

    def _decoding(self, parameters: dict[str, Any]) -> Any:  # noqa: ANN401 (untyped in transformers)
        wanted = {**self.settings["defaults"], **parameters}
        temperature = float(wanted["temperature"])
        drawn: dict[str, Any] = {"do_sample": False}
        if temperature > 0:
            drawn = {"do_sample": True, "temperature": temperature}
            drawn |= {"top_k": int(wanted["top_k"]), "top_p": float(wanted["top_p"])}
        config: Any = GenerationConfig
        return config(
            max_new_tokens=min(int(wanted["max_new_tokens"]), self.settings["most_new_tokens"]),
            eos_token_id=self.settings["stop_ids"],
            pad_token_id=self.settings["pad_id"],
            **drawn,
        )
