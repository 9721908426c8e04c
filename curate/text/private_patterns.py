"""What counts as private, as tables: one rule for each shape, with the public document that describes it.

=================  =======================================================================================
kind               shape, and what tells it from ordinary text
=================  =======================================================================================
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
google-key         ``AIza`` keys, ``ya29.`` tokens, ``GOCSPX-`` secrets (Google Cloud docs, "API keys")
huggingface-token  ``hf_`` (Hugging Face docs, "User access tokens")
npm-token          ``npm_`` (npm docs, "About access tokens")
pypi-token         ``pypi-`` (PyPI help, "API tokens")
service-token      prefixes that other services document: SendGrid, Twilio, DigitalOcean, Telegram, ...
jwt                ``eyJ`` is the base64 of an opening brace and a quote (RFC 7519)
private-key        PEM (RFC 7468), OpenSSH and OpenPGP (RFC 9580) blocks, whole
url-credentials    ``scheme://user:password@host`` (RFC 3986, section 3.2.1)
bearer-token       ``Bearer ...`` (RFC 6750), ``Authorization: Basic ...`` (RFC 7617)
password           the value of ``password:``, ``api_key=``, ``AccountKey=``, ``secret = "..."``, ``--token``
random-token       32 or more characters of mixed classes that do not read like words
=================  =======================================================================================

Every pattern runs in linear time, which Python's ``re`` does not promise by itself: a repetition without bound
is possessive and either starts only where its class starts (lookbehind) or cannot fail once it has run; every
other repetition is bounded. Texts come with digits and full-width forms folded to ASCII.
"""

# ruff: noqa: PLR2004 -- the numbers are those of the standards and formats named above

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
_IBAN_LENGTHS = """15: NO; 16: BE; 18: DK FK FI FO GL NL SD; 19: MK SI; 20: AT BA EE KZ LT LU MN XK;
21: CH HR LI LV; 22: BG BH CR DE GB GE IE ME RS VA; 23: AE GI IL IQ OM SO TL;
24: AD CZ ES MD PK RO SA SE SK TN VG; 25: LY PT ST; 26: IS TR; 27: BI DJ FR GR IT MC MR SM;
28: AL AZ BY CY DO GT HN HU LB NI PL SV; 29: BR EG PS QA UA; 30: JO KW MU YE; 31: MT SC; 32: LC; 33: RU"""
_IBAN = {
    country: int(row.split(":")[0])
    for row in _IBAN_LENGTHS.split(";")
    for country in row.split(":")[1].split()
}

_NUMBERED = re.compile(
    r"(?i)(?:\b(?:version|ver|v|release|build|firmware|section|sections|sec|chapter|clause|paragraph|article|figure"
    r"|fig|table|rule|appendix|ec)|§)[.:]?\s{0,2}$"
)
_PHONE_WORD = re.compile(
    r"(?i)(?:(?<![a-z])(?:(?:tele)?phone|(?:tel|mob|ph|fax|mobile|cell|call|dial|sms|whatsapp|hotline|text me"
    r"|contact)(?![a-z]))|telefon|téléphone|móvil|电话|電話|手机|手機|联系方式)[^\d\n+(]{0,25}$"
)
_ACCOUNT_WORD = re.compile(
    r"(?i)(?:(?<![a-z_])(?:(?P<code>cvv2?|cvc2?|pin)|ssn|itin|social security|passport|account (?:number|no|#)"
    r"|acct|iban|card number|routing|driver'?s licen[cs]e|licen[cs]e (?:number|no|#)|mrn|medical record|tax id"
    r"|nino|aadhaar)(?![a-z])|身份证|身分證|护照|银行卡)(?:号码?|號碼?)?[^\w\n]{0,4}"
    r"(?:(?:number|no|num|nr|code|is|was|id|of|card|是|为)(?![a-z])[^\w\n]{0,4}){0,4}(?P<letters>[A-Za-z]{0,3})$"
)
_DATE = re.compile(r"\D?(?:19|20)\d\d\D{1,3}\d|\D?[0-3]?\d[./-][0-3]?\d[./-](?:19|20)\d\d")
_IMAGE = frozenset({"png", "jpg", "jpeg", "gif", "svg", "webp", "js", "py"})
_EMPTY = re.compile(
    r"(?i)(?:none|null|nil|undefined|true|false|optional|required|str|string|bool|boolean|x{3,}|[*.…_█-]+|\$\{\w+\}"
    r"|\{\{.*|\{\w*\}|%s|<[^<>]+>|[a-z_]\w*(?:\.[a-z_]\w*)+\(.*)"
)
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_UUID = re.compile(r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}")
_AWS_ID = re.compile(r"A(?:KIA|SIA|ROA|IDA)[A-Z0-9]{16}")
_CLOSERS = "'`”’」。、"


def _digits(text: str) -> list[int]:
    return [int(char) for char in text if char.isdecimal()]


def whole(match: re.Match[str]) -> Span:
    """The group ``v`` where the pattern has one, otherwise the whole match."""
    return match.span("v" if "v" in match.re.groupindex else 0)


def email(match: re.Match[str]) -> Span | None:
    """Not an image at double size (``icon@2x.png``), a package version (``left-pad@1.3.0``) or a product."""
    labels = match["domain"].split(".")
    numbers = all(label.isdecimal() for label in labels[1:])
    if not re.search(r"\w", match.group()[: -len(match["domain"])]):
        return None
    if numbers:
        return match.span() if len(labels) == 4 else None
    return None if labels[-1].lower() in _IMAGE or max(map(len, labels[1:])) < 2 else match.span()


def _luhn(digits: list[int]) -> bool:
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return sum(digits[-1::-2] + doubled) % 10 == 0


def card(match: re.Match[str]) -> Span | None:
    """The longest run of whole digit groups that passes Luhn; a security code may follow the number."""
    text = match.group()
    for group in reversed(list(re.finditer(r"\d+", text))):
        digits = _digits(text[: group.end()])
        if 13 <= len(digits) <= 19 and len(set(digits)) > 1 and _luhn(digits):
            return match.start(), match.start() + group.end()
    return None


def iban(match: re.Match[str]) -> Span | None:
    """As many characters as the country's numbers have, if the remainder mod 97 is 1; the rest is text."""
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
    number = match.group()
    total = sum(int(digit) << (17 - at) for at, digit in enumerate(number[:17]))
    return match.span() if number[17].upper() == "10X98765432"[total % 11] else None


def phone(match: re.Match[str]) -> Span | None:
    """Eight digits or more that are neither binary nor a date, years or a round number."""
    digits = _digits(match.group())
    if len(digits) < 8 or set(digits) <= {0, 1} or digits[-5:] == [0] * 5:
        return None
    return None if _DATE.match(match.group()) else match.span()


def leading_zero_phone(match: re.Match[str]) -> Span | None:
    """The same, of nine to twelve digits: eight with a leading zero are a date."""
    return phone(match) if 9 <= len(_digits(match.group())) <= 12 else None


def keyed_phone(match: re.Match[str]) -> Span | None:
    """Seven to fifteen digits (E.164) after a word such as "phone", unless it is a date or a division."""
    number, before = match.group(), match.string[max(0, match.start() - 64) : match.start()]
    if re.search(r"\d", before[-2:]) or not _PHONE_WORD.search(before) or _DATE.match(number):
        return None
    if "/" in number and number[0] not in "0+(":
        return None
    ends = [group.end() for group in re.finditer(r"\d+", number) if len(_digits(number[: group.end()])) <= 15]
    if not ends or len(_digits(number[: ends[-1]])) < 7:
        return None
    return match.start(), match.start() + ends[-1]


def account(match: re.Match[str]) -> Span | None:
    """Codes such as PIN and CVV have three digits or more, other numbers five."""
    figures = len(_digits(match.group()))
    if figures < 3 or not re.search(r"[^\W\d]", match.string[max(0, match.start() - 6) : match.start()]):
        return None
    word = _ACCOUNT_WORD.search(match.string, max(0, match.start() - 64), match.start())
    return (word.start("letters"), match.end()) if word and (word["code"] or figures >= 5) else None


def ip4(match: re.Match[str]) -> Span | None:
    """Four octets that the text does not call a version or a section."""
    if any(int(octet) > 255 for octet in match.group().split(".")):
        return None
    before = match.string[max(0, match.start() - 16) : match.start()]
    return None if _NUMBERED.search(before) else match.span()


def ip6(match: re.Match[str]) -> Span | None:
    """What Python accepts as an address, from a colon to both sides; ``::2`` and ``1::2`` are slices."""
    string, start, end = match.string, match.start(), match.end()
    while start and match.start() - start < 4 and string[start - 1] in "0123456789abcdefABCDEF":
        start -= 1
    start += string.startswith(":", start) and not string.startswith("::", start)
    end -= string.endswith(":", start, end) and not string.endswith("::", start, end)
    text = string[start:end]
    if (
        ":::" in text
        or re.match(r"\w", string[max(0, start - 1) : start])
        or re.match(r"\w", string[end : end + 1])
    ):
        return None
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return None
    groups = [group for group in text.split(":") if group]
    if len(groups) < 3 and not (re.search(r"\d", text) and re.search("[A-Fa-f]", text)):
        return None
    return start, end


def _mixed(text: str) -> bool:
    return len(text) > 3 and bool(re.search(r"\d|[!@#$%^&*_+=~|\\]|[a-z][A-Z]", text))


def mixed(match: re.Match[str]) -> Span | None:
    """A value with digits, signs or capitals inside; a word of prose has none."""
    return match.span("v") if _mixed(match["v"]) else None


def _value(match: re.Match[str]) -> tuple[Span, bool] | None:
    """The span of an assigned value, and whether it is quoted; a bare one may end in any sign but a quote."""
    for group in ("escaped", "double", "single"):
        if match[group] is not None:
            return None if _EMPTY.fullmatch(match[group]) else (match.span(group), True)
    start, value = match.start("bare"), match["bare"].rstrip(_CLOSERS) or match["bare"]
    if value[0] >= "\u2e80" and len(value) > 8:  # Chinese and Japanese prose has no blanks
        return None
    empty = _EMPTY.fullmatch(value) or _EMPTY.fullmatch(value.rstrip(".,;:!?)]"))
    return None if empty else ((start, start + len(value)), False)


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
    if text.isdecimal() and len(text) < 6:
        return None
    return value[0] if "=" in match["sign"] or _mixed(text) else None


def _random(text: str) -> bool:
    """Whether characters look drawn at random: much Shannon entropy, and short stretches of one class.

    Random tokens change between small letters, capitals and digits every two characters or so, names and paths
    every four. Of 20,000 random base62 tokens of 32 characters one in a thousand was missed.
    """
    letters = [char for char in text if char.isalpha()]
    figures = sum(char.isdigit() for char in text)
    if len(text) < 32 or not letters or len(letters) + figures < 0.78 * len(text):
        return False
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())
    if re.fullmatch("[0-9a-f-]+|[0-9A-F-]+", text):
        return bits > 2.7 and figures > 0
    if len({char.isupper() for char in letters}) > 1:
        return bits > 3.5 and len(letters) + figures < 3.4 * len(_PIECE.findall(text))
    switches = len(re.findall(r"[A-Za-z](?=\d)|\d(?=[A-Za-z])", text))
    return bits > 3.2 and switches >= 0.15 * len(text)


def random_token(match: re.Match[str]) -> Span | None:
    """The run, if it or a part between slashes looks random; near an AWS key id, any 40 characters; no UUID."""
    text = match.group()
    if _UUID.fullmatch(text):
        return None
    if len(text) == 40 and _AWS_ID.search(match.string, max(0, match.start() - 300), match.end() + 300):
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
    judge: Judge
    needs: tuple[str, ...]


def _rule(kind: str, pattern: str, judge: Judge = whole, needs: tuple[str, ...] = ()) -> Rule:
    return Rule(kind, re.compile(pattern), judge, needs)


_LOCAL = rf"[{_LATIN}0-9.!#$%&'*+=^_`{{|}}~-]"
_OTHER = rf"(?:(?![{_LATIN}])[\w.+-])"
_OTHER_LABEL = rf"(?:(?![{_LATIN}])[\w-])"
_DOT = r"(?:\.|\s?[\[({<]\s?(?:dot|\.)\s?[\])}>]\s?| dot )"
_AT = r"(?:\s?[\[({<]\s?(?:at|@)\s?[\])}>]\s?| at (?=[\w-]{1,63}+(?: dot [\w-]{1,63}+){1,4}+(?! at )))"
_VALUE = (
    r"(?:\\\"(?P<escaped>(?:[^\"\\\n]|\\(?!\")){1,256})\\\"|\"(?P<double>(?:[^\"\\\n]|\\.){1,256})\""
    r"|'(?P<single>(?:[^'\\\n]|\\.){1,256})'"
    r"|[\"'`“‘「]?(?P<bare>[^\s\"'`<>“‘「。、》」](?:(?![&;,] ?\w{1,30}=)[^\s\"<>。、》」]){0,255}))"
)
_NAMED = r"[\"'`\])\\]{0,3}[ \t]{0,4}"
_SIGN = r"(?P<sign>:=|={1,3}>?|->|:|>)[ \t]{0,4}"
_STRONG = (
    r"(?:password|passwd|passphrase|passcode|pwd|passwort|kennwort"
    r"|contraseña|mot de passe|senha|пароль|密码|密碼|密钥|密鑰|口令|令牌|パスワード)"
)
_WEAK = (
    r"(?:(?:api|access|auth|account|private|secret|encryption|signing|client|app|master|license|service|storage)"
    r"[_ .-]?(?:access)?[_ .-]?key(?:[_ .-]?id)?|secret(?!ar|ion|ed|es|ly)|(?<!max_)(?<!max )token(?!s|i)"
    r"|credentials?)"
)
_PASSWORD = (
    "passw",
    "passphr",
    "passcode",
    "pwd",
    "kennwort",
    "contrase",
    "de passe",
    "senha",
    "парол",
    "密",
)
_STRONG_NEEDS = (*_PASSWORD, "口令", "令牌", "パスワード")
_WEAK_NEEDS = ("key:", "key=", "key =", 'key"', "key'", "key\\", "key_", "secret", "token", "credential")

PLACES = (
    _rule(
        "email",
        rf"(?:(?<!{_LOCAL}){_LOCAL}++|(?<!{_OTHER}){_OTHER}++|\"[^\"\n]{{1,64}}\")@\[?"
        rf"(?P<domain>(?:(?:[{_LATIN}0-9_-]++|{_OTHER_LABEL}++)\.(?=\w))++(?:[{_LATIN}0-9-]{{1,63}}|\w{{1,63}}))",
        email,
        ("@",),
    ),
    _rule(
        "email",
        rf"(?i)(?<![\w.+-])[\w.+-]++(?: dot [\w-]{{1,64}}){{0,3}}{_AT}[\w-]{{1,63}}"
        rf"(?:{_DOT}[\w-]{{1,63}}){{1,4}}",
        needs=(" dot ", "at]", "at)", "at}", "at ]", "at )"),
    ),
    _rule("url-credentials", r"://(?P<v>[^\s/:@]*+:[^\s/]{1,512})@", needs=("://",)),
    _rule(
        "iban",
        rf"\d\d(?<=[A-Za-z]{{2}}\d\d)(?<![A-Za-z0-9][A-Za-z]{{2}}\d\d)(?:[{_SPACE}{_DASH}]?[A-Za-z0-9]){{11,30}}+",
        iban,
    ),
    _rule("id-number", r"\d(?<!\d\d)(?:[ -]?\d|[A-Za-z]){2,24}", account),
    _rule("ip", r":(?=:|[0-9A-Fa-f]{1,4}:)[0-9A-Fa-f:]{1,40}+", ip6, (":",)),
    _rule(
        "private-key",
        r"-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?[ -]{0,6}"
        r"(?:(?:[^-]++|-(?!-{3,4} ?(?:BEGIN|END)))*+-{4,5} ?END[^\n-]{0,60}-{0,5}"
        r"|(?:(?:\\[nr]|\s){0,4}[A-Za-z0-9+/=]{16,}+)*+)",
        needs=("private key",),
    ),
    _rule("bearer-token", r"(?i)(?<![a-z])bearer[\s:]{1,3}[\"']?(?P<v>[\w.~+/=-]{16,}+)", mixed, ("bearer",)),
    _rule(
        "bearer-token",
        r"(?i)authorization[\"'\\]{0,2}\s{0,3}[:=]\s{0,3}[\"'\\]{0,2}"
        r"(?:(?:basic|bearer|token|digest|apikey)\s{1,3})?(?P<v>[^\s\"',;\\]{6,}+)",
        mixed,
        ("authorization",),
    ),
    _rule(
        "password",
        rf"(?i){_STRONG}(?:[A-Za-z0-9_-]{{1,20}})?(?: \w{{1,20}}| ?\([^)\n]{{0,24}}\)){{0,3}}"
        rf"{_NAMED}{_SIGN}{_VALUE}",
        assigned,
        _STRONG_NEEDS,
    ),
    _rule(
        "password",
        rf"[Pp](?<![A-Za-z][Pp])(?:[Aa][Ss][Ss]|[Ww])(?:_\w{{1,20}})?{_NAMED}{_SIGN}{_VALUE}",
        assigned,
        ("pass", "pw"),
    ),
    _rule(
        "password",
        rf"(?i){_STRONG}(?: \w{{1,20}}){{0,4}}?(?:(?:[ ,]{{1,2}}(?:is|was|to|as|es|ist))[: ]{{1,3}}"
        rf"|[是为為はを]{{1,2}}:?|:\s{{0,2}}\n\s{{0,8}}){_VALUE}",
        assigned_mixed,
        _STRONG_NEEDS,
    ),
    _rule(
        "password",
        rf"(?i){_WEAK}(?:[_-]\w{{1,20}})?{_NAMED}{_SIGN}{_VALUE}",
        assigned_weakly,
        _WEAK_NEEDS,
    ),
    _rule(
        "password",
        r"[?&](?:sig|signature|code|key|auth|session(?:id)?|X-Amz-[A-Za-z-]{1,20})=(?P<v>[^\s&\"'<>]{8,}+)",
        mixed,
        ("sig=", "signature=", "code=", "key=", "auth=", "session", "x-amz"),
    ),
    _rule(
        "password",
        r"(?i)(?<![\w-])(?:--[a-z-]{0,20}(?:password|passwd|token|secret|api-?key)[ =][\"']?"
        r"|(?:-u|--user)[ =][\"']?[\w.@-]{1,64}:)(?P<v>[^\s\"'<>]{1,256})",
        needs=("--", "-u "),
    ),
)
"""Looked for in the whole text."""

NUMBERS = (
    _rule("phone", rf"(?<![\d.,$€£])[+(]{{0,2}}\d[\d(){_SPACE}{_DASH}./]{{5,24}}(?<=\d)(?!\d)", keyed_phone),
    _rule(
        "card",
        r"(?<!\d)(?<!\d[.,])(?=[3-6]|2[2-7]|8[12])(?:\d{13,19}|(?:\d{4}S){3}\d{1,4}(?:S\d{1,3})?|\d{4}S\d{6}S\d{4,5}"
        r"|\d{4}S\d{4}S\d{5}|\d{6}S\d{7,13}|\d{8}S\d{8})(?!\d)".replace("S", _SEP + "{1,3}"),
        card,
    ),
    _rule("national-id", r"(?<!\d)[1-8]\d{5}(?:19|20)\d{9}[\dXx](?![\dA-Za-z])", national_id),
    _rule(
        "ssn",
        rf"(?<!\d)(?<!\d[{_DASH}.])(?P<area>\d{{3}})(?:(?P<mark>[{_DASH}.])|(?<!\d \d{{3}})[{_SPACE}])"
        rf"(?P<group>\d\d)(?(mark)(?P=mark)|[{_SPACE}])(?P<serial>\d{{4}})(?!\d|[{_DASH}.]\d)"
        rf"(?(mark)|(?![{_SPACE}]\d))",
        ssn,
    ),
    _rule("ip", r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\d|\.\d)", ip4),
    _rule("phone", rf"(?<!\w)(?:\+|(?<!\w )\+ )\(?[1-9](?:[{_SPACE}{_DASH}.()/]{{0,2}}\d){{7,14}}+", phone),
    _rule("phone", rf"(?<![\d.,])00[1-9](?:[{_SPACE}{_DASH}.()/]{{0,2}}\d){{8,14}}+(?!\d)", phone),
    _rule(
        "phone",
        rf"(?<!\d)(?<!\d[{_DASH}.])(?:1{_SEP}{{1,2}})?\(?[2-9]\d\d(?:\){_SEP}{{0,2}}|[/{_SPACE}{_DASH}.]{{1,2}})"
        rf"\d{{3}}{_SEP}\d{{4}}(?!\d|[{_DASH}.]\d)",
        phone,
    ),
    _rule("phone", rf"\(0?\d{{2,4}}\){_SEP}{{0,2}}\d{{3,5}}{_SEP}?\d{{3,5}}(?!\d)", phone),
    _rule(
        "phone",
        rf"(?<![A-Za-z\d.,/{_DASH}])(?<!\d )0\d{{1,4}}(?:[/{_SPACE}{_DASH}.]{{1,2}})\d{{2,8}}"
        rf"(?:(?P<mark>{_SEP})\d{{2,8}}(?:(?P=mark)\d{{2,8}}){{0,3}})?(?![A-Za-z\d]|{_SEP}\d)",
        leading_zero_phone,
    ),
    _rule("phone", r"(?<![A-Za-z\d.,])(?:1[3-9]\d(?:[- ]?\d{4}){2}|07\d{9})(?![A-Za-z\d]|-[\da-f])", phone),
    _rule("phone", r"(?<![A-Za-z\d.,-])[6-9]\d{4}[ -]\d{5}(?![A-Za-z\d-]| ?[\d=])", phone),
)
"""Looked for in stretches of digits and their separators."""

TOKENS = (
    _rule("aws-key", r"(?<![A-Za-z0-9])A(?:3T\w|KIA|SIA|ROA|IDA|GPA|NPA|NVA|PKA|SCA|BIA|CCA)[A-Z0-9]{16,}+"),
    _rule("github-token", r"(?:gh[opsur]_|github_pat_)[A-Za-z0-9_]{20,}+"),
    _rule("gitlab-token", r"gl(?:pat|oas|dt|rt|cbt|ptt|ft|imt|agent|soat|ffct)-[A-Za-z0-9_-]{16,}+"),
    _rule("slack-token", r"xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}+|xapp-[A-Za-z0-9-]{10,}+"),
    _rule("slack-token", r"(?<=hooks\.slack\.com/)[A-Za-z0-9/]{20,}+"),
    _rule("stripe-key", r"(?:[srp]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,}+"),
    _rule("anthropic-key", r"sk-ant-[A-Za-z0-9_-]{16,}+"),
    _rule("openai-key", r"(?<![A-Za-z0-9])(?P<v>sk-[A-Za-z0-9_-]{16,}+)", mixed),
    _rule("google-key", r"AIza[A-Za-z0-9_-]{30,}+|(?:ya29\.|GOCSPX-)[A-Za-z0-9_-]{16,}+"),
    _rule("huggingface-token", r"(?<![A-Za-z0-9])(?:hf_|api_org_)[A-Za-z0-9]{20,}+"),
    _rule("npm-token", r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,}+"),
    _rule("pypi-token", r"(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{40,}+"),
    _rule(
        "service-token",
        r"SG\.[\w-]{16,64}\.[\w-]{16,}+|(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}|do[opr]_v1_[0-9a-f]{32,}+"
        r"|(?<!\d)\d{8,10}:[A-Za-z0-9_-]{35}|[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}+"
        r"|shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|AGE-SECRET-KEY-1[A-Z0-9]{40,}+|(?<![A-Za-z0-9])"
        r"(?:key-[0-9a-f]{32}|dapi[0-9a-f]{32}|(?:gsk_|r8_|xai-|pplx-|lin_api_|ntn_)[A-Za-z0-9]{30,}+"
        r"|(?:hvs\.|dckr_[po]at_|gl(?:sa|c)_|PMAK-|figd_|sntrys_|NRAK-|ATATT3|sq0(?:atp|csp)-|dp\.(?:pt|st|ct|sa)\.)"
        r"[\w-]{20,}+)",
    ),
    _rule("jwt", r"(?<![A-Za-z0-9])eyJ[\w-]{13,}+(?:\.[\w-]++){0,4}"),
    _rule("random-token", r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{32,}+={0,2}", random_token),
)
"""Looked for in runs of 16 or more characters that tokens are made of."""

KINDS = tuple(dict.fromkeys(rule.kind for rule in (*TOKENS[:-1], *NUMBERS, *PLACES, TOKENS[-1])))
"""Every kind, the most specific first."""
