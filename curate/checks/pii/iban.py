"""A bank account number (IBAN) stands in the text.

Why     It names an account and with it a person; a model can give it back word for word.
Mend    Put a placeholder in its place, `curate fix {files} --only pii -o {out}`, or set the
        rows aside: `curate drop {files} --select pii.iban -o {out}`.
Limits  Country, length and check digits must be right; examples that banks publish are spared. On rows we
        generated and tuned on, 300 with one and 300 with a look-alike: precision 300 of 300 (Wilson .987 to
        1), recall 300 of 300. Precision on real data: unmeasured (no finding in 73,133 rows of 26 public
        files). Account numbers in other forms are not looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference
from curate.text.identifiers import Said, made_up, mod97, seek
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_REGISTRY = """15: NO; 16: BE; 18: DK FI FK FO GL NL SD; 19: MK SI; 20: AT BA EE KZ LT LU MN XK; 21: CH HR LI LV;
22: BG BH CR DE GB GE IE ME RS VA; 23: AE GI IL IQ OM SO TL; 24: AD CZ ES MD PK RO SA SE SK TN VG; 25: LY PT ST;
26: IS TR; 27: BI DJ FR GR IT MC MR SM; 28: AL AZ BY CY DO GT HN HU LB NI PL SV; 29: BR EG PS QA UA; 30: JO KW MU YE;
31: MT SC; 32: LC; 33: RU"""
_LENGTHS = {
    country: int(line.partition(":")[0])
    for line in _REGISTRY.split(";")
    for country in line.partition(":")[2].split()
}
"""The countries of the IBAN registry (ISO 13616) and how long their numbers are."""

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9-])[A-Z]{2}\d\d(?:(?P<s>[ \u00a0-])?[A-Z0-9]{4}(?:(?(s)(?P=s))[A-Z0-9]{1,4}){1,7})(?![A-Za-z0-9])"
)
_WANTED = r"[0-9]{2}[^0-9A-Za-z]?[A-Z0-9]{4}[^0-9A-Za-z]?[A-Z0-9]{4}"
_GROUP = 4
_FEWEST_DIGITS = 10

_PRINTED = """AD1200012030200359100100 AE070331234567890123456 AT611904300234573201 BE68539007547034
BG80BNBG96611020345678 CH9300762011623852957 CY17002001280000001200527600 CZ6508000000192000145399
DE89370400440532013000 DE91100000000123456789 DK5000400440116243 EE382200221020145685
ES9121000418450200051332 ES7921000813610123456789 FI2112345600000785 FR1420041010050500013M02606
FR7630006000011234567890189 GB29NWBK60161331926819 GB33BUKB20201555555555 GB82WEST12345698765432
GR1601101250000000012300695 HR1210010051863000160 HU42117730161111101800000000 IE29AIBK93115212345678
IL620108000000099999999 IS140159260076545510730339 IT60X0542811101000000123456 LI21088100002324013AA
LT121000011101001000 LU280019400644750000 LV80BANK0000435195001 MC5811222000010123456789030
MT84MALT011000012345MTLCAST001S NL91ABNA0417164300 NO9386011117947 PL61109010140000071219812874
PT50000201231234567890154 RO49AAAA1B31007593840000 SA0380000000608010167519 SE4550000000058398257466
SI56263300012039086 SK3112000000198742637541 SM86U0322509800000000270100 TR330006100519786457841326
DE75512108001245126199 DE02120300000000202051 NL02ABNA0123456789 BE71096123456769 ES6621000418401234567891
CH5604835012345678009 DE27100777770209299700 GB94BARC10201530093459"""
_EXAMPLES = frozenset(_PRINTED.split())
"""Numbers that the registry and public documents print as examples."""

FLAGGED = (
    ask("Where to?").answer("To IBAN DE38 3705 0198 0048 1277 36, please.").at("DE38 3705 0198 0048 1277 36"),
    ask("Where to?").answer("Konto: DE38370501980048127736.").at("DE38370501980048127736"),
    ask("Where to?").answer("NL39RABO0300065264 is mine").at("NL39RABO0300065264"),
    chat(("user", "FR34 3000 4028 3719 6270 4418 843"), ("assistant", "Noted.")).at(
        "FR34 3000 4028 3719 6270 4418 843"
    ),
    preference("Where to?", "To my account.", "To CH58 0079 1123 0008 8901 2.").at(
        "CH58 0079 1123 0008 8901 2"
    ),
)
CLEAN = (
    ask("Give an example.").answer("DE89 3704 0044 0532 0130 00 or GB82 WEST 1234 5698 7654 32."),
    ask("Is it right?").answer("IBAN DE39 3705 0198 0048 1277 36 has a wrong check number."),
    ask("Which key?").answer(
        "The licence is AB12 CDEF 3456 GHIJ 7890 KLMN, the hash DE383705019800481277360F."
    ),
    ask("Mask it.").answer("DE44 XXXX XXXX XXXX XXXX 31; DE00 0000 0000 0000 0000 00"),
)


@dataclass(frozen=True)
class Iban(RowCheck):
    """Country, length and check digits; all three together are right by chance once in thousands of such shapes."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each number."""
        hits = seek(batch, pl.col("text").str.contains(_WANTED), _ibans)
        return found(
            hits, pl.format("an account number of {} stands in the text", "word"), evidence=pl.col("word")
        )


def _ibans(said: Said) -> Iterator[Mark]:
    for hit in _NUMBER.finditer(said.text):
        for end in _ends(said.text, hit):
            number = re.sub(r"[^A-Z0-9]", "", said.text[hit.start() : end])
            if _is_iban(number):
                yield Mark(hit.start(), end, number[:2])
                break


def _ends(text: str, hit: re.Match[str]) -> Iterator[int]:
    """Where the number may end: at the end of the match, or before groups that belong to the text behind it."""
    yield hit.end()
    if hit["s"]:
        length = _LENGTHS.get(hit[0][:2], 0)
        end = hit.start() + length + (length - 1) // _GROUP
        if hit.start() < end < hit.end() and not text[end].isalnum():
            yield end


def _is_iban(number: str) -> bool:
    if _LENGTHS.get(number[:2]) != len(number) or number in _EXAMPLES:
        return False
    digits = sum(char.isdecimal() for char in number[4:])
    return (
        digits >= _FEWEST_DIGITS
        and mod97(number)
        and not made_up(re.sub(r"\D", "", number[4:]))
        and len(set(number[4:])) > _GROUP
    )
