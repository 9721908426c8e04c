"""Formulas: LaTeX, and sums and equations as they are typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.look import Look, Protected, hits

if TYPE_CHECKING:
    from collections.abc import Iterator

_LATEX = re.compile(
    r"\$\$(?:[^$]|\$(?!\$)){1,4000}\$\$|\\\[.{1,4000}?\\\]|\\\(.{1,2000}?\\\)"
    r"|\\begin\{(?P<env>[\w*]+)\}.*?(?:\\end\{(?P=env)\}|\Z)"
    r"|\\[A-Za-z]+\*?(?:\s?(?:\[[^\[\]\n]*\]|\{(?:[^{}\n]|\{(?:[^{}\n]|\{[^{}\n]*\})*\})*\}))+"
    r"|\\[A-Za-z]{2,}\b",
    re.DOTALL,
)
_INLINE = re.compile(r"(?<![\w\\$])\$(?=[^\s$])(?:[^$\n\\]|\\.){0,300}?(?<=[^\s\\])\$(?![\w$])")
_FORMULA = re.compile(r"[\\^_={}+*/<>]|^[^\d\W]$|^\(?[\w\s,()+*/=-]{1,20}\)?$")

_OPERAND = (
    r"(?:[-+−]?[$€£]?\d(?:[\d,]*\d)?(?:\.\d+)?(?:[%°!²³]|[a-zA-Z]{1,2}\b)?|\.\d+"
    r"|[a-zA-Z]{1,4}\([^()\n]{1,20}\)|[a-zA-Zα-ωΑ-Ω](?:[²³_]\w*)?(?!['’\w(])|√\(?\w+\)?|∞|π)"
)
_OPERATOR = (
    r"(?:\s?(?:<=|>=|==|!=|\*\*|->|[+*/×÷·^=<>≤≥≠≈±∓−∈∝])\s?|\s[-–x]\s|(?<=[\d)])[-–x](?=[\d(])"
    r"|(?<=\d)\s?[:]\s?(?=\d))"
)
_SUM = re.compile(
    rf"(?<![\w.])[(\[{{]{{0,3}}{_OPERAND}(?:[)\]}}]{{0,3}}{_OPERATOR}[(\[{{]{{0,3}}{_OPERAND})+[)\]]{{0,3}}%?"
)
_MARKED = re.compile(
    r"(?:[$€£]?[\d.,()%]+(?: ?[a-zA-Z]{1,12}){0,2} ?[-+*/×÷x=] ?\$?)*<<[^<>\n]{1,200}>>[\w.,%]*"
)
_RIGHT = r"(?:[\w$€£.,()%]+ ?[-+*/×÷=^] ?)*[$€£]?\d[\d,.]*(?<![.,])"
_WORDED = re.compile(
    rf"(?<!\S)(?:[A-Za-z'’]+ ){{0,3}}[A-Za-z'’]+ = {_RIGHT}"
    rf"|(?<![\w.])[$€£]?\d[\d,.]*(?: \w+){{1,3}} ?[*×÷=+/] ?{_RIGHT}"
)
_POWER = re.compile(
    r"(?<!\w)[\w)]{1,6}\^(?:[\w{(+-][\w+})-]{0,8})|\w*[⁰¹²³⁴⁵⁶⁷⁸⁹₀-₉⁺⁻]+\w*|[√∑∫∏∂∇∞≈≠≤≥∈∉⊂∪∩∀∃→⇒⇔±×÷][^\s]*"
)
_REAL = re.compile(r"\d|[=^√]|[a-zA-Zα-ω)]\s?[-+*/<>≤≥≠≈∈→]\s?[(a-zA-Zα-ω]")
_ORDINARY = re.compile(r"[A-Za-z]\s?[/–-]\s?[A-Za-z]|[aAI]\s[-–x].*")
_SIGNS = frozenset("+*/×÷·^=<>≤≥≠≈±−-–x√∑∫∏∂∇∞∈∉→⇒⇔₀₁₂₃₄₅₆₇₈₉⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
_RARE = _SIGNS - set("+*/=<>-x")


def find(look: Look) -> Iterator[Protected]:
    """Every formula."""
    if "\\" in look.signs:
        yield from hits(_LATEX, look.text, "maths")
    if "$" in look.signs:
        yield from (
            Protected(*hit.span(), "maths")
            for hit in _INLINE.finditer(look.text)
            if _FORMULA.search(hit[0][1:-1])
        )
    if (
        "=" in look.signs
        or (look.has_digits and not look.signs.isdisjoint(_SIGNS))
        or not look.signs.isdisjoint(_RARE)
    ):
        yield from _sums(look)


def _sums(look: Look) -> Iterator[Protected]:
    if look.has_digits or look.has("=", "+", "*", "^", "√", "≤", "≥", "<", ">"):
        for hit in _SUM.finditer(look.text):
            if _REAL.search(hit[0]) and not _ORDINARY.fullmatch(hit[0]):
                yield Protected(hit.start(), _balanced(hit), "maths")
    if "<<" in look.text:
        yield from hits(_MARKED, look.text, "maths")
    if look.has("=", "×", "÷", "*") and look.has_digits:
        yield from hits(_WORDED, look.text, "maths")
    if look.has("^") or not look.signs.isdisjoint(_RARE):
        yield from hits(_POWER, look.text, "maths")


def _balanced(hit: re.Match[str]) -> int:
    """The end of a formula, without brackets that close nothing in it."""
    shown = hit[0]
    while shown[-1:] in ")]" and shown.count(")") + shown.count("]") > shown.count("(") + shown.count("["):
        shown = shown[:-1]
    return hit.start() + len(shown)
