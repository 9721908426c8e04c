"""Refusals that say more than no: those that preach, and those of a machine that sends one elsewhere.

``declining.py`` sorts sentences and lets every answer pass that advises or offers. Two kinds of refusal do both and
still answer nothing: one finds the request improper and recommends respect instead, the other lacks the data and
recommends a search. They are told by what they hold together, in a short text: a denial of the task itself, and words
of morals, or the machine's excuse and no help. Replies that name the tools they lack, ask for what is missing, or go
on to answer are neither.
"""

from __future__ import annotations

import re

from curate.text.declining import Decline

_TASKS = (
    r"answer|provide|help|assist|fulfill?|comply|translate|classify|paraphrase|rewrite|rephrase|generate"
    r"|create|write|complete|offer|give|share|continue"
    r"|determine|find|retrieve|access|identify|describe|evaluate|rate"
)
_DENIES = re.compile(
    rf"\bI(?:['’]m| am) (?:unable|not able) to (?:{_TASKS})|\bI (?:can ?not|can['’]t|won['’]t|will not"
    rf"|must decline to) (?:{_TASKS})"
    rf"|\b(?:I )?(?:do not|don['’]t) have (?:the )?(?:data|access|ability|information|capability)\b"
    rf"|\bnot possible for me to (?:{_TASKS})"
    r"|我(?:无法|不能|没有办法)(?:为您|为你|给您|对)?(?:[^，。！？\n]{0,12}?)(?:回答|提供|帮助|满足|完成|翻译|分类|改述|改写|给出|找到|评估|评价)",
    re.IGNORECASE,
)
_MORALS = re.compile(
    r"\b(?:inappropriate|not appropriate|offensive|harmful|unethical|not ethical|illegal|disrespectful"
    r"|explicit|derogatory|discriminat\w+|violence|privacy"
    r"|ethical standards|hateful)\b|不当|不恰当|不合适|冒犯|有害|不道德|非法|违法|尊重|隐私|淫秽",
    re.IGNORECASE,
)
_MACHINE = re.compile(
    r"\bas an? (?:\w+ ){0,3}(?:AI|A\.I\.|language model|assistant|chatbot)\b|\bI(?:['’]m| am) (?:just "
    r"|only )?an? (?:\w+ ){0,2}(?:AI|language model|chatbot)\b"
    r"|\bof the model\b|(?:作为|是)(?:一个|一名|一款|个)?[^，。\n]{0,4}(?:AI|人工智能|语言模型|机器人|助手)",
    re.IGNORECASE,
)
_SOURCES = re.compile(
    r"\b(?:external|real[- ]time|outside) (?:\w+ )?(?:data|sources?|information|databases?)\b", re.IGNORECASE
)
_HELPS = re.compile(
    r"\b(?:however|but (?:I|here|you|based)\b|that said|nevertheless|based on|in general|typically"
    r"|generally|here (?:is|are)|for example|for instance|one possible|you can use|I can (?!not\b"
    r"|help with anything))\b"
    r"|^\s*(?:\d+[.)]|[-*•])\s|```|例如|比如|不过|但是?[，,]?我?可以|我将尽|通常|一般来说|以下|首先|然而.{0,6}(?:可以|能够)|我(?:可以"
    r"|能够?)(?:给|为|帮|提供|模拟)",
    re.IGNORECASE | re.MULTILINE,
)
_ASKS = re.compile(
    r"\?\s*$|\b(?:please|could you|can you|if you) (?:\w+ ){0,2}(?:provide|share|specify|clarify|tell|give)"
    r"|请(?:您|你)?(?:再|重新)?提供|如果(?:您|你)?(?:能|可以)?提供|(?:没有|未|并未)(?:给出|提供|指定|足够)|吗？\s*$",
    re.IGNORECASE,
)
_TOOLS = re.compile(
    r"\b(?:tools?|functions?|functionality|parameters?|passage|paragraph|text)\b|功能|外部任务|预订|订购|下单|文本(?:中"
    r"|没有)|段落",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:\d+[.)]|[-*•])\s", re.MULTILINE)
_OTHER = re.compile(
    r"\b(?:that said|in general|typically|for example|here (?:is|are))\b"
    r"|通常|一般来说|以下是|功能|外部任务|根据(?:段落|文本)",
    re.IGNORECASE,
)
_PREACHING, _EXCUSE, _HEAD = 700, 360, 260


def refuses(text: str) -> Decline | None:
    """The words that deny the task, if the text preaches or sends elsewhere instead of answering."""
    if len(text) > _PREACHING or "`" in text:
        return None
    no = _DENIES.search(text)
    if no is None or no.start() > _HEAD:
        return None
    preaches = _MORALS.search(text) is not None and _ITEM.search(text) is None
    machine = _MACHINE.search(text) is not None or _SOURCES.search(text) is not None
    excused = machine and len(text) <= _EXCUSE and not _HELPS.search(text)
    missing = _TOOLS.search(text) is not None or (_ASKS.search(text) is not None and not preaches)
    sermon = preaches and (machine or no.start() < _HEAD // 2) and not _OTHER.search(text)
    if sermon or (excused and not missing):
        return Decline(no.start(), no.end(), "English" if text[no.start()].isascii() else "Chinese")
    return None
