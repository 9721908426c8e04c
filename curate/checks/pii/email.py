"""An e-mail address stands in the text.

Why     A model repeats addresses that it was trained on, and mail reaches whoever has them.
Mend    Put a placeholder in its place, `curate fix {files} --only pii -o {out}`, let known ones pass with
        `allow`, or set the rows aside: `curate drop {files} --select pii.email -o {out}`.
Limits  Top-level domains of a list, so the rarest are missed; no addresses in scripts other than Latin.
        Placeholders, accounts of ssh and git, and package versions are spared. What belongs to an organisation is
        found, too. On rows we generated and tuned on, 300 with one and 300 with a look-alike: precision 300 of 300
        (Wilson .987 to 1), recall 300 of 300. Precision on real data: 60 of 61 read (Wilson .913 to .997), 22
        different ones, in T0 40 of 40, c4 8 of 8, MedQuAD 11 of 11, self-instruct seeds 1 of 1, stack_exchange 0 of
        1 (an example of a pattern). Names, addresses and dates of birth are not looked for. In clean corpora:
        MedQuAD 11 hits, 11 of 11 read right. All belong to agencies.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.identifiers import Said, seek
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_LATIN = "A-Za-z\u00c0-\u024f"
_LOCAL = rf"[{_LATIN}0-9_.+-]"
_LABEL = rf"[{_LATIN}0-9](?:[{_LATIN}0-9-]{{0,61}}[{_LATIN}0-9])?"
_NAME = re.compile(rf"(?<!@)(?<!{_LOCAL})(?:{_LOCAL}{{1,20}}'(?=[A-Za-z]))?{_LOCAL}{{1,64}}$")
_DOMAIN = re.compile(rf"(?:{_LABEL}\.){{1,6}}[{_LATIN}][{_LATIN}0-9-]{{1,23}}")
_SPELLED = re.compile(
    r"(?i)(?<![\w.+-])([\w.+-]{1,64}+) ?[\[({<] ?(?:at|@) ?[\])}>] ?([a-z0-9-]{1,63}"
    r"(?:(?: ?[\[({<] ?(?:dot|\.) ?[\])}>] ?|\.)[a-z0-9-]{1,63}){1,4})"
)
_LONGEST = 85
_DOT = re.compile(r"(?i) ?[\[({<] ?(?:dot|\.) ?[\])}>] ?")
_BRACKETED = r"[\[({<] ?(?:at|AT|At) ?[\])}>]"

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bw by bz ca
cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm fo
fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id ie il im in io iq ir is it
je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc md me mg mh mk ml mm mn
mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps
pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj
tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw"""
_GENERIC = """
com org net edu gov mil int info biz name pro aero coop museum arpa asia cat jobs mobi post tel travel xxx
academy accountant accountants actor agency ai airforce apartments app art associates attorney auction audio
auto band bank bar bargains bayern beer berlin best bet bible bid bike bio blog blue boutique build builders
business buzz cab cafe camera camp capital care careers casa cash casino catering center charity chat church
city claims cleaning click clinic clothing cloud club coach codes coffee college cologne community company
computer consulting contractors cool country coupons courses credit cricket cruises dance date dating day
deals degree delivery democrat dental dentist design dev diamonds diet digital direct directory doctor dog
domains earth education email energy engineer engineering enterprises equipment estate events exchange
expert express fail faith family fans farm fashion film finance financial fish fit fitness flights florist
football forsale foundation fun fund furniture futbol fyi gallery game games garden gifts gives glass global
gmbh gold golf graphics green gripe group guide guitars guru hamburg haus health healthcare help hiphop
hockey holdings holiday homes horse hospital host house immo industries ink institute insurance insure
international investments jetzt jewelry kaufen kim kitchen koeln land law lawyer lease legal life lighting
limited limo link live loan loans lol london love ltd luxury maison management market marketing mba media
memorial men menu money mortgage moscow movie navy network news ngo ninja nyc one ong online ooo paris
partners parts party pet photo photography photos physio pics pictures pink pizza place plumbing plus press
productions properties property pub quebec racing realtor recipes red rehab rent rentals repair report
republican rest restaurant review reviews rip rocks ruhr run sale salon sarl school schule science scot
security services sexy shoes shop shopping show singles site ski soccer social software solar solutions soy
space sport store stream studio study style supplies supply support surf surgery swiss systems tax taxi team
tech technology tennis theater tienda tips tirol today tokyo tools top tours town toys trade training tube
university uno vacations ventures vet viajes video villas vin vip vision vodka vote voyage wales watch
webcam website wedding wien wiki win wine work works world wtf xyz yoga zone"""
TOP_LEVEL = frozenset(f"{_COUNTRIES} {_GENERIC}".split())
"""Country codes and generic domains of the IANA root zone; the rarest generic ones are not listed."""

_INVENTED_DOMAIN = re.compile(
    r"(?:^|[.-])(?:examples?|sample|placeholder|dummy|fake|test|acme|foo|foobar|localhost|yourdomain|yourcompany"
    r"|(?:your|my|our|some|the|this|any)-?(?:domain|company|site|website|server|email|mail|business|org"
    r"|organization|firm|school))(?:[.-]|$)"
    r"|^(?:domain|email|e-mail|company|website|site|xyz|abc|xxx+|provider|server|host|mailserver|somewhere"
    r"|nowhere)\.[a-z.]+$"
    r"|\.(?:example|test|invalid|localhost)$"
)
_INVENTED_NAME = re.compile(
    r"(?:test(?:er|ing|user|account|mail|email)?|no[._-]?reply|do[._-]?not[._-]?reply|(?:user|username"
    r"|usuario|utilisateur|name|email"
    r"|e-mail|mail|address)|(?:your|my|some|the|first|last|full|user)[._-]?(?:e-?mail|name|address"
    r"|user)(?:[._-]?address)?"
    r"|first(?:name)?[._-]?last(?:name)?|f[._]?lastname|someone|somebody|anyone|foo|bar|foobar|baz|abc|xyz"
    r"|example|sample|dummy"
    r"|recipient|sender|(?:john|jane|j|jon)[._-]?doe|(?:max|erika|m)[._-]?mustermann|xxx+|mailer-daemon)\d{0,4}"
)
_SHARED = re.compile(
    r"(?:info|contact|kontakt|support|help(?:desk)?|sales|office|admin|administrator|webmaster|postmaster"
    r"|hostmaster|press|presse|pr|media"
    r"|hr|jobs|careers|recruit\w*|news(?:letter)?|letters|editor|enquir\w+|inquir\w+|hello|hi|billing"
    r"|accounts?|service|customer\w*|team"
    r"|mail|marketing|orders?|feedback|privacy|legal|security|abuse|alerts?|notifications?|events?"
    r"|registrations?|admissions?|questions)\d{0,2}"
)
_COMMAND = re.compile(
    r"\b(?:ssh|scp|sftp|rsync|mosh|git clone|ssh-copy-id|su|kinit)\b[^\n`|;]{0,60}$|://[^\s/]{0,80}$"
    r"|message-id:? ?<?$"
)

FLAGGED = (
    ask("Who books rooms?")
    .answer("Write to rosa.lindqvist@harborview-clinic.org.")
    .at("rosa.lindqvist@harborview-clinic.org"),
    ask("Wer hilft?")
    .answer("Schreiben Sie an k.brandt+akten@kanzlei-brandt.de!")
    .at("k.brandt+akten@kanzlei-brandt.de"),
    ask("邮箱是什么？").answer("我的邮箱是wang1987@qq.com，谢谢。").at("wang1987@qq.com"),
    ask("Mail?").answer("Mine is mcushing (at) hotmail (dot) com.").at("mcushing (at) hotmail (dot) com"),
    ask("Mail?").answer("See tom@lakesidelaw.co.uk.Then call.").at("tom@lakesidelaw.co.uk"),
    chat(("user", "Reset it for <ana_ruiz@telefonica.es>"), ("assistant", "Done.")).at(
        "ana_ruiz@telefonica.es"
    ),
    preference("Who?", "The clerk.", "Ask p.oneil@bartonlegal.com.").at("p.oneil@bartonlegal.com"),
    row({"text": "Contact: info@nousiqsociety.org"}).at("info@nousiqsociety.org"),
)
CLEAN = (
    ask("Give a sample address.").answer(
        "jane.roe@example.com, bob@mail.example.org, a@shop.example or me@localhost."
    ),
    ask("Who sent it?").answer(
        "noreply@paypal.com, test@gmail.com, your_name@gmail.com, john.doe@yahoo.com, sales@mycompany.com"
    ),
    ask("Clone it.").answer(
        "git clone git@github.com:pola-rs/polars.git, then ssh deploy@web1.lakeside.com and curl "
        "https://u:p@host.com/"
    ),
    ask("Multiply.").answer(
        "y = x@W.to(device); z = a@b.T; npm i left-pad@1.3.0 @types/node@18.0.1 icon@2x.png"
    ),
    ask("Twitter?").answer("Follow @jack or meet @ noon, at 3 a.m. [at] the corner. Costs 3@5.00."),
    ask("Which are valid?").answer("a@d.co, b@d.co"),
    chat(
        ("user", "What is my address?"),
        ("assistant", "It begins with a***@g****.com; user@domain.com is a placeholder."),
    ),
)


@dataclass(frozen=True)
class Email(RowCheck):
    """Addresses that mail could reach, in all that is said."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each address."""
        text = pl.col("text")
        signs = text.str.contains("@", literal=True) | text.str.contains(_BRACKETED)
        hits = seek(batch, signs, _addresses)
        return found(hits, pl.format("{} stands in the text", "word"), evidence=pl.col("word"))


def _addresses(said: Said) -> Iterator[Mark]:
    at = said.text.find("@")
    while at >= 0:
        name = _NAME.search(said.text, max(0, at - _LONGEST), at)
        domain = _DOMAIN.match(said.text, at + 1)
        place = _whole(name, domain) if name and domain else None
        if place and not _is_command(said, *place):
            yield Mark(*place, _word(said.text[place[0] : at]))
        at = said.text.find("@", at + 1)
    for hit in _SPELLED.finditer(said.text) if re.search(_BRACKETED, said.text) else ():
        spelled = _DOT.sub(".", hit[2]).lower()
        if spelled.rpartition(".")[2] in TOP_LEVEL and not _invented(hit[1], spelled):
            yield Mark(*hit.span(), _word(hit[1]))


def _whole(before: re.Match[str], after: re.Match[str]) -> tuple[int, int] | None:
    """The span without stops around it, and with as many labels as end in a top-level domain."""
    name = before[0].lstrip("_.-+")
    if not name or name.endswith(".") or ".." in name:
        return None
    labels = after[0].lower().split(".")
    while len(labels) > 1 and labels[-1] not in TOP_LEVEL and not labels[-1].startswith("xn--"):
        labels.pop()
    domain = ".".join(labels)
    if len(labels) == 1 or _invented(name, domain):
        return None
    return before.end() - len(name), after.start() + len(domain)


def _invented(name: str, domain: str) -> bool:
    """Whether it is a placeholder: RFC 2606 and 6761, the usual names of nobody, or one letter at one letter."""
    if _INVENTED_DOMAIN.search(domain) or _INVENTED_NAME.fullmatch(name.lower()):
        return True
    return len(name) == 1 and len(domain.split(".")[-2]) == 1


def _is_command(said: Said, start: int, end: int) -> bool:
    """Whether an account on a machine, a part of a URL, or code is meant rather than a mailbox."""
    follows = said.text[end : end + 2]
    if follows.startswith(("(", "[")) or follows in (":/", ":~"):
        return True
    if said.text.startswith("git@", start) and follows.startswith(":"):
        return True
    return bool(_COMMAND.search(said.ahead_of(start, 90)))


def _word(name: str) -> str:
    return "a shared mailbox" if _SHARED.fullmatch(name.lower()) else "an e-mail address"
