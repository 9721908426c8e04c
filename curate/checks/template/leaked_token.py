"""A chat or special token stands in the text.

Why     The tokenizer reads it as a control token: the model learns to stop, or to change speaker, in mid-answer.
Mend    Take the token out where the rows come from, or set the rows aside: `curate drop {files} --select template.leaked-token -o kept.jsonl`.
Limits  Tokens of the public chat templates (ChatML, Llama 2 and 3, Mistral, Gemma, Phi, DeepSeek, GPT-2). ``<s>`` and
        ``</s>`` are HTML for struck text too: they count only at the very beginning and end of a text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found, locate
from curate.core.examples import ask, chat

TOKENS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|im_sep|>",
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eot_id|>",
    "<|eom_id|>",
    "<|python_tag|>",
    "<|system|>",
    "<|user|>",
    "<|assistant|>",
    "<|end|>",
    "<|eot|>",
    "<|pad|>",
    "[INST]",
    "[/INST]",
    "<<SYS>>",
    "<</SYS>>",
    "[AVAILABLE_TOOLS]",
    "[TOOL_CALLS]",
    "<start_of_turn>",
    "<end_of_turn>",
    "<bos>",
    "<eos>",
    "<pad>",
    "<｜begin▁of▁sentence｜>",
    "<｜end▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
)

FLAGGED = (
    ask("Name a colour.").answer("Blue.<|im_end|>").at("<|im_end|>"),
    ask("Name a colour.").answer("Blue.<|endoftext|>").at("<|endoftext|>"),
    ask("[INST] Name a colour. [/INST]").answer("Blue.").at("[INST]"),
    ask("Name a colour.").answer("Blue.</s>").at("</s>"),
    chat(("user", "Hi"), ("assistant", "Hello<|eot_id|>")).at("<|eot_id|>"),
)
CLEAN = (
    ask("How do I strike text in HTML?").answer("Write <s>struck</s> around it."),
    ask("What does the pipe in a|b mean?").answer("In a regular expression, `a|b` matches a or b."),
)


@dataclass(frozen=True)
class LeakedToken(RowCheck):
    """Looks for the tokens in every text, prompts included."""

    severity: Severity = Severity.ERROR
    tokens: tuple[str, ...] = TOKENS

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each token of each text."""
        edge = pl.col("text").str.contains(r"^\s*<s>|</s>\s*$")
        suspects = batch.texts.filter(pl.col("text").str.contains_any(list(self.tokens)) | edge)
        hits = locate(suspects, self._pattern())
        return found(hits, pl.format("the token {} stands in the {}", "match", "part"), evidence=pl.col("match"))

    def _pattern(self) -> re.Pattern[str]:
        listed = "|".join(map(re.escape, sorted(self.tokens, key=len, reverse=True)))
        return re.compile(rf"{listed}|(?<![\s\S])\s*<s>(?!.*</s>[\s\S]*\S)|</s>(?=\s*(?![\s\S]))")
