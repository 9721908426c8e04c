"""The answer stops in the middle.

Why     The model learns to end where a limit on tokens ended another model's answer: in mid-sentence.
Mend    Let the answer be finished, or set the rows aside: `curate drop {files} --select answer.cut-off -o {out}`.
Limits  Reports only what cannot be an end: a word like "the", half a word, a comma, a colon, an empty list item,
        open code or JSON, an open sentence in a long text. Of answers of five public sets that were cut at random,
        it finds 11 to 35 % (``answer.no-end-mark`` finds others). Prose is judged in English and Chinese; last words
        also in German, French and Spanish. Precision on real data: 20 of 20 hits read in 73,735 rows of 26 files
        were right (95 % bounds .84 to 1): dpo_en_demo 6, alpaca_zh_demo 4, v1_sft_demo 3, dpo_zh_demo 2, kto_en_demo
        2, medquad_health 2, glaive_toolcall_zh_demo 1. That is too few to block. In clean corpora: MedQuAD 2 hits, 2
        of 2 read right.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.core.finding import no_findings
from curate.text.asked import with_prompt
from curate.text.ends import END, without_end
from curate.text.marks import Mark, mark
from curate.text.sentences import (
    COMMON,
    NEVER_LAST,
    is_foreign_prose,
    is_prose,
    open_fence,
    paragraphs_stop,
    rest_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEVER_LAST = (
    "the|and|or|their|its|your|our|my|including|than|into|und|oder|der|et|les|des|une|el|los|las|del"
)
"""Words that end no sentence; ``of``, ``to``, ``die`` and their like do."""

_SELDOM_LAST = (
    "a|an|of|by|as|from|that|which|because|if|when|while|is|are|was|were|will|shall|must|should|would|could"
    "|may|has|had|been|such"
    "|between|through|during|without|within|upon|until|unless|under this|to the|the same"
)
"""Words that end a sentence seldom: behind a capital letter and some length they show that it stops."""

_FOREIGN_LAST = {language: re.compile(rf" ({words})\Z") for language, words in NEVER_LAST.items()}

_TAIL = 80
_SHORT, _MIDDLE, _LONG, _VERY_LONG = 30, 60, 200, 1000
_SMILEY = re.compile(r"[:;=8xX]['’]?-?[(\[{]\Z")
_CODE = re.compile(
    r"```|[;{}]\s*\n|(?m:^\s*(?:def|class|import|for|while|if|return|function|const|let|var|public"
    r"|#include)\b.*[:;({)]\s*$)|</\w+>|\\begin\{"
)
_CONTINUES = (
    r"(?i)\b(?:complete|finish|continue|fill in|auto-?complete|next word|fragment|truncat\w*|first (?:half"
    r"|few words|line|part)|begin(?:ning)?|opening|start of"
    r"|title|headline|keywords?|extract|substring|prefix|tokens?|lyrics|poem|haiku|cliff-?hanger"
    r"|ends? with)\b|续写|补全|填空|接着写|标题"
)

FLAGGED = (
    ask("Explain bail.")
    .answer("Bail is money that a defendant pays to the court. It is given back at the end of the")
    .at("the"),
    ask("Explain bail.")
    .answer(
        "Bail is money that a defendant pays. The court sets it in a hearing. " * 16
        + "If the defendant does not appear, it is lost"
    )
    .at("If the defendant does not appear, it is lost"),
    ask("Explain bail.").answer(
        "Bail is an amount of money that a defendant pays. The judge weighs the risk of flight and sets an "
        "amo<|im_end|>"
    ),
    ask("Wie geht es?").answer("Bitte starten Sie den Rechner neu, dann öffnen Sie das Menü und").at("und"),
    ask("Wann endet sie?").answer(
        "Die Frist beginnt mit der Zustellung des Bescheids und endet nach einem Monat, sofern nicht der"
    ),
    ask("Wie viel?").answer("Der Patient sollte täglich 5 mg einnehmen, jedoch nur dann, wenn").at("wenn"),
    ask("Quand ?")
    .answer("Le délai commence à courir avec la notification et il dure un mois dans les")
    .at("les"),
    ask("¿Cuándo?").answer("El plazo empieza con la notificación y termina en un mes para los").at("los"),
    ask("Name three risks.").answer("1. The rent may rise.\n2. The roof may leak.\n3.").at("3."),
    ask("Name some risks.")
    .answer("The clause is silent on several risks, and the tenant should look at these:")
    .at(":"),
    ask("Write a loop.")
    .answer("Here it is:\n```python\nfor i in range(3):\n    print(")
    .at("```python\nfor i in range(3):\n    print("),
    ask("As JSON.").answer('{"tenant": "Bell", "rent": [1200, 13').at('{"tenant": "Bell", "rent": [1200, 13'),
    ask("解释保释。").answer(
        "保释是一种制度。被告人交纳保证金后可以暂时获得自由，等待法院的审理。法院根据案件的性质、被告人的前科、"
    ),
    chat(
        ("user", "Hi"),
        ("assistant", "Hello."),
        ("user", "And bail?"),
        ("assistant", "It is money that one pays to be free, and it is given back after the"),
    ),
    row(
        {
            "prompt": "Explain bail.",
            "completion": "It is money that one pays to be free, that is given back (in most cases,",
        }
    ),
)
CLEAN = (
    ask("Explain bail.").answer(
        "Bail is money that a defendant pays to the court. It is given back at the end."
    ),
    ask("What is it?").answer("short-tempered and difficult to get along with"),
    ask("Write a headline.").answer("Texas girds for the worst as deadly storm closes in"),
    ask("Name three risks.").answer("1. Rising rent\n2. A leaking roof\n3. Mice"),
    ask("Write a letter.").answer(
        "Dear Ms Bell,\n\nThe roof leaks. The rain comes in. Please repair it soon.\n\nYours "
        "sincerely,\n\nAnn of the Green Gables"
    ),
    ask("Wo?").answer("Kommen Sie bitte in die Kanzlei und bringen Sie den Vertrag mit"),
    ask("Und wenn ich Fragen habe?").answer(
        "Dann rufen Sie uns in der Kanzlei bitte jederzeit gern wieder an"
    ),
    ask("Was kauft er?").answer(
        "Er kauft in der Stadt ein und bringt die Ware nach Hause zu Anna, die er mag"
    ),
    ask("Où ?").answer("Le dossier est dans le bureau et vous pouvez le prendre avec vous"),
    ask("Nenne Präpositionen.").answer("an, auf, hinter, in, neben, über, unter, vor, zwischen, im, am, zum"),
    ask("Wer?").answer("Nicht der Mieter, sondern der Vermieter muss die Kosten tragen, und zwar alle."),
    ask("How many?").answer("There are 3 in the first box. There are 4 in the second one.\n#### 7"),
    ask("Write a loop.").answer("Here it is:\n```python\nfor i in range(3):\n    print(i)\n```"),
    ask("Complete the sentence: I went to").answer("I went to the shop that lies at the end of the"),
    ask("Where can I read more?").answer(
        "It is on the site of the court. Look for the guide. https://court.example/guide-for-the"
    ),
    ask("What did he say?").answer("He said: it was a good day for all of us :("),
    ask("ประกันตัวคืออะไร").answer("การประกันตัวคือการวางเงินไว้กับศาลเพื่อให้ได้รับการปล่อยตัวชั่วคราว"),
    ask("解释保释。").answer("保释是一种制度。被告人交纳保证金后可以暂时获得自由。"),
    chat(
        ("user", "Search for it."),
        ("assistant", "I shall look at the list of the following sources:"),
        ("tool", "[]"),
        ("assistant", "Nothing."),
    ),
    preference(
        "Explain bail.",
        "It is money.",
        "Bail is money that a defendant pays to the court. It is given back at the end of the",
    ),
    row({"text": "It was the best of times. It was the worst of times. It was the age of the"}),
)


@dataclass(frozen=True)
class CutOff(RowCheck):
    """Looks at how answers end; headings, lists of names, short answers, code and plain text to go on are spared."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for an answer, over what is not finished."""
        suspects = self._suspects(batch)
        hits = mark(suspects, lambda text: list(islice(_unfinished(text), 1)))
        if not hits.is_empty():
            hits = self._last_of_turn(hits, batch)
        if hits.is_empty():
            return no_findings()
        hits = with_prompt(hits, batch)
        open_block = pl.col("word").is_in(["code", "JSON", "list item"])
        kept = hits.filter(open_block | ~pl.col("prompt").str.tail(400).str.contains(_CONTINUES))
        return found(kept, pl.format("the answer stops in the middle ({})", "word"), evidence=pl.col("word"))

    def _suspects(self, batch: Batch) -> pl.DataFrame:
        """Answers that end in a letter, a comma, a colon, an open bracket or a list mark, or hold open code or JSON."""
        text, last = pl.col("text"), pl.col("last")
        plain = batch.rows.filter(pl.col("layout") == "text").select("row")
        lines = batch.targets.filter(text.str.len_bytes() >= _SHORT)
        lines = lines.with_columns(text.str.tail(_TAIL).str.replace(END, "").alias("last"))
        odd = last.str.contains(
            rf" (?:{_NEVER_LAST}|{_SELDOM_LAST}|{'|'.join(NEVER_LAST.values())})$|[^\s:：][:：]$"
            rf"|[\p{{L}}\d)\"][,，、（(\[{{]$|\n\s*(?:\d+[.)]|[-*•])$"
        )
        long = last.str.contains(r"[\p{Latin}\p{Greek}\p{Cyrillic}\p{Han},]$") & (
            text.str.len_bytes() >= _LONG
        )
        long &= text.str.count_matches(r"[.!?。！？](?:\s|[^\x00-\x7f])") >= 2  # noqa: PLR2004
        half_word = (
            text.str.contains(r"^\W*\p{Lu}")
            & last.str.contains(r"\s[a-z]{2,}$")
            & (text.str.len_bytes() >= _MIDDLE)
        )
        code = text.str.contains("```", literal=True) | text.str.contains("~~~", literal=True)
        record = text.str.head(1).is_in(["{", "["]) & ~last.str.contains(r"[}\])]$")
        return lines.filter(odd | long | half_word | code | record).join(
            plain, on="row", how="anti", maintain_order="left"
        )

    def _last_of_turn(self, hits: pl.DataFrame, batch: Batch) -> pl.DataFrame:
        """The hits in texts that neither a part of their own turn nor a tool nor the assistant goes on after."""
        turns = batch.turns.join(hits.select("row").unique(), on="row", how="semi", maintain_order="left")
        turns = turns.with_columns(
            pl.col("turn", "role").shift(-1).over("row").name.prefix("next_"),
            pl.col("part").shift(-1).over("row").alias("next_part"),
        )
        same = pl.col("next_turn") == pl.col("turn")
        goes_on = (same | pl.col("next_role").is_in(["assistant", "tool"])) & (
            pl.col("next_part") != "rejected"
        )
        return hits.join(
            turns.filter(goes_on.fill_null(value=False)), on=["row", "at"], how="anti", maintain_order="left"
        )


def _unfinished(text: str) -> Iterator[Mark]:
    """What is not finished, the surest signs first."""
    said = without_end(text)
    fence = open_fence(said)
    if fence is not None:
        yield Mark(fence, len(said), "code")
    if said[:1] in "{[" and _is_open_json(said):
        yield Mark(0, len(said), "JSON")
    if item := _empty_item(said):
        yield item
    prose = next(iter(_unfinished_prose(said)), None)
    if prose and not _CODE.search(said):
        yield prose


def _is_open_json(said: str) -> bool:
    """Whether the text is JSON up to its end, where something is missing."""
    try:
        json.loads(said)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(said.rstrip()) or error.msg.startswith("Unterminated string")
        return at_end and '"' in said
    except (ValueError, RecursionError):
        return False
    return False


def _empty_item(said: str) -> Mark | None:
    """The mark of a list item that says nothing, after items that do."""
    hit = re.search(r"\n\s*(?:(\d+)([.)])|[-*•])\Z", said)
    if not hit:
        return None
    if hit[1] is None:
        others = re.findall(rf"(?m)^\s*{re.escape(said[-1])}\s+\S", said)
        enough = len(others) >= 2  # noqa: PLR2004
    else:
        enough = re.search(rf"(?m)^\s*{int(hit[1]) - 1}{re.escape(hit[2])}\s+\S", said) is not None
    start = len(said) - len(hit[0].lstrip())
    return Mark(start, len(said), "list item") if enough else None


def _unfinished_prose(said: str) -> Iterator[Mark]:
    rest = rest_of(said)
    place = (rest.start, rest.start + len(rest.text))
    last_word = _LAST_WORD.search(said, max(0, len(said) - _TAIL))
    foreign = _foreign_last_word(said, rest.text)
    if foreign:
        yield foreign
    elif last_word:
        least = 4 if re.fullmatch(_NEVER_LAST, last_word[1]) else 6
        if is_prose(rest.text, least) and not _SPACED.search(said) and _is_sentence(said, rest.text):
            yield Mark(*last_word.span(1), "a word that ends no sentence")
    elif said[-1] in "，、（":
        yield Mark(len(said) - 1, len(said), "a comma or bracket")
    elif said[-1] in ",([{":
        if len(said) >= _MIDDLE and not _SMILEY.search(said) and is_prose(rest.text):
            yield Mark(len(said) - 1, len(said), "a comma or bracket")
    elif said[-1] in ":：":
        yield Mark(len(said) - 1, len(said), "a colon")
    elif len(said) >= _LONG and _stands_open(said, rest.text):
        yield Mark(*place, "a sentence")
    else:
        yield from _half_word(said, rest.text)


_LAST_WORD = re.compile(rf" ({_NEVER_LAST}|{_SELDOM_LAST})\Z")
_NO_SENTENCE = re.compile(r"https?:|www\.|\w\.[a-z]{3}\b|@|#|^\W*[\w ]{1,20}:|\S   *(?:\S|$)| [-–•*] ")
"""Addresses, speakers of a dialogue, and lists whose line breaks were lost."""


_SPACED = re.compile(r" [.,] | 's\b")
"""Signs of text that was split into tokens, as research sets are."""


def _foreign_last_word(said: str, rest: str) -> Mark | None:
    """The last word of a sentence of another language than English, which no sentence of that language ends with."""
    for language, words in _FOREIGN_LAST.items():
        hit = words.search(said, max(0, len(said) - _TAIL))
        if hit and is_foreign_prose(rest, language) and _is_sentence(said, rest) and not _SPACED.search(said):
            return Mark(*hit.span(1), "a word that ends no sentence")
    return None


def _is_sentence(said: str, rest: str) -> bool:
    """Whether the text writes sentences: it begins one with a capital letter, or has ended some."""
    return rest[:1].isupper() or len(said) >= _LONG


def _stands_open(said: str, rest: str) -> bool:
    """Whether a long text of whole sentences goes over to one that does not end."""
    last = said[said.rfind("\n") + 1 :]
    if "\u4e00" <= said[-1] <= "\u9fff":
        stands = "。" in last and said.count("。") >= 3 and len(rest) >= 4  # noqa: PLR2004
    else:
        stands = len(said) >= _VERY_LONG and ": " not in rest and is_prose(rest)
        stands = stands and (len(last) > len(rest) + _MIDDLE or len(rest) >= _MIDDLE)
    return stands and paragraphs_stop(said) and not _NO_SENTENCE.search(last)


def _half_word(said: str, rest: str) -> list[Mark]:
    """A last word that is the beginning of a word of the same answer, and not a form of it."""
    hit = _LAST_LETTERS.search(said, max(0, len(said) - _TAIL))
    if not hit or hit[1] in COMMON or not is_prose(rest, 6) or _SPACED.search(said):
        return []
    words = set(re.findall(r"[a-z]+", said[: hit.start()].lower()))
    if hit[1] in words:
        return []
    longer = [word for word in words if word.startswith(hit[1])]
    whole = not longer or any(_is_form(word, hit[1]) for word in longer)
    return [] if whole else [Mark(*hit.span(1), "a word")]


_LAST_LETTERS = re.compile(r"\s([a-z]{2,})\Z")
_ENDING = re.compile(r"e?s|ed|d|ing|er|r|ly|n|en|y|al|ion|ions|ness|ment|able|or|ful|less|ity|ive|ic|ism|ist")


def _is_form(word: str, stem: str) -> bool:
    """Whether a word is the stem, its last letter doubled or not, with an ending."""
    end = len(stem)
    doubled = word[end : end + 1] == stem[-1] and _ENDING.match(word, end + 1) is not None
    return doubled or _ENDING.match(word, end) is not None
