"""Citations: statutes, regulations and cases; works of science, their numbers, and lines of a list of references."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.look import Look, Protected, hits, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

_REPORTERS = (
    r"U\.\s?S\.|S\.\s?Ct\.|L\.\s?Ed\.(?:\s?2d)?|F\.(?:\s?(?:2d|3d|4th))?"
    r"|F\.\s?Supp\.(?:\s?[23]d)?|F\.R\.D\.|B\.R\.|A\.(?:2d|3d)?|P\.(?:2d|3d)?|N\.E\.(?:2d|3d)?"
    r"|N\.W\.(?:2d)?|S\.E\.(?:2d)?|S\.W\.(?:2d|3d)?|So\.(?:\s?[23]d)?"
    r"|Cal\.(?:\s?App\.)?(?:\s?(?:2d|3d|4th|5th))?|Cal\.\s?Rptr\.(?:\s?[23]d)?"
    r"|N\.Y\.(?:S\.)?(?:2d|3d)?|Ill\.(?:\s?(?:App|2d))?\.?|WL|LEXIS|AC|QB|WLR|All ER|EWCA|EWHC"
    r"|UKSC|UKHL|SCC|HCA|CLR|BGHZ|BVerfGE|NJW"
)
_CODES = re.compile(
    rf"\b\d{{1,4}}\s(?:(?:{_REPORTERS})\s\d{{1,5}}(?:,\s\d{{1,5}}(?:[-–]\d+)?)*(?:\s\((?:[^()\n"
    rf"]{{0,40}}\s)?\d{{4}}\))?"
    r"|(?:U\.?\s?S\.?\s?C\.?(?:\s?A\.?)?|C\.?\s?F\.?\s?R\.?|Fed\.\s?Reg\.|Stat\."
    r"|I\.R\.C\.)\s?(?:§{0,2}\s?|[Ss]ec(?:tion|\.)\s|[Pp]art\s)\d[\w.,-]*(?:\([\w-]+\))*)"
)
_SIGN = re.compile(
    r"§{1,2}\s?\d[\w.:-]*(?:\([\w-]+\))*(?:(?:,| and| or"
    r"|[-–])\s?\d[\w.:-]*(?:\([\w-]+\))*)*(?:\s(?:Abs\.|Nr\.|Satz"
    r"|S\.)\s?\d+)*(?:\s[A-Z][A-Za-z]*(?:G|B|O)\b)?"
)
_NUMBERED = re.compile(
    r"\b(?:[Ss](?:ections?|ecs?\.|ubsections?|chedules?)|[Aa](?:rticles?|rts?\.|nnex|ppendix"
    r"|mendments?)|[Rr](?:ules?|ecitals?|egulations?)|[Cc](?:lauses?|hapters?)|[Pp]ara(?:graphs?"
    r"|s?\.)|[Ee]xhibits?|[Tt]itles?|[Dd]irectives?|[Ii]tems?)"
    r"\s(?:\((?:EU|EC|EEC)\)\s)?(?:No\.?\s)?(?:\d[\w./:-]*\w|\d|[IVXLC]{1,6}\b"
    r"|[A-Z]\b(?=[.,;)\s]))(?:\([\w-]{1,5}\))*(?:(?:,| and| or| to|[-–])\s?(?:\d[\w.]*"
    r"|[IVXLC]{1,6}\b)(?:\([\w-]{1,5}\))*)*(?:/(?:EC|EU|EEC)\b)?"
)
_LEGAL = re.compile(
    r"\b(?:Pub\.\s?L\.|P\.L\.|H\.R\.|S\.|H\.J\.\s?Res\.|S\.B\.|A\.B\.|Exec\.\sOrder"
    r"|Executive Order|Treas\.\sReg\.|Rev\.\s(?:Rul|Proc)\.|BGBl\."
    r"|No\.)\s(?:No\.\s)?(?:§\s?)?\d[\w.:-]*"
    r"|\b(?:Fed\.|Cal\.|N\.Y\.|Tex\.|Fla\.|Ill\.|Mass\.|Model)\s(?:R\.|Civ\.|Crim\.|Evid\.|Penal"
    r"|Bus\.|Code|Rules?|Stat\.|Gen\.|Prof\.|Laws?|P\.|App\.|&"
    r"|\s)+(?:§{1,2}\s?)?\d*[\w.]*(?:\([\w-]+\))*"
    r"|\[(?:19|20)\d\d\]\s\d{0,2}\s?[A-Z][A-Za-z. ]{1,12}\s?(?:\([A-Za-z]+\)\s)?\d+|\((?:19"
    r"|20)\d\d\)\s\d{1,3}\s[A-Z][A-Za-z. ]{0,10}\s\d+|\bC[-–]\d{1,4}/\d\d\b"
)
_CLAUSE = re.compile(r"\((?:[a-z]{1,3}|\d{1,2}|[ivx]{1,5})\)(?:\((?:[a-z]{1,3}|\d{1,2}|[ivx]{1,5})\))+")
_SHORT = re.compile(
    r"\b(?:[Ii]bid|Id|[Ss]upra|[Ii]nfra|[Cc]f|[Oo]p\. cit|[Ll]oc\. cit)\b\.?(?:,?\s(?:at|note"
    r"|nn?\.|pp?\.)\s?\d[\d–-]*)?"
)
_PARTY = r"(?:[A-Z][\w.&'’-]*|of|the|and|for|&|de|ex rel\.|In re)"
_CASE = re.compile(
    rf"(?:[A-Z][\w.&'’-]*(?:,? {_PARTY}){{0,6}}) (?:v\.?"
    rf"|vs\.?) (?:[A-Z][\w.&'’-]*(?:,? {_PARTY}){{0,6}})(?:,? \d{{1,4}} [A-Z][\w. ]{{0,18}} \d{{1"
    rf",5}}(?:,? \d{{1,5}}(?:[-–]\d+)?)*)?(?: \([^()\n]{{0,30}}\d{{4}}\))?"
    r"|\b(?:In re|Ex parte|Matter of) [A-Z][\w'’.&-]*(?: [A-Z][\w'’.&-]*)*"
    r"|\b[A-Z][\w'’-]*(?:,? (?:(?:and|of|for|the|in|to|on|against"
    r"|&) ){0,2}[A-Z][\w'’-]*){0,7} (?:Act|Code|Treaty|Convention|Directive|Regulation|Statute"
    r"|Constitution|Amendment|Protocol|Agreement)(?: \(\w+\))?(?: (?:of )?(?:19|20|18|17)\d\d"
    r"| 1[0-9]{3})"
)
_AUTHOR = (
    r"[A-ZÀ-Þ][\w'’-]+(?:(?:,? (?:&|and) |, | )(?:(?:van|von|de|der|la|al|du) )?[A-ZÀ-Þ][\w.'’-]*){0,5}"
    r"(?:,? et al\.?,?)?"
)
_YEAR = r"(?:1[6-9]|20)\d\d[a-z]?"
_DATED = re.compile(
    rf"\((?:(?:see|cf\.|e\.g\.,?|reviewed in"
    rf"|as in)\s)*{_AUTHOR},? {_YEAR}(?:, (?:pp?\. ?)?\d+(?:[-–]\d+)?)?(?:[;,] (?:{_AUTHOR},? )"
    rf"?{_YEAR})*\)"
    rf"|{_AUTHOR} \({_YEAR}(?:[,;] {_YEAR})*(?:, pp?\. ?[\d–-]+)?\)"
    rf"|\b\d{{4}};\s?\d+(?:\(\d+\))?:\s?[\w–-]+\d\b"
)
_OTHERS = re.compile(
    r"\b(?:[A-ZÀ-Þ][\w'’-]+(?: (?:and|&) [A-ZÀ-Þ][\w'’-]+)?,? )?et al\b\.?,?(?: \(?\d{4}[a-z]?\)?)?"
)
_BRACKETED = re.compile(r"\[\d{1,3}(?:\s?[,–-]\s?\d{1,3})*\](?!\()")
_IDENTIFIED = re.compile(
    r"\b(?:doi|DOI)[:\s]\s?10\.\S+\w|\b10\.\d{4,9}/\S+\w|\b(?:arXiv"
    r"|arxiv)[:\s]\s?(?:\d{4}\.\d{4,5}(?:v\d+)?|[a-z-]+(?:\.[A-Z]{2})?/\d{7})"
    r"|\b(?:PMID|PMCID|ISBN|ISSN|NCT|ISRCTN|CAS|RFC|CVE|CWE|ISO|IEC|IEEE|DIN|EN|ASTM|ANSI|ICD|DSM"
    r"|LOINC|OMIM|MIM|SNOMED|CPT|ATC|EudraCT|Bug|PEP"
    r"|JIRA)(?:-?\d*(?:-CM)?)?[:#\s/-]{1,2}(?:No\.? ?)?(?=[\w-]*\d)[\dA-Z][\w./:–-]*\w"
    r"|\b[A-TV-Z]\d\d(?:\.[\dA-Z]{1,4})?(?![\w%])|\bPMC\d+\b|\bNCT\d{8}\b"
)
_REFERENCE = re.compile(
    r"^\s*(?:\[?\d{1,3}[\].)]?\s+|[-*•]\s+)?[A-ZÀ-Þ][\w'’-]+,? (?:[A-Z]{1,3}\b|[A-Z]\.).*\b(?:19"
    r"|20)\d\d\b.*$",
    re.MULTILINE,
)
_BIBLE = re.compile(
    r"\b(?:[123] )?(?:Genesis|Exodus|Leviticus|Numbers|Deuteronomy|Psalms?|Proverbs|Isaiah"
    r"|Jeremiah|Matthew|Mark|Luke|John|Acts|Romans|Corinthians|Galatians|Hebrews|James|Peter"
    r"|Revelation|Quran|Surah) \d+:\d+(?:[-–]\d+)?"
)
_CASE_WORDS = (
    " v.",
    " v ",
    " vs",
    "In re ",
    "Ex parte ",
    "Matter of ",
    " Act",
    "Code",
    "Treaty",
    "Convention",
    "Directive",
    "Regulation",
)
_SHORT_WORDS = frozenset(("ibid", "id", "supra", "infra", "cf", "op", "loc"))
_LABELS = frozenset(
    listed(
        "section sections sec secs subsection subsections schedule schedules article articles art"
        " arts annex appendix amendment amendments rule rules recital recitals regulation regulations"
        " clause clauses chapter chapters"
        " paragraph paragraphs para paras exhibit exhibits title titles directive directives item items"
    )
)
_A_YEAR = re.compile(r"(?:1[6-9]|20)\d\d[a-z]?[),;:]")
_LEGAL_WORDS = (
    *(
        "Pub.",
        "P.L.",
        "H.R.",
        "H.J.",
        "S.B.",
        "A.B.",
        "Exec",
        "Treas.",
        "Rev.",
        "BGBl",
        "Fed.",
        "Cal.",
        "N.Y.",
        "Tex.",
        "Fla.",
        "Ill.",
        "Mass.",
        "Model ",
    ),
    *("[19", "[20", "(19", "(20", "C-", "C–", "No. "),
)
_NUMBER = re.compile(r"[A-Z]\d\d|10\.\d{4}|PMC|NCT")
_IDENTIFIERS = frozenset(
    listed(
        "doi arxiv pmid pmcid isbn issn isrctn cas rfc cve cwe iso iec ieee din en astm ansi icd dsm"
        " loinc omim mim snomed cpt atc eudract bug pep jira"
    )
)
_BOOKS = frozenset(
    listed(
        "genesis exodus leviticus numbers deuteronomy psalm psalms proverbs isaiah jeremiah matthew"
        " mark luke john acts romans corinthians galatians hebrews james peter revelation quran surah"
    )
)


def find(look: Look) -> Iterator[Protected]:
    """Every citation."""
    text = look.text
    patterns: list[re.Pattern[str]] = []
    if not look.words.isdisjoint(_LABELS):
        patterns.append(_NUMBERED)
    if not look.words.isdisjoint(_SHORT_WORDS):
        patterns.append(_SHORT)
    if "§" in look.signs:
        patterns.append(_SIGN)
    if any(word in text for word in _CASE_WORDS):
        patterns.append(_CASE)
    if "et al" in text:
        patterns.append(_OTHERS)
    if ")(" in text:
        patterns.append(_CLAUSE)
    for pattern in patterns:
        yield from hits(pattern, text, "citation")
    if look.has_digits:
        yield from _with_figures(look)


def _with_figures(look: Look) -> Iterator[Protected]:
    """Citations that hold a figure; each pattern only where what it needs occurs."""
    text = look.text
    patterns: list[re.Pattern[str]] = []
    if not look.words.isdisjoint(_IDENTIFIERS) or _NUMBER.search(text):
        patterns.append(_IDENTIFIED)
    if "." in look.signs or "WL" in text or "AC" in text or "QB" in text:
        patterns.append(_CODES)
    if any(word in text for word in _LEGAL_WORDS):
        patterns.append(_LEGAL)
    if "[" in look.signs:
        patterns.append(_BRACKETED)
    if ("(" in look.signs or ";" in look.signs) and _A_YEAR.search(text):
        patterns.append(_DATED)
    if ":" in look.signs and not look.words.isdisjoint(_BOOKS):
        patterns.append(_BIBLE)
    if "\n" in look.signs and (";" in look.signs or "et al" in text or "pp." in text or "doi" in text):
        patterns.append(_REFERENCE)
    for pattern in patterns:
        yield from hits(pattern, text, "citation")
