"""Words of other languages: other scripts, sentences and phrases, and the Latin and French of law and medicine.

A sentence in Latin letters counts if it has several function words of one other language and more of them than of
English. The model of :mod:`curate.text.language` is only asked about sentences without any word of either kind.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

from curate.protect.look import Look, Protected, listed
from curate.text.language import SCRIPTS, WORDS, identify

if TYPE_CHECKING:
    from collections.abc import Iterator

_OTHER = "".join(SCRIPTS.values()).replace("\\u", "\\u")
_SCRIPT = re.compile(rf"[{_OTHER}](?:[^A-Za-z\n]*[{_OTHER}])*[。！？、，；：）】」』》]*")
_SENTENCE = re.compile(r"[^\s.!?\n][^.!?\n]*(?:\.(?=\w)[^.!?\n]*)*[.!?]*")
_WORD = re.compile(r"[^\W\d_]+")
_ENGLISH = frozenset(
    (
        WORDS["en"]
        + " this these those there their them his her him our us me she its been being had has were"
        " would could should may might also more most some such than then into about after before"
        " between"
        " through during each other only own same so too very just but because until while both few"
        " no nor up down out off over under again once here all any being did doing get got make made"
        " one two use used often usually many much people person cause causes caused call called"
        " known include includes including help helps due following see"
        " said says go going know like time new good first even well way want give most day"
    ).split()
)
_SHARED = frozenset(
    listed(
        "a an i in on no so as is was me do care come non pre man co ve plus met den hat door pa af"
        " die war of by for to he we son am at be it the and or us pro per via con del la le de en"
        " van von da di e o y que es"
    )
) - {"le", "del", "que", "es", "y", "en", "la", "di", "da", "o", "e", "con", "de"}
_ENOUGH = 8
"""Function words of English, or the inverse of their share, from which on a text is English unless others tell."""
_FEW = 2
_LEAST_WORDS = 3
_UNKNOWN_WORDS, _UNKNOWN_CHARS = 5, 40
_CERTAIN = 0.8
_PHRASES = re.compile(
    r"\b(?:ab initio|actus reus|ad hoc|ad hominem|ad infinitum|ad libitum|ad litem|ad nauseam"
    r"|amicus curiae|a priori|a posteriori|bona fide|caveat emptor|compos mentis|corpus delicti"
    r"|de facto|de jure|de minimis|de novo|ejusdem generis|erga omnes"
    r"|et cetera|et seq|ex ante|ex officio|ex parte|ex post facto|ex post|ex vivo|fait accompli"
    r"|force majeure|forum non conveniens|grand mal|petit mal|habeas corpus|in absentia|in camera"
    r"|in forma pauperis|in loco parentis|in personam|in re|in rem|in silico|in situ|in toto"
    r"|in utero|in vitro|in vivo|inter alia|inter vivos|ipso facto|jus cogens|laissez-faire"
    r"|lex loci|lis pendens|locus standi|mala fide|mens rea|modus operandi|mutatis mutandis"
    r"|ne bis in idem|nolo contendere|non sequitur|nunc pro tunc|obiter dictum"
    r"|pacta sunt servanda"
    r"|par excellence|pari passu|pater familias|per annum|per capita|per diem|per os|per se"
    r"|persona non grata|post mortem|post hoc|prima facie|primum non nocere|pro bono|pro forma"
    r"|pro hac vice|pro rata|pro se|quantum meruit|quid pro quo|raison d['’]être|ratio decidendi"
    r"|res gestae|res ipsa loquitur|res judicata|respondeat superior|sine qua non|stare decisis"
    r"|status quo|sua sponte|sub judice|subpoena duces tecum|sui generis|terra nullius"
    r"|ultra vires|intra vires|venire de novo|vice versa|vis-à-vis|voir dire"
    r"|volenti non fit injuria"
    r"|café au lait|cri du chat|déjà vu|peau d['’]orange|status epilepticus|status asthmaticus"
    r"|tic douloureux|placenta pr[ae]via|abruptio placentae|spina bifida|lupus erythematosus"
    r"|diabetes mellitus|diabetes insipidus|acne vulgaris|psoriasis vulgaris|lichen planus"
    r"|pityriasis rosea"
    r"|[A-Z]\. [a-z]{2,}(?:us|um|is|ae|ii|es|la|ri|ei|li|sa|na|ns|le|ni)|(?:Escherichia"
    r"|Staphylococcus|Streptococcus|Clostridium|Clostridioides|Pseudomonas|Mycobacterium"
    r"|Helicobacter|Plasmodium|Candida|Aspergillus|Salmonella|Homo|Mus|Rattus|Drosophila"
    r"|Arabidopsis|Saccharomyces|Bacillus|Borrelia|Neisseria|Haemophilus|Klebsiella|Listeria"
    r"|Toxoplasma|Trypanosoma|Treponema|Chlamydia) [a-z]{3,})\b",
)
_CUES = frozenset(re.findall(r"[^\W\d_]{3,}", _PHRASES.pattern.lower())) - _ENGLISH | frozenset(
    listed(
        "coli aureus pylori difficile pneumoniae jejuni elegans sapiens cerevisiae falciparum"
        " albicans burgdorferi influenzae thaliana monocytogenes tuberculosis vivax gondii"
    )
)
_ACCENTED = re.compile(r"[à-öø-ÿœßĀ-žƀ-ɏḀ-ỿ]")


@cache
def _languages() -> dict[str, tuple[str, ...]]:
    """The languages of each listed function word that is none of English."""
    found: dict[str, list[str]] = {}
    for language, words in WORDS.items():
        if language != "en":
            for word in words.split():
                if word not in _ENGLISH and len(word) > 1:
                    found.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in found.items() if word not in _SHARED}


def find(look: Look) -> Iterator[Protected]:
    """Every place in another language than English."""
    if not look.text.isascii():
        yield from (Protected(*hit.span(), "foreign") for hit in _SCRIPT.finditer(look.text))
    if not look.words.isdisjoint(_CUES):
        yield from (Protected(*hit.span(), "foreign") for hit in _PHRASES.finditer(look.text))
    known = look.words & _languages().keys()
    few = len(look.words & _ENGLISH) < min(_ENOUGH, len(look.words) / _ENOUGH)
    if len(known) < _FEW and not few:
        return
    for hit in _SENTENCE.finditer(look.text):
        if _is_foreign(hit[0]):
            yield Protected(*hit.span(), "foreign")


def _is_foreign(sentence: str) -> bool:
    words = _WORD.findall(sentence.lower())
    if len(words) < _LEAST_WORDS:
        return False
    english = sum(word in _ENGLISH for word in words)
    votes = Counter(language for word in words for language in _languages().get(word, ()))
    most = max(votes.values(), default=0)
    if most >= _FEW:
        return most > english or (most == english and _ACCENTED.search(sentence) is not None)
    if english or len(words) < _UNKNOWN_WORDS or len(sentence) < _UNKNOWN_CHARS:
        return most > english and _ACCENTED.search(sentence) is not None
    guess = identify(sentence.encode("utf-8", "replace").decode())
    return guess.language not in ("en", "und") and guess.certainty >= _CERTAIN
