"""In which form an answer stands: by rules over its characters, the first that fits.

What a tokenizer's template has left behind the answer (``<|endoftext|>``, ``</s>``) is not part of its form.
"""

from __future__ import annotations

import re

import orjson

from curate.diversity.words import UNSPACED

FORMATS = {
    "empty": "no character but white space",
    "json": "a JSON object or array, alone or in a fence of backquotes",
    "code": "a fence that holds at least half of the text, or lines most of which end or begin as code does",
    "html/xml": "begins with a tag and ends with one",
    "table": "lines with bars between cells and a rule below the head, or with the same number of tabs",
    "numbered list": "at least two items that begin with a number or a letter, and at most as many other lines",
    "list": "at least two items that begin with a bullet, and at most as many other lines",
    "yes/no": "yes, no, true or false, in one of ten languages, alone",
    "number": "one number, with a sign, a currency, a percent sign or one unit",
    "label": "at most three words in one line (eight characters without spaces), without a full stop",
    "phrase": "one line with no mark that ends a sentence, longer than a label",
    "sentence": "one sentence",
    "paragraph": "several sentences without an empty line",
    "paragraphs": "text with an empty line in it",
}
"""The formats, in the order in which they are tried, and what makes each."""

LABEL_WORDS = 3
LABEL_CHARACTERS = 8
MARK = 40
"""Characters that a mark of a template has at most."""

_LEFT = re.compile(r"(?:<\|\w{2,30}\|>|</?s>|<(?:eos|end_of_turn)>)\Z")
_FENCE = "```"
_TAGGED = re.compile(r"<(?:!DOCTYPE|\?xml|[A-Za-z][\w:-]*)[^<>]*>.*</?[A-Za-z][\w:-]*\s*/?>\Z", re.DOTALL)
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$", re.MULTILINE)
_NUMBERED = re.compile(
    r"^\s*(?:\d{1,3}、\s*|(?:\(?\d{1,3}[.):]|\(?[a-zA-Z][.)]|Step \d+[:.]?|[①-⑳])\s+)\S", re.MULTILINE
)
_BULLET = re.compile(r"^\s*(?:[-*+•·–—▪◦‣●])\s+\S", re.MULTILINE)
_LINE = re.compile(r"\S[^\n]*")
_CODE = re.compile(
    r"[;{}]\s*$|^\s*(?:def|class|import|from|for|while|if|elif|else|try|except|return|function|const|let|var|public|private"
    r"|static|void|int|#include|package|func|print|SELECT|INSERT|UPDATE|CREATE|FROM|WHERE|JOIN|//)\b.*[:;({)\"'\]]\s*$|^\s*(?:#|//)\s?\w.*$"
    r"|^\s*[\w.\[\]]+\s*[-+*/]?=\s*\S.*$|^\s*[\w.]+\(.*\)\s*$|^\s*(?:SELECT\b.*\bFROM\b|return\b.*)"
)
_YES_NO = (
    "yes no true false ja nein wahr falsch oui non vrai faux sí si verdadero falso sim não verdadeiro vero nee да нет"
    " 是 否 不是 对 错 正确 错误 はい いいえ 예 아니요 네"
)
_AGREES = frozenset(_YES_NO.split())
_NUMBER = re.compile(r"[-+−±~≈$€£¥]?\s?[$€£¥]?\d[\d.,  ]*(?:/\d+|e[-+]?\d+)?\s?(?:%|[°€£¥$]?[^\W\d]{0,12})")
_ENDS = re.compile(r"(?:(?<!\b[^\W\d_])\.|[!?…])(?=[\"'”’)\]]*(?:\s|\Z))|[。！？]")
_STATEMENT = re.compile(r";\s*$|=\s*\S+\(|^\w[\w.]*\(.*\)$")
_UNSPACED = re.compile(f"[{UNSPACED}]")


def format_of(answer: str) -> str:
    """The form of an answer, one of ``FORMATS``."""
    text = _without_marks(answer)
    if not text:
        return "empty"
    return _markup(text) or _lines(text) or _short(text) or _prose(text)


def _without_marks(answer: str) -> str:
    """What is left without white space at the ends and the marks that a template put behind it."""
    text = answer.strip()
    while text.endswith(">") and (mark := _LEFT.search(text[-MARK:])):
        text = text[: -len(mark[0])].rstrip()
    return text


def _fences(text: str) -> list[str]:
    """What stands between fences, the line that opens each included."""
    return [part for part in text.split(_FENCE)[1::2] if "\n" in part]


def _markup(text: str) -> str:
    """JSON, code, HTML, a table; nothing if it is none."""
    fences = _fences(text)
    is_fenced = bool(fences) and 2 * sum(len(fence) + 2 * len(_FENCE) for fence in fences) >= len(text)
    if _is_json(text) or (is_fenced and len(fences) == 1 and _is_json(fences[0].partition("\n")[2].strip())):
        return "json"
    if is_fenced:
        return "code"
    if text[0] == "<" and text[-1] == ">" and _TAGGED.match(text):
        return "html/xml"
    return "table" if _is_table(text) else ""


def _is_json(text: str) -> bool:
    if text[0] + text[-1] not in {"{}", "[]"} if text else True:
        return False
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError:
        return False
    return True


def _is_table(text: str) -> bool:
    if text.count("|") > 1 and "\n" in text and _RULE.search(text):
        return True
    lines = text.splitlines() if "\t" in text else []
    return len(lines) > 1 and lines[0].count("\t") > 0 and len({line.count("\t") for line in lines}) == 1


def _lines(text: str) -> str:
    """A list or code, told by how lines begin and end; nothing if it is neither."""
    if "\n" not in text:
        return "code" if _STATEMENT.search(text) and _CODE.search(text) else ""
    lines = _LINE.findall(text)
    for name, pattern in (("numbered list", _NUMBERED), ("list", _BULLET)):
        items = len(pattern.findall(text))
        if items > 1 and 2 * items >= len(lines):
            return name
    coded = sum(_CODE.search(line) is not None for line in lines)
    return "code" if coded > 1 and 2 * coded >= len(lines) else ""


def _short(text: str) -> str:
    """An answer of one line that is no sentence; nothing if it is longer."""
    if "\n" in text:
        return ""
    plain = text.rstrip(".!。！ ").casefold()
    if plain in _AGREES:
        return "yes/no"
    if _NUMBER.fullmatch(text.rstrip(".")):
        return "number"
    if _ENDS.search(text):
        return ""
    is_label = len(text) <= LABEL_CHARACTERS if _UNSPACED.search(text) else len(text.split()) <= LABEL_WORDS
    return "label" if is_label else "phrase"


def _prose(text: str) -> str:
    if re.search(r"\n\s*\n", text):
        return "paragraphs"
    inner = len(_ENDS.findall(text.rstrip(".!?…。！？\"'”’)] ")))
    return "paragraph" if inner or "\n" in text else "sentence"
