"""A chat or special token stands in the text.

Why     The tokenizer reads it as a control token: the model learns to stop, or to change speaker, in mid-answer.
Mend    Take out the tokens that begin or end a text: `curate fix {files} --select template.leaked-token -o
        {out}`. Those within a text have no repair, since they may show where another text begins: mend the
        export, or set the rows that are left aside with `curate drop {fixed} --select template.leaked-token -o
        {out}`.
Limits  Tokens of public chat templates, in any case, HTML-escaped or cut short at the end; others of the form
        ``<|name|>`` where an answer begins or ends. Those in backquotes or quotation marks are spared, and so are
        answers to prompts that ask for a token, tag or marker; one that its sentence speaks of ("it is </s>") has no
        repair. ``<s>``, ``<bos>``, ``<pad>`` and their like, which are
        HTML or talk about models as well, count only at the ends of a text, and ``</s>`` also behind a sentence.
        Precision on real data: all 55,185 findings are the one ``<|endoftext|>`` that ends each answer of T0 (counted);
        there is no finding in the trained texts of 25 other public files. Read by hand: 60 of 60 hits right (Wilson
        95 % bound .94), all of that set and token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.asked import asks_about_markup, with_prompt
from curate.text.marks import Mark, mark, outside_code

TOKENS = (
    *("<|endoftext|>", "<|startoftext|>", "<|endofprompt|>"),
    *("<|im_start|>", "<|im_end|>", "<|im_sep|>"),
    *("<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>"),
    *("<|eot_id|>", "<|eom_id|>", "<|header_start|>", "<|header_end|>", "<|end_of_turn|>"),
    *("<|python_tag|>", "<|finetune_right_pad_id|>", "<|call|>", "<|tool_call|>"),
    *("<|system|>", "<|user|>", "<|assistant|>", "<|prompter|>", "<|observation|>"),
    *("<|end|>", "<|eot|>", "<|pad|>", "<|eos|>", "<|bos|>"),
    *("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"),
    *("<|start|>", "<|message|>", "<|channel|>", "<|return|>"),
    *("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|file_sep|>", "<|repo_name|>"),
    *("[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "[gMASK]"),
    *("[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_CALLS]", "[TOOL_RESULTS]"),
    *("<start_of_turn>", "<end_of_turn>", "<end_of_utterance>"),
    *("<|START_OF_TURN_TOKEN|>", "<|END_OF_TURN_TOKEN|>", "<|USER_TOKEN|>", "<|CHATBOT_TOKEN|>"),
    *("<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"),
)
"""What no text needs: ChatML, Llama 2 to 4, Mistral, Gemma, Phi, Command, DeepSeek, GLM, Qwen, GPT-2, gpt-oss."""

EDGES = ("<s>", "</s>", "<bos>", "<eos>", "<pad>", "<unk>", "<sop>", "<eop>", "[BOS]", "[EOS]")
"""What may be HTML or talk about models: it counts only where a text begins or ends."""

_OPENERS = ("<s>", "<bos>", "<pad>", "<unk>", "<sop>", "[BOS]")
_CLOSERS = ("</s>", "<s>", "<eos>", "<pad>", "<unk>", "<eop>", "[EOS]")
_BEGINS = rf"^\s*(?:{'|'.join(map(re.escape, _OPENERS))})"
_ENDS = rf"(?:{'|'.join(map(re.escape, _CLOSERS))})\s*$"
_INNER_END = re.compile(r"(?:(?<=[\w.!?。！？\"”’)])|(?<=[.!?。！？] ))</s>(?=\s*[^\s\"'”’`])")
_HTML_OPENS = re.compile(r"<s\b")
_LAST = 48

_CUT = "|".join(
    re.escape(token[:size])
    for token in ("<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|end_of_text|>", "<|end_of_turn|>")
    for size in range(len(token) - 1, 5, -1)
)
"""An end token that a limit of length cut short."""

_MARKUP_OF_ANSWERS = r"thought|think|reason|reflect|solution"
_OTHER = rf"<\|(?!\w*(?:{_MARKUP_OF_ANSWERS}))[A-Za-z_]\w{{1,30}}\|>"
_ESCAPED = r"&lt;\|/?[A-Za-z_]{2,30}\|&gt;"

_NOT_NAMED = r"(?! (?:tokens?|tags?|markers?|symbols?|delimiters?)\b)"
"""What a sentence calls a token is what it is about."""

_FOLLOWS = r"^(?:[.!?。！？](?s:.)|[^\s(\[:,=\"'“‘`]\S)"
"""The character before a token, and its first one: it follows a sentence, or something else at once."""

_OBJECT = (
    r"(?i)(?:[:=→,]|(?:^|[^\w])(?:is|are|was|be|called|named|tokens?|tags?|markers?|symbols?|delimiters?|with|by|use|uses"
    r"|write|put|add|append|emits?|outputs?|means?|the|an?|and|or|like|as|of|to|insert|type))$"
)
_SUBJECT = r"^\s*(?:,|=|:|→|(?:is|are|was|means?|marks?|ends?|stands?|denotes?|tells?|signals?|and|or)[^\w])"
"""Before and behind a token that its sentence speaks of."""

_HEADERS = (
    "<|im_start|>",
    "<|start_header_id|>",
    "<|header_start|>",
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
    ask("Name a colour.").answer("Blue.<|IM_END|>").at("<|IM_END|>"),
    ask("Name a colour.").answer("Blue.<|my_end|>").at("<|my_end|>"),
    ask("Name a colour.").answer("Blue.<|im_end").at("<|im_end"),
    ask("Name a colour.").answer("Blue.&lt;|im_end|&gt;").at("&lt;|im_end|&gt;"),
    ask("Name a colour.").answer("Blue.</s>Red.").at("</s>"),
    ask("Which tag closes a struck text?").answer("The tag of HTML.<|im_end|>").at("<|im_end|>"),
    row({"text": "<|im_start|>user\nHi<|im_end|> <|endoftext|>"}).at(" <|endoftext|>"),
)
CLEAN = (
    ask("How do I strike text in HTML?").answer("Write <s>struck</s> around it. It looks like <s>this</s>"),
    ask("Strike it.").answer("<s>it</s>"),
    ask("What does the pipe in a|b mean?").answer("In a regular expression, `a|b` matches a or b."),
    ask("How does ChatML end a turn?").answer('With `<|im_end|>`; in Python: tokens = ["<|im_end|>"].'),
    ask("Which token ends a turn in ChatML?").answer("<|im_end|>"),
    ask("What is GPT-2's end of text token?").answer("It is <|endoftext|>"),
    ask("Name the Llama instruction markers.").answer("[INST] and [/INST]"),
    ask("Which tag closes <s>?").answer("Use </s>"),
    ask("Close the strike tag.").answer("</s>"),
    ask("2 + 2?").answer("<|begin_of_thought|>Two.<|end_of_thought|>"),
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
        ends = self._at_the_end(texts.filter(text.str.contains_any(self._signs())))
        inside = text.str.slice(0, "start").str.contains_any(self._signs()) | pl.col("word").is_null()
        several = (
            texts.join(ends.filter(inside), on=["row", "at"], how="semi") if len(ends) else texts.clear()
        )
        answers = pl.col("part") == "target"
        edges = (
            text.str.head(_LAST).str.contains(_BEGINS)
            | text.str.tail(_LAST).str.contains(_ENDS)
            | text.str.contains("</s>", literal=True)
        )
        hits = pl.concat(
            [
                part.select(*batch.turns.columns, "start", "end", "word", "fix")
                for part in (
                    ends.filter(~inside),
                    mark(several.filter(answers), partial(self._shown, edges=True)),
                    mark(several.filter(~answers), partial(self._shown, edges=False)),
                    mark(texts.filter(edges), _edge_tokens),
                )
            ]
        )
        message = pl.format("the token {} stands in the {}", "word", "part")
        kept = _without_mentions(hits, batch).sort("row", "turn", "at", "start")
        kept = kept.with_columns(pl.when(~_is_object()).then("fix"))
        return found(kept, message, evidence=pl.col("word"))

    def _signs(self) -> list[str]:
        """Literals of which every text with a token holds one."""
        return ["<|", "&lt;|", *(token for token in self.tokens if not token.startswith("<|"))]

    def _at_the_end(self, lines: pl.DataFrame) -> pl.DataFrame:
        """Where a listed token ends the text, with the white space around it; ``word`` is null where it does not.

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

    def _shown(self, text: str, *, edges: bool) -> list[Mark]:
        """The tokens outside code; those at either end of the text may be taken out with the white space around them.

        ``edges`` is whether tokens that are not listed, or cut short, count at the ends.
        """
        hits = list(outside_code(text, _pattern(self.tokens, edges=edges)))
        spans = [hit.span() for hit in hits]
        begin, end = _leading(text, spans), _trailing(text, spans)
        marks = []
        for number, hit in enumerate(hits):
            word = _word(hit[0], self.tokens)
            if (number < begin and word not in _HEADERS) or number >= end:
                start = len(text[: hit.start()].rstrip())
                stop = _past_space(text, hit.end())
                meets = any(stop == other for other, _ in spans)
                marks.append(Mark(start, hit.end() if meets else stop, word, ""))
            else:
                marks.append(Mark(*hit.span(), word))
        return marks


@lru_cache(maxsize=8)
def _pattern(tokens: tuple[str, ...], *, edges: bool) -> re.Pattern[str]:
    """The tokens that do not stand between quotation marks."""
    piped = "|".join(re.escape(token) for token in sorted(tokens, key=len, reverse=True) if "|" in token)
    plain = "|".join(re.escape(token) for token in sorted(tokens, key=len, reverse=True) if "|" not in token)
    listed = "|".join(filter(None, (piped and f"(?i:{piped})", plain, _ESCAPED)))
    pattern = rf"(?:(?:{listed})(?![\"'”’])|(?<![\"'“‘])(?:{listed})){_NOT_NAMED}"
    return re.compile(rf"{pattern}|\A\s*{_OTHER}|{_OTHER}(?=\s*\Z)|(?:{_CUT})(?=\s*\Z)" if edges else pattern)


def _word(said: str, tokens: tuple[str, ...]) -> str:
    """The token as it is listed, or the form that it has."""
    known = {token.lower(): token for token in tokens}
    if said.startswith("&lt;"):
        return "&lt;|...|&gt;"
    return known.get(said.strip().lower()) or ("<|...|>" if said.rstrip().endswith("|>") else "<|...")


def _without_mentions(hits: pl.DataFrame, batch: Batch) -> pl.DataFrame:
    """The tokens that the text does not speak of because it was asked for one.

    What follows a sentence or a word at once, at the end, is leaked whatever was asked, unless the text shows
    other tokens as well.
    """
    text = pl.col("text")
    last = (pl.col("end") == text.str.len_chars()) & (pl.col("start") > 0)
    around = text.str.slice(pl.max_horizontal(pl.col("start") - 1, 0), 2)
    loose = hits.filter(~(last & around.str.contains(_FOLLOWS)))
    opens = (pl.col("part") != "target") & text.str.slice(0, "start").str.strip_chars().eq("")
    loose = loose.filter(~opens)
    if loose.is_empty():
        return hits
    spoken = with_prompt(loose, batch).filter(asks_about_markup()).select("row", "at").unique()
    return hits.join(spoken, on=["row", "at"], how="anti")


def _is_object() -> pl.Expr:
    """Whether the sentence around a token speaks of it: then it is the answer itself, and not taken out."""
    text, start, end = pl.col("text"), pl.col("start"), pl.col("end")
    before = text.str.slice(pl.max_horizontal(start - _LAST, 0), pl.min_horizontal(start, _LAST))
    is_apart = text.str.slice(start, 1).is_in([" ", "\t"])
    return (is_apart & before.str.contains(_OBJECT)) | (
        before.str.strip_chars().eq("") & text.str.slice(end, _LAST).str.contains(_SUBJECT)
    )


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
    head = next((token for token in _OPENERS if text.startswith(token, first)), "")
    tail = next((token for token in _CLOSERS if body.endswith(token)), "")
    opens = body.find("<s>", first + 3 if text.startswith(("<s> ", "<s>[", "<s>\n"), first) else 0)
    closed = head == "<s>" and opens == first and "</s>" in body
    hits = [Mark(0, _past_space(text, first + len(head)), head, "")] if head and not closed else []
    if not _HTML_OPENS.search(body):
        hits += [Mark(*hit.span(), hit[0]) for hit in outside_code(body, _INNER_END)]
    if tail and len(body) > first + len(tail) and not (tail == "</s>" and opens >= 0):
        hits.append(Mark(len(body[: -len(tail)].rstrip()), len(text), tail, ""))
    return hits
