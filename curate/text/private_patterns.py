"""What counts as private, as tables: one rule for each shape, with the public document that describes it.

=================  ==========================================================================================
kind               shape, and what tells it from ordinary text
=================  ==========================================================================================
email              addresses (RFC 5322), international ones (RFC 6531), ``name [at] domain [dot] com``
card               13 to 19 digits in a card's grouping, an issuer's first digits, Luhn (ISO/IEC 7812-1)
iban               the country's length and mod 97 = 1 (ISO 13616, the SWIFT IBAN registry)
ssn                ``AAA-GG-SSSS`` as the US Social Security Administration and the IRS (ITIN) assign them
national-id        the Chinese resident number: 17 digits and a check character (GB 11643-1999)
id-number          the number after "passport", "account number", "SSN", "CVV", "PIN" and the like
phone              ``+`` or ``00`` (ITU-T E.164), formatted national numbers, any number after "phone"
ip                 IPv4 and IPv6 (RFC 4291), unless the text calls it a version or a section
aws-key            access key ids (AWS IAM reference, "Understanding unique ID prefixes")
github-token       ``ghp_`` and siblings, ``github_pat_`` (GitHub docs, "GitHub's token formats")
gitlab-token       ``glpat-`` and siblings (GitLab docs, "Token prefixes")
slack-token        ``xoxb-`` and siblings, ``xapp-``, webhooks (Slack API docs, "Token types")
stripe-key         ``sk_live_``, ``rk_live_``, ``pk_live_``, ``whsec_`` (Stripe docs, "API keys")
openai-key         ``sk-``, ``sk-proj-`` (OpenAI API reference, "Authentication")
anthropic-key      ``sk-ant-`` (Anthropic API docs, "Authentication")
google-key         ``AIza`` keys, ``ya29.`` tokens, ``GOCSPX-`` secrets (Google Cloud docs, "API keys", OAuth)
huggingface-token  ``hf_`` (Hugging Face docs, "User access tokens")
npm-token          ``npm_`` (npm docs, "About access tokens")
pypi-token         ``pypi-`` (PyPI help, "API tokens")
service-token      prefixes that other services document: SendGrid, Twilio, DigitalOcean, Telegram, Discord, ...
jwt                ``eyJ`` is the base64 of an opening brace and a quote (RFC 7519)
private-key        PEM (RFC 7468), OpenSSH and OpenPGP (RFC 9580) blocks, whole
url-credentials    ``scheme://user:password@host`` (RFC 3986, section 3.2.1)
bearer-token       ``Bearer ...`` (RFC 6750), ``Authorization: Basic ...`` (RFC 7617)
password           the value of ``password:``, ``api_key=``, ``AccountKey=``, ``secret = "..."``, ``--token ...``
random-token       32 or more characters of mixed classes that do not read like words
=================  ==========================================================================================

Every pattern runs in linear time, which Python's ``re`` does not promise by itself: a repetition without bound is
possessive and either starts only where its class starts (lookbehind) or cannot fail once it has run; every
other repetition is bounded.
"""

from __future__ import annotations

import ipaddress
import math
import re
from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

Span = tuple[int, int]
Judge = Callable[["re.Match[str]"], "Span | None"]

_SPACE = " \u00a0\u2007\u2009\u202f"
_DASH = r"\-\u2010\u2011\u2012\u2013\u2014\u2212"
_SEP = rf"[{_SPACE}{_DASH}.]"
_LATIN = "A-Za-z\u00c0-\u024f"

# The registry's lengths, as "length: countries".
_IBAN_LENGTHS = """15: NO; 16: BE; 18: DK FK FI FO GL NL SD; 19: MK SI; 20: AT BA EE KZ LT LU MN XK; 21: CH HR LI LV;
22: BG BH CR DE GB GE IE ME RS VA; 23: AE GI IL IQ OM SO TL; 24: AD CZ ES MD PK RO SA SE SK TN VG; 25: LY PT ST;
26: IS TR; 27: BI DJ FR GR IT MC MR SM; 28: AL AZ BY CY DO GT HN HU LB NI PL SV; 29: BR EG PS QA UA; 30: JO KW MU YE;
31: MT SC; 32: LC; 33: RU"""
_IBAN = {
    country: int(length)
    for length, _, countries in (line.partition(":") for line in _IBAN_LENGTHS.split(";"))
    for country in countries.split()
}

_NUMBERED = re.compile(
    r"(?i)(?:\b(?:version|ver|v|release|build|firmware|section|sections|sec|chapter|clause|paragraph|article|figure"
    r"|fig|table|rule|appendix)|§)[.:]?\s{0,2}$"
)
_PHONE_WORD = re.compile(
    r"(?i)(?:(?<![a-z])(?:(?:tele)?phone|(?:tel|mob|ph|fax|mobile|cell|call|dial|sms|whatsapp|hotline|text me|contact)"
    r"(?![a-z]))|telefon|téléphone|móvil|电话|電話|手机|手機|联系方式)[^\d\n+(]{0,25}$"
)
_ACCOUNT_WORD = re.compile(
    r"(?i)(?:(?<![a-z])(?:(?P<code>cvv2?|cvc2?|pin)|ssn|itin|social security|passport|account (?:number|no|#)|acct|iban"
    r"|card number|routing|driver'?s licen[cs]e|licen[cs]e (?:number|no|#)|mrn|medical record|tax id|nino|aadhaar)"
    r"(?![a-z])|身份证|身分證|护照|银行卡)(?:号码?|號碼?)?[^\w\n]{0,4}"
    r"(?:(?:number|no|num|nr|code|is|was|id|of|card|是|为)(?![a-z])[^\w\n]{0,4}){0,4}(?P<letters>[A-Za-z]{0,3})$"
)
_IMAGE = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "js", "py"})
_EMPTY = re.compile(
    r"(?i)(?:none|null|nil|undefined|true|false|optional|required|str|string|bool|boolean|[*x.…_█-]+|\$\{\w+\}"
    r"|\{\{.*\}\}|\{\w*\}|%s)"
)
_WORDY = re.compile(r"[A-Z]?[a-z]{3,}|[A-Z]{4,}")
_AWS_ID = re.compile(r"A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{16}")
_CLOSERS = ".,;:!?)]}'\"`”’」"


def _digits(text: str) -> list[int]:
    return [int(char) for char in text if char.isdecimal()]


def whole(match: re.Match[str]) -> Span:
    """The group ``v`` where the pattern has one, otherwise the whole match."""
    return match.span("v" if "v" in match.re.groupindex else 0)


def email(match: re.Match[str]) -> Span | None:
    """Not an image at double size (``icon@2x.png``) or a package version (``left-pad@1.3.0``)."""
    *rest, last = re.split("[.．]", match["domain"])
    if last.lower() in _IMAGE or (last.isdecimal() and len(rest) != 3):  # noqa: PLR2004, an IPv4 address
        return None
    return match.span()


def _luhn(digits: list[int]) -> bool:
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]  # noqa: PLR2004, the rule of ISO/IEC 7812
    return sum(digits[-1::-2] + doubled) % 10 == 0


def card(match: re.Match[str]) -> Span | None:
    """The longest run of whole digit groups that begins like an issuer's number and passes Luhn."""
    text = match.group()
    for group in reversed(list(re.finditer(r"\d+", text))):
        digits = _digits(text[: group.end()])
        if 13 <= len(digits) <= 19 and len(set(digits)) > 1 and _luhn(digits):  # noqa: PLR2004, ISO/IEC 7812
            return match.start(), match.start() + group.end()
    return None


def iban(match: re.Match[str]) -> Span | None:
    """As many characters as the country's numbers have, if their remainder mod 97 is 1; what follows is text."""
    at = match.start() - 2
    places = [place for place in range(at, match.end()) if match.string[place].isalnum()]
    length = _IBAN.get(match.string[at : at + 2].upper())
    if length is None or len(places) < length:
        return None
    number = "".join(match.string[place] for place in places[:length]).upper()
    if int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 != 1:
        return None
    return at, places[length - 1] + 1


def ssn(match: re.Match[str]) -> Span | None:
    """Areas, groups and serials that are given out; areas from 900 are the tax office's (ITIN)."""
    if match["area"] in ("000", "666") or match["group"] == "00" or match["serial"] == "0000":
        return None
    return match.span()


def national_id(match: re.Match[str]) -> Span | None:
    """The check character of ISO 7064 MOD 11-2."""
    *digits, last = match.group()
    total = sum(int(digit) * (1 << (17 - at)) for at, digit in enumerate(digits))
    wanted = "10X98765432"[total % 11]
    return match.span() if last.upper() in wanted or (last.isdecimal() and str(int(last)) == wanted) else None


def phone(match: re.Match[str]) -> Span | None:
    """Eight to sixteen digits that are neither binary nor dates, years in brackets or round numbers."""
    text = match.group()
    digits = _digits(text)
    binary = set(digits) <= {0, 1}
    dated = re.match(r"\(?(?:19|20)\d\d[)./-]|\(?[0-3]\d[./-][0-3]\d[./-](?:19|20)\d\d", text)
    return None if binary or dated or digits[-5:] == [0] * 5 else (match.span() if len(digits) >= 8 else None)  # noqa: PLR2004


def leading_zero_phone(match: re.Match[str]) -> Span | None:
    """The same, of nine to twelve digits: eight with a leading zero are a date."""
    return phone(match) if 9 <= len(_digits(match.group())) <= 12 else None  # noqa: PLR2004, national numbers


def keyed_phone(match: re.Match[str]) -> Span | None:
    """Seven to fifteen digits (E.164) after a word such as "phone", unless they are a date, years or a division."""
    number = match.group()
    if not _PHONE_WORD.search(match.string, max(0, match.start() - 64), match.start()):
        return None
    if re.match(r"(?:19|20)\d\d\W{1,3}\d", number) or re.search(r"\d\d?[./-]\d\d?[./-](?:19|20)\d\d", number):
        return None
    if "/" in number and not re.match(r"[+(]?0|[+(]", number):
        return None
    ends = [group.end() for group in re.finditer(r"\d+", number) if len(_digits(number[: group.end()])) <= 15]  # noqa: PLR2004
    if not ends or len(_digits(number[: ends[-1]])) < 7:  # noqa: PLR2004, the shortest subscriber numbers
        return None
    return match.start(), match.start() + ends[-1]


def account(match: re.Match[str]) -> Span | None:
    """Codes such as PIN and CVV have three digits or more, other numbers five."""
    figures = len(_digits(match.group()))
    if figures < 3:  # noqa: PLR2004, a security code
        return None
    word = _ACCOUNT_WORD.search(match.string, max(0, match.start() - 64), match.start())
    return (word.start("letters"), match.end()) if word and (word["code"] or figures >= 5) else None  # noqa: PLR2004


def ip4(match: re.Match[str]) -> Span | None:
    """Four octets that the text does not call a version or a section."""
    if any(int(octet) > 255 for octet in match.group().split(".")):  # noqa: PLR2004, an octet
        return None
    before = match.string[max(0, match.start() - 16) : match.start()]
    return None if _NUMBERED.search(before) else match.span()


def ip6(match: re.Match[str]) -> Span | None:
    """What Python accepts as an address, from a colon to both sides; ``::2`` and ``1::2`` are slices rather."""
    string, start, end = match.string, match.start(), match.end()
    while start and match.start() - start < 4 and string[start - 1] in "0123456789abcdefABCDEF":  # noqa: PLR2004
        start -= 1
    text = string[start:end]
    text = text[:-1] if text.endswith(":") and not text.endswith("::") else text
    if re.match(r"[\w:]", string[max(0, start - 1) : start]) or re.match(r"\w", string[end : end + 1]):
        return None
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return None
    groups = [group for group in text.split(":") if group]
    if len(groups) < 3 and not (re.search(r"\d", text) and re.search("[A-Fa-f]", text)):  # noqa: PLR2004
        return None
    return start, start + len(text)


def _mixed(text: str) -> bool:
    return bool(re.search(r"\d|[!@#$%^&*_+=~|\\]|[a-z][A-Z]", text))


def mixed(match: re.Match[str]) -> Span | None:
    """A value with digits, signs or capitals inside; a word of prose has none."""
    return match.span("v") if _mixed(match["v"]) else None


def _value(match: re.Match[str]) -> tuple[Span, bool] | None:
    """The span of an assigned value without closing punctuation, and whether it is quoted."""
    for group in ("escaped", "double", "single"):
        if match[group] is not None:
            return None if _EMPTY.fullmatch(match[group]) else (match.span(group), True)
    start = match.start("bare")
    value = match["bare"]
    kept = value.rstrip(_CLOSERS) or value
    return None if _EMPTY.fullmatch(kept) else ((start, start + len(kept)), False)


def assigned(match: re.Match[str]) -> Span | None:
    """Any value that is not an empty one such as ``null``, ``***`` or ``${VAR}``."""
    value = _value(match)
    return value[0] if value else None


def assigned_mixed(match: re.Match[str]) -> Span | None:
    """A quoted value, or one that is no word of prose: for "my password is ..."."""
    value = _value(match)
    return value[0] if value and (value[1] or _mixed(match.string[slice(*value[0])])) else None


def assigned_weakly(match: re.Match[str]) -> Span | None:
    """After ``=`` anything but a small number; after a colon ("Secret: ...") what is no word of prose."""
    value = _value(match)
    if value is None or value[1]:
        return value[0] if value else None
    text = match.string[slice(*value[0])]
    if text.isdecimal() and len(text) < 6:  # noqa: PLR2004, a count of tokens, say
        return None
    return value[0] if "=" in match["sign"] or (_mixed(text) and len(text) > 3) else None  # noqa: PLR2004


def _random(text: str) -> bool:
    """Whether characters look drawn at random: Shannon entropy, and few stretches that read like words."""
    letters = [char for char in text if char.isalpha()]
    figures = sum(char.isdigit() for char in text)
    if len(text) < 32 or not letters or len(letters) + figures < 0.85 * len(text):  # noqa: PLR2004
        return False
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
    if re.fullmatch("[0-9a-f-]+|[0-9A-F-]+", text):
        return bits > 2.7 and figures > 0  # noqa: PLR2004
    if len({char.isupper() for char in letters}) > 1:
        wordy = sum(len(found) for found in _WORDY.findall(text))
        return bits > 3.5 and wordy < 0.55 * len(text)  # noqa: PLR2004
    switches = len(re.findall(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])", text))
    return bits > 3.2 and switches >= 0.15 * len(text)  # noqa: PLR2004


def random_token(match: re.Match[str]) -> Span | None:
    """The run, if it or a part between slashes looks random; near an AWS key id, any 40 characters."""
    text = match.group()
    if len(text) == 40:  # noqa: PLR2004, an AWS secret key
        start, end = match.span()
        if _AWS_ID.search(match.string, max(0, start - 300), end + 300):
            return match.span()
    return match.span() if any(_random(part) for part in {text, *text.split("/")}) else None


class Rule(NamedTuple):
    """One shape of private text.

    Attributes:
        kind: the word that outputs may show instead of the text.
        pattern: where to look; a group ``v`` narrows the span to the private part.
        judge: the span of a match, or None where the match is ordinary text after all.
        needs: of these literals the lower-cased text must hold one for the pattern to be tried; none: always.
    """

    kind: str
    pattern: re.Pattern[str]
    judge: Judge = whole
    needs: tuple[str, ...] = ()


_LOCAL = rf"[{_LATIN}0-9.!#$%&'*+=^_`{{|}}~-]"
_OTHER = rf"(?:(?![{_LATIN}])[\w.+-])"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|\.)\s?[\])}>]\s?| dot )"
_AT = r"(?:\s?[\[({<]\s?(?:at|@)\s?[\])}>]\s?| at (?=[\w-]{1,63} dot ))"
_VALUE = (
    r"(?:\\\"(?P<escaped>(?:[^\"\\\n]|\\(?!\")){1,256})\\\"|\"(?P<double>(?:[^\"\\\n]|\\.){1,256})\""
    r"|'(?P<single>(?:[^'\\\n]|\\.){1,256})'|[\"'`“‘「]?(?P<bare>[^\s\"'`<>“‘「](?:(?![&;,] ?\w{1,30}=)[^\s\"<>]){0,255}))"
)
_NAMED = r"[\"'`\])\\]{0,3}[ \t]{0,4}"
_SIGN = r"(?P<sign>:=|={1,3}>?|->|[:：]|＝|>)[ \t]{0,4}"
_STRONG = (
    r"(?:password|passwd|passphrase|passcode|pwd|passwort|kennwort"
    r"|contraseña|mot de passe|senha|пароль|密码|密碼|口令|パスワード)"
)
_WEAK = (
    r"(?:(?:api|access|auth|account|private|secret|encryption|signing|client|app|master|license|service|storage)"
    r"[_ .-]?(?:access)?[_ .-]?key(?:[_ .-]?id)?|secret|(?<!max_)(?<!max )token(?!s|i)|credentials?|密钥|密鑰|令牌)"
)
_WEAK_NEEDS = ("key:", "key=", "key =", "key\"", "key'", "key\\", "key_", "keyid", "secret", "token", "credential", "密钥", "密鑰", "令牌")
_STRONG_NEEDS = ("passw", "passphr", "passcode", "pwd", "kennwort", "contrase", "senha", "пароль", "密码", "密碼", "口令", "パスワード")

PLACES = (
    Rule(
        "email",
        re.compile(
            rf"(?:(?<!{_LOCAL}){_LOCAL}++|(?<![\w.+-]){_OTHER}++|\"[^\"\n]{{1,64}}\")[@＠]\[?"
            rf"(?P<domain>(?:[\w-]++[.．](?=\w))++(?:[{_LATIN}0-9-]{{2,63}}|\w{{2,63}}|\d))"
        ),
        email,
        ("@", "＠"),
    ),
    Rule(
        "email",
        re.compile(
            rf"(?i)(?<![\w.+-])[\w.+-]++(?: dot [\w-]{{1,64}}){{0,3}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,4}}"
        ),
        whole,
        (" dot ", "at]", "at)", "at}", "at ]", "at )"),
    ),
    Rule("url-credentials", re.compile(r"://(?P<v>[^\s/:@]*+:[^\s/]{1,512})@"), whole, ("://",)),
    Rule(
        "iban",
        re.compile(
            rf"\d\d(?<=[A-Za-z]{{2}}\d\d)(?<![A-Za-z0-9][A-Za-z]{{2}}\d\d)(?:[{_SPACE}{_DASH}]?[A-Za-z0-9]){{11,30}}+"
        ),
        iban,
    ),
    Rule("id-number", re.compile(r"\d(?<!\d\d)(?:[ -]?\d|[A-Za-z]){2,24}"), account),
    Rule("ip", re.compile(r":(?=:|[0-9A-Fa-f]{1,4}:)[0-9A-Fa-f:]{1,40}+"), ip6, (":",)),
    Rule(
        "private-key",
        re.compile(
            r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?[ -]{0,6}"
            r"(?:(?:[^-]++|-(?!-{3,4} ?(?:BEGIN|END)))*+-{4,5} ?END[^\n-]{0,60}-{0,5}"
            r"|(?:(?:\\[nr]|\s){0,4}[A-Za-z0-9+/=]{16,}+)*+)"
        ),
        whole,
        ("private key",),
    ),
    Rule(
        "bearer-token",
        re.compile(r"(?i)(?<![a-z])bearer[\s:]{1,3}[\"']?(?P<v>[A-Za-z0-9._~+/=-]{16,}+)"),
        mixed,
        ("bearer",),
    ),
    Rule(
        "bearer-token",
        re.compile(
            r"(?i)authorization[\"'\\]{0,2}\s{0,3}[:=]\s{0,3}[\"'\\]{0,2}"
            r"(?:(?:basic|bearer|token|digest|apikey)\s{1,3})?(?P<v>[^\s\"',;\\]{6,}+)"
        ),
        mixed,
        ("authorization",),
    ),
    Rule(
        "password",
        re.compile(
            rf"(?i){_STRONG}(?:[_-]?\w{{1,20}})?(?: \w{{1,20}}| ?\([^)\n]{{0,24}}\)){{0,3}}{_NAMED}{_SIGN}{_VALUE}"
        ),
        assigned,
        _STRONG_NEEDS,
    ),
    Rule(
        "password",
        re.compile(rf"[Pp](?<![A-Za-z][Pp])(?:[Aa][Ss][Ss]|[Ww])(?:_\w{{1,20}})?{_NAMED}{_SIGN}{_VALUE}"),
        assigned,
        ("pass", "pw"),
    ),
    Rule(
        "password",
        re.compile(
            rf"(?i){_STRONG}(?: \w{{1,20}}){{0,4}}?(?:(?:[ ,]{{1,2}}(?:is|was|to|as|es|ist))[: ]{{1,3}}"
            rf"|[是为為はを]{{1,2}}[:：]?|[:：]?\s{{0,2}}\n\s{{0,8}}){_VALUE}"
        ),
        assigned_mixed,
        _STRONG_NEEDS,
    ),
    Rule(
        "password",
        re.compile(rf"(?i){_WEAK}(?:[_-]\w{{1,20}})?{_NAMED}{_SIGN}{_VALUE}"),
        assigned_weakly,
        _WEAK_NEEDS,
    ),
    Rule(
        "password",
        re.compile(r"[?&](?:sig|signature|code|key|auth|session(?:id)?|X-Amz-[A-Za-z-]{1,20})=(?P<v>[^\s&\"'<>]{8,}+)"),
        mixed,
        ("sig=", "signature=", "code=", "key=", "auth=", "session", "x-amz"),
    ),
    Rule(
        "password",
        re.compile(
            r"(?i)(?<![\w-])(?:--[a-z-]{0,20}(?:password|passwd|token|secret|api-?key)[ =][\"']?|(?:-u|--user)[ =][\"']?"
            r"[\w.@-]{1,64}:)(?P<v>[^\s\"'<>]{1,256})"
        ),
        whole,
        ("--", "-u "),
    ),
)
"""Looked for in the whole text."""

_NUMBER_END = r"(?!\d)"

NUMBERS = (
    Rule(
        "phone",
        re.compile(rf"(?<![\d.,$€£])[+(]{{0,2}}\d[\d(){_SPACE}{_DASH}./]{{5,24}}(?<=\d)(?!\d)"),
        keyed_phone,
    ),
    Rule(
        "card",
        re.compile(
            rf"(?<!\d)(?=[3-6]|2[2-7]|8[12])(?:\d{{13,19}}|\d{{4}}{_SEP}{{1,3}}(?:\d{{4}}{_SEP}{{1,3}}){{2}}"
            rf"\d{{1,4}}(?:{_SEP}{{1,3}}\d{{1,3}})?|\d{{4}}{_SEP}{{1,3}}\d{{6}}{_SEP}{{1,3}}\d{{4,5}}"
            rf"|\d{{4}}{_SEP}{{1,3}}\d{{4}}{_SEP}{{1,3}}\d{{5}}|\d{{6}}{_SEP}{{1,3}}\d{{7,13}}|\d{{8}}{_SEP}{{1,3}}\d{{8}})"
            + _NUMBER_END
        ),
        card,
    ),
    Rule("national-id", re.compile(r"(?<!\d)[1-8]\d{5}(?:19|20)\d{9}[\dXxＸ](?![\dA-Za-z])"), national_id),
    Rule(
        "ssn",
        re.compile(
            rf"(?<!\d)(?<!\d[{_DASH}.])(?P<area>\d{{3}})(?:(?P<mark>[{_DASH}.])|(?<!\d \d{{3}})[{_SPACE}])"
            rf"(?P<group>\d\d)(?(mark)(?P=mark)|[{_SPACE}])(?P<serial>\d{{4}})(?!\d|[{_DASH}.]\d)(?(mark)|(?![{_SPACE}]\d))"
        ),
        ssn,
    ),
    Rule("ip", re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)"), ip4),
    Rule("phone", re.compile(rf"(?<![\w+])[+＋] ?\(?[1-9](?:[{_SPACE}{_DASH}.()/]{{0,3}}\d){{7,14}}+"), phone),
    Rule("phone", re.compile(rf"(?<![\d.,])00[1-9](?:[{_SPACE}{_DASH}.()/]{{0,2}}\d){{7,14}}+(?!\d)"), phone),
    Rule(
        "phone",
        re.compile(
            rf"(?<!\d)(?<!\d[{_DASH}.])(?:1{_SEP}{{1,2}})?\(?[2-9]\d\d(?:\){_SEP}{{0,2}}|[/{_SPACE}{_DASH}.]{{1,2}})"
            rf"\d{{3}}{_SEP}\d{{4}}(?!\d|[{_DASH}.]\d)"
        ),
        phone,
    ),
    Rule("phone", re.compile(rf"\(0?\d{{2,4}}\){_SEP}{{0,2}}\d{{3,5}}{_SEP}?\d{{3,5}}(?!\d)"), phone),
    Rule(
        "phone",
        re.compile(
            rf"(?<![\d.,/{_DASH}])(?<!\d )0\d{{1,4}}(?:[/{_SPACE}{_DASH}.]{{1,2}})\d{{2,8}}"
            rf"(?:(?P<mark>{_SEP})\d{{2,8}}(?:(?P=mark)\d{{2,8}}){{0,3}})?(?!\d|{_SEP}\d)"
        ),
        leading_zero_phone,
    ),
    Rule("phone", re.compile(r"(?<![\d.,])(?:1[3-9]\d(?:[- ]?\d{4}){2}|07\d{9})(?!\d)"), phone),
    Rule("phone", re.compile(r"(?<![\d.,-])[6-9]\d{4}[ -]\d{5}(?![\d-]| ?[\d=])"), phone),
)
"""Looked for in stretches of digits and their separators."""

TOKENS = (
    Rule("aws-key", re.compile(r"(?<![A-Za-z0-9])A(?:3T[A-Z0-9]|KIA|SIA|ROA|IDA|GPA|NPA|NVA|PKA|SCA|BIA|CCA)[A-Z0-9]{16,}+")),
    Rule("github-token", re.compile(r"(?:gh[opsur]_|github_pat_)[A-Za-z0-9_]{20,}+")),
    Rule("gitlab-token", re.compile(r"gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_-]{16,}+")),
    Rule("slack-token", re.compile(r"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}+|xapp-[A-Za-z0-9-]{10,}+")),
    Rule("slack-token", re.compile(r"(?<=hooks\.slack\.com/)[A-Za-z0-9/]{20,}+")),
    Rule("stripe-key", re.compile(r"(?:[srp]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,}+")),
    Rule("anthropic-key", re.compile(r"sk-ant-[A-Za-z0-9_-]{16,}+")),
    Rule("openai-key", re.compile(r"(?<![A-Za-z0-9])(?P<v>sk-[A-Za-z0-9_-]{16,}+)"), mixed),
    Rule("google-key", re.compile(r"AIza[A-Za-z0-9_-]{30,}+|ya29\.[A-Za-z0-9_-]{16,}+|GOCSPX-[A-Za-z0-9_-]{16,}+")),
    Rule("huggingface-token", re.compile(r"(?<![A-Za-z0-9])(?:hf_|api_org_)[A-Za-z0-9]{20,}+")),
    Rule("npm-token", re.compile(r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,}+")),
    Rule("pypi-token", re.compile(r"(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{40,}+")),
    Rule(
        "service-token",
        re.compile(
            r"SG\.[\w-]{16,64}\.[\w-]{16,}+|(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}|do[opr]_v1_[0-9a-f]{32,}+"
            r"|(?<!\d)\d{8,10}:[A-Za-z0-9_-]{35}|[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}+|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"
            r"|(?<![A-Za-z0-9])(?:key-[0-9a-f]{32}|dapi[0-9a-f]{32}|gsk_[A-Za-z0-9]{30,}+|r8_[A-Za-z0-9]{30,}+"
            r"|xai-[A-Za-z0-9]{30,}+|pplx-[A-Za-z0-9]{30,}+|hvs\.[\w-]{20,}+|lin_api_[A-Za-z0-9]{30,}+|ntn_[A-Za-z0-9]{30,}+"
            r"|dckr_(?:pat|oat)_[\w-]{20,}+|gl(?:sa|c)_[\w-]{20,}+|PMAK-[A-Za-z0-9-]{30,}+|figd_[\w-]{20,}+|sntrys_[\w-]{20,}+"
            r"|NRAK-[A-Z0-9]{20,}+|ATATT3[\w-]{20,}+|sq0(?:atp|csp)-[\w-]{20,}+|dp\.(?:pt|st|ct|sa)\.[\w-]{20,}+)"
            r"|AGE-SECRET-KEY-1[A-Z0-9]{40,}+"
        ),
    ),
    Rule("jwt", re.compile(r"(?<![A-Za-z0-9])eyJ[\w-]{13,}+(?:\.[\w-]++){0,4}")),
    Rule("random-token", re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,}+={0,2}"), random_token),
)
"""Looked for in runs of 16 or more characters that tokens are made of."""

KINDS = tuple(dict.fromkeys(rule.kind for rule in (*PLACES, *NUMBERS, *TOKENS)))
"""Every kind, each once."""
