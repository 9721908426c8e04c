"""Whether a task may rightly be answered with the very text that it gives.

It may where it orders that the text be copied, corrected, converted, sorted, or searched for a sentence. A word alone
("order", "say", "type") tells nothing, so the verbs count where an order begins, and nouns where they name the form of
a text.
"""

from __future__ import annotations

import re

_ORDER = (
    r"(?:^|[.!?:;,\n]\s*(?:and |then )?|\b(?:please|and|then|just|kindly|simply|now|to|want you to|could you|can you"
    r"|would you|will you|you must|you should|you are to|task is to|help me)\s+)"
)
_UNIT = (
    r"(?:sentences?|lines?|words?|texts?|phrases?|passages?|paragraphs?|quotes?|quotations?|statements?|spans?"
    r"|excerpts?|fragments?|clauses?|entit(?:y|ies)|names?|everything|all|options?|items?|code)"
)
_COPY = (
    rf"{_ORDER}(?:repeat|copy|echo|recite|quote|transcribe|retype|parrot|mirror|say (?:it|this|that|back|after|aloud)"
    r"|say(?=\s*[:\"“'‘])|read (?:it |this )?(?:back|aloud|out)|write (?:it |this )?(?:out|down)|type (?:it "
    r"|this )?out"
    r"|print(?=\s*[:\"“'‘]))\b(?! of\b)"
    r"|\b(?:verbatim|word[- ]for[- ]word|unchanged|unmodified|unaltered|as[- ]is)(?=\W*$|[.,;)]"
    r"| (?:if|unless|where|when)\b)|\bafter me\b"
    r"|(?:请|^|[，。：:\n])(?:再)?(?:重复|复述|照抄|抄写|朗读)|原样|逐字|跟我(?:说|读|念)"
)
_MEND = (
    rf"{_ORDER}(?:correct|fix|edit|proofread|spell[- ]?check|punctuate|capitali[sz]e|upper-?case|lower-?case"
    rf"|re-?format"
    r"|format|indent|sort|order|arrange|re-?arrange|re-?order|rank|remove|delete|replace|filter|clean|normali[sz]e"
    r"|convert|split|segment|tokeni[sz]e|lemmati[sz]e|stem|transliterate|trim|de-?duplicate|expand|change"
    r"|swap|decode|encode|strip|censor|redact|anonymi[sz]e)\b"
    r"(?! (?:of|form|number|type|date)\b)"
    rf"|{_ORDER}(?:extract|select|choose|pick|find|identify|locate|underline|highlight|mark|return|give|name"
    rf"|list|cite"
    rf"|copy|tell me)\b[^.?!\n]{{0,60}}\b{_UNIT}\b"
    rf"|\b(?:which|what)\s+(?:\w+\s+){{0,3}}(?:sentences?|lines?|words?|phrases?|passages?|paragraphs?"
    rf"|quotes?|statements?"
    r"|clauses?|options?)\b"
    r"|\b(?:grammar|grammatical|grammatically|spelling|punctuation|typos?|capitali[sz]ation|upper ?case|lower ?case"
    r"|title case)\b|\b(?:if|where|when|as) (?:necessary|needed|required|applicable)\b|\balready correct\b"
    r"|\bas it is\b"
    r"|\b(?:korrigier|verbesser|wiederhol|sortier|corrig|rep[ií]t|r[eé]p[eè]t|ordena)\w*"
    r"|(?:^|[，。：:；\n]|请(?:你)?|帮我|帮忙|[把将对给从在][^，。]{0,20})"
    r"(?:改正|纠正|修改|更正|校对|润色|排序|排列|删除|替换|转换|格式化|大写|小写|加上?标点|提取|选出?|选择|找出|引用)"
    r"|语法|错别字|拼写|哪[一]?(?:句|个句子|段)"
)
_TRANSLATE = rf"{_ORDER}(?:translate|übersetze?|traduce|traduis|traduisez)\b|翻译"

_FINDS = (
    rf"{_ORDER}(?:extract|select|choose|pick|find|identify|locate|underline|highlight|mark|name|list|give|tell me)\b"
    r"|[?？]"
)

_REPEATS = re.compile(_COPY, re.IGNORECASE)
_KEEPS = re.compile(f"{_COPY}|{_MEND}", re.IGNORECASE)
_FINDS_NAMES = re.compile(f"{_TRANSLATE}|{_FINDS}", re.IGNORECASE)
_NAME = 40
"""Code points within which a text without a stop may be a name, the same in many languages and all that was sought."""


def asks_to_repeat(task: str) -> bool:
    """Whether the task orders that its text be copied."""
    return _REPEATS.search(task) is not None


def may_stay_same(task: str, text: str) -> bool:
    """Whether the task orders something that may leave ``text`` as it is."""
    if _KEEPS.search(task) is not None:
        return True
    text = text.strip()
    named = len(text) <= _NAME and not text.endswith((".", "!", "?", "。", "！", "？"))
    return named and _FINDS_NAMES.search(task) is not None
