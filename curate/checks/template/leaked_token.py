"""A chat or special token stands in the text.

Why     The tokenizer reads it as a control token: the model learns to stop, or to change speaker, in mid-answer.
Mend    Take out the tokens that begin or end a text: `curate fix {files} --select template.leaked-token -o
        {out}`. Those within a text have no repair, since they may show where another text begins: mend the
        export, or set the rows that are left aside with `curate drop {fixed} --select template.leaked-token -o
        {out}`.
Limits  Tokens of public chat templates. Those in backquotes or quotation marks are spared; ``<s>``, ``<bos>``,
        ``<pad>`` and their like, which are HTML or talk about models as well, count only at the ends of a text.
        Precision on real data: all 55,185 findings are the one ``<|endoftext|>`` that ends each answer of T0 (counted;
        24 of 24 read were right); there is no finding in the trained texts of 25 other public files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.marks import Mark, mark, outside_code

TOKENS = (
    *("<|endoftext|>", "<|startoftext|>", "<|endofprompt|>"),
    *("<|im_start|>", "<|im_end|>", "<|im_sep|>"),
    *(
        "<|begin_of_text|>",
        "<|end_of_text|>",
        "<|start_header_id|>",
        "<|end_header_id|>",
        "<|eot_id|>",
        "<|eom_id|>",
    ),
    *("<|python_tag|>", "<|finetune_right_pad_id|>"),
    *("<|system|>", "<|user|>", "<|assistant|>", "<|observation|>", "<|end|>", "<|eot|>", "<|pad|>"),
    *("<|start|>", "<|message|>", "<|channel|>", "<|return|>"),
    *("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|file_sep|>", "<|repo_name|>"),
    *(
        "[INST]",
        "[/INST]",
        "<<SYS>>",
        "<</SYS>>",
        "[AVAILABLE_TOOLS]",
        "[/AVAILABLE_TOOLS]",
        "[TOOL_CALLS]",
        "[TOOL_RESULTS]",
    ),
    *("<start_of_turn>", "<end_of_turn>", "<end_of_utterance>"),
    *("<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>"),
    *("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"),
)
"""What no text needs: ChatML, Llama 2 to 4, Mistral, Gemma, Phi, Command, DeepSeek, GPT-2, gpt-oss, code models."""

EDGES = ("<s>", "</s>", "<bos>", "<eos>", "<pad>")
"""What may be HTML or talk about models: it counts only where a text begins or ends."""

_BEGINS, _ENDS = r"^\s*(?:<s>|<bos>|<pad>)", r"(?:</s>|<eos>|<pad>)\s*$"
_LAST = 40

_HEADERS = (
    "<|im_start|>",
    "<|start_header_id|>",
    "<|start|>",
    "<start_of_turn>",
    "<|START_OF_TURN_TOKEN|>",
    "<<SYS>>",
)
"""What opens a header: at the beginning of a text a role's name follows it, which must not stay alone."""

FLAGGED = (
    ask("Name a colour.").answer("Blue.<|im_end|>").at("<|im_end|>"),
    ask("Name a colour.").answer("Blue. <|endoftext|>\n").at(" <|endoftext|>\n"),
    ask("Name a colour.").answer("Blue.<|im_end|>\n<|im_start|>user\nAnother.<|im_end|>").at("<|im_start|>"),
    ask("[INST] Name a colour. [/INST]").answer("Blue.").at("[INST] "),
    ask("Name a colour.").answer("Blue.</s>").at("</s>"),
    ask("Name a colour.").answer("<s> Blue.</s>").at("<s> "),
    chat(("user", "Hi"), ("assistant", "Hello<|eot_id|>")).at("<|eot_id|>"),
    row({"text": "Once.<eos>"}).at("<eos>"),
    row({"text": "<|im_start|>user\nHi<|im_end|> <|endoftext|>"}).at(" <|endoftext|>"),
)
CLEAN = (
    ask("How do I strike text in HTML?").answer("Write <s>struck</s> around it. It looks like <s>this</s>"),
    ask("Strike it.").answer("<s>it</s>"),
    ask("What does the pipe in a|b mean?").answer("In a regular expression, `a|b` matches a or b."),
    ask("How does ChatML end a turn?").answer('With `<|im_end|>`; in Python: tokens = ["<|im_end|>"].'),
    ask("What is padding?").answer("The <pad> token fills a batch."),
    preference("Name a colour.", "Blue.", "Blue.<|im_end|>"),
)


@dataclass(frozen=True)
class LeakedToken(RowCheck):
    """Looks for tokens in every text that is trained on or given, except where code or quotation marks show them."""

    severity: Severity = Severity.ERROR
    tokens: tuple[str, ...] = TOKENS

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each token of each text."""
        text = pl.col("text")
        texts = batch.texts.filter(pl.col("part") != "rejected")
        ends = self._at_the_end(texts.filter(text.str.contains_any(list(self.tokens))))
        inside = text.str.slice(0, "start").str.contains_any(list(self.tokens)) | pl.col("word").is_null()
        several = (
            texts.join(ends.filter(inside), on=["row", "at"], how="semi") if len(ends) else texts.clear()
        )
        inner = mark(several, partial(_shown, pattern=self._pattern()))
        outer = mark(
            texts.filter(
                text.str.head(_LAST).str.contains(_BEGINS) | text.str.tail(_LAST).str.contains(_ENDS)
            ),
            _edge_tokens,
        )
        hits = pl.concat(
            [
                part.select("row", "turn", "at", "part", "start", "end", "word", "fix")
                for part in (ends.filter(~inside), inner, outer)
            ]
        )
        message = pl.format("the token {} stands in the {}", "word", "part")
        return found(hits.sort("row", "turn", "at", "start"), message, evidence=pl.col("word"))

    def _at_the_end(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Where the token ends the text, with the white space around it; ``word`` is null where it does not.

        Whole files end their answers so.
        """
        listed = "|".join(map(re.escape, self.tokens))
        last = pl.col("text").str.tail(_LAST).str.extract(rf"((?:{listed})\s*)$")
        token = last.str.strip_chars_end()
        size = pl.col("text").str.len_chars()
        start = pl.col("text").str.slice(0, size - last.str.len_chars()).str.strip_chars_end().str.len_chars()
        return lines.with_columns(
            start.cast(pl.Int32).alias("start"),
            size.cast(pl.Int32).alias("end"),
            token.alias("word"),
            pl.lit("").alias("fix"),
        )

    def _pattern(self) -> re.Pattern[str]:
        listed = "|".join(map(re.escape, sorted(self.tokens, key=len, reverse=True)))
        return re.compile(rf"(?:{listed})(?![\"'”’])|(?<![\"'“‘])(?:{listed})")


def _shown(text: str, pattern: re.Pattern[str]) -> list[Mark]:
    """The tokens outside code; those at either end of the text may be taken out with the white space around them."""
    hits = list(outside_code(text, pattern))
    spans = [hit.span() for hit in hits]
    begin, end = _leading(text, spans), _trailing(text, spans)
    marks = []
    for number, hit in enumerate(hits):
        if (number < begin and hit[0] not in _HEADERS) or number >= end:
            start = len(text[: hit.start()].rstrip())
            stop = _past_space(text, hit.end())
            meets = any(stop == other for other, _ in spans)
            marks.append(Mark(start, hit.end() if meets else stop, hit[0], ""))
        else:
            marks.append(Mark(*hit.span(), hit[0]))
    return marks


def _leading(text: str, spans: list[tuple[int, int]]) -> int:
    """How many of the spans stand before the first word."""
    at = 0
    for number, (start, end) in enumerate(spans):
        if text[at:start].strip():
            return number
        at = end
    return len(spans)


def _trailing(text: str, spans: list[tuple[int, int]]) -> int:
    """The number of the first span that stands behind the last word."""
    at = len(text)
    for number, (start, end) in reversed(list(enumerate(spans))):
        if text[end:at].strip():
            return number + 1
        at = start
    return 0


def _past_space(text: str, at: int) -> int:
    return len(text) - len(text[at:].lstrip())


def _edge_tokens(text: str) -> list[Mark]:
    """The tokens of ``EDGES`` at either end; a pair of ``<s>`` and ``</s>`` around something is HTML."""
    first, body = len(text) - len(text.lstrip()), text.rstrip()
    head = next((token for token in ("<s>", "<bos>", "<pad>") if text.startswith(token, first)), "")
    tail = next((token for token in ("</s>", "<eos>", "<pad>") if body.endswith(token)), "")
    opens = body.find("<s>", first + 3 if text.startswith(("<s> ", "<s>[", "<s>\n"), first) else 0)
    closed = head == "<s>" and opens == first and "</s>" in body
    hits = [Mark(0, _past_space(text, first + len(head)), head, "")] if head and not closed else []
    if tail and len(body) > first + len(tail) and not (tail == "</s>" and opens >= 0):
        hits.append(Mark(len(body[: -len(tail)].rstrip()), len(text), tail, ""))
    return hits
