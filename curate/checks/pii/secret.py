"""A key or token that opens an account stands in the text.

Why     Whoever gets the data or the model gets in: models give back keys word for word. It has to be revoked, too.
Mend    Revoke it at the service. Then put a placeholder in its place, `curate fix {files} --only pii -o {out}`,
        or set the rows aside: `curate drop {files} --select pii.secret -o {out}`.
Limits  Formats of 14 services, private keys, logins in addresses ("scheme://user:password@host") and bearer
        tokens, each with something to prove it: a check sum (GitHub, npm), a structure (PEM), a fixed part, and
        characters that look drawn. Passwords by themselves, JWTs, keys without a format and keys that browsers may
        see (Google's "AIza") are not looked for. On rows we generated and tuned on, 300 with one and 300 with a
        look-alike: precision 300 of 300 (Wilson .987 to 1), recall 300 of 300. Precision on real data: no finding
        at all, so no false one, in 73,133 rows of 26 public files.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference, row
from curate.text.identifiers import Said, seek
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_WANTED = (
    r"A[KS]IA[A-Z2-7]{8}|gh[oprsu]_[0-9A-Za-z]{8}|npm_[0-9A-Za-z]{8}|github_pat_|gl(?:pat|dt|rt|cbt|ptt|ft"
    r"|oas)-|xox[bp]-[0-9]"
    r"|[sr]k_live_|T3BlbkFJ|sk-(?:proj|svcacct|admin|ant)-|sk-[0-9A-Za-z]{48}"
    r"|://[0-9A-Za-z._%+-]+:[!-.0-9;-?A-~]{8,64}@|[Bb]earer [0-9A-Za-z~+/._-]{32}"
    r"|hf_[A-Za-z]{8}|pypi-AgE|SG\.[A-Za-z0-9_-]{8}|GOCSPX-|do[opr]_v1_"
    r"|shp(?:at|ca|pa|ss)_|PRIVATE KEY"
)
_TYPED = re.compile(
    r"(?i)example|sample|dummy|fake|placeholder|your|test|secret|token|redacted|abcd|1234|4321|dcba|qwer"
    r"|(.)\1\1\1|(?:(..)\2\2\2)|(.{4,})\3"
)
_PARTS = 0.45
_FIGURES, _KINDS_OF_SIGNS = 3, 3
_ENDS = r"(?![A-Za-z0-9_-])"
_STARTS = r"(?<![A-Za-z0-9_-])"


class _Format(NamedTuple):
    """A service's format: its name, its shape with the drawn part as group ``v``, and what must hold of that part."""

    name: str
    shape: re.Pattern[str]
    holds: Callable[[str], bool]


def checksum(drawn: str) -> str:
    """The last six characters of GitHub's and npm's tokens: CRC-32 of the characters before them, in base 62."""
    rest, digits = zlib.crc32(drawn.encode()), ""
    while rest:
        rest, digit = divmod(rest, 62)
        digits = _BASE62[digit] + digits
    return digits.rjust(6, "0")


def _is_drawn(part: str) -> bool:
    """Whether a part looks drawn by a machine: no word, no sequence, no repetition, and many different characters."""
    alphabet = 16 if re.fullmatch("[0-9a-f]+", part) else 64
    return not _TYPED.search(part) and len(set(part)) >= _PARTS * min(len(part), alphabet)


def _is_mixed(part: str) -> bool:
    """The same, with letters of both cases, as 20 characters drawn from base 62 have but once in 30,000 times."""
    return _is_drawn(part) and part != part.lower() and part != part.upper()


def _has_figures(part: str) -> bool:
    """The same, with some digits, as 40 characters drawn from base 62 lack but once in a thousand times."""
    return _is_mixed(part) and len(re.findall("[0-9]", part)) >= _FIGURES


def _opens(part: str) -> bool:
    """Whether a password looks drawn: no word, but letters of both cases, or signs, and digits."""
    kinds = sum(bool(re.search(kind, part)) for kind in ("[a-z]", "[A-Z]", "[0-9]", r"[^\w]"))
    return _is_drawn(part) and kinds >= _KINDS_OF_SIGNS and not _WORD_IN_LOGIN.search(part)


def _is_checked(part: str) -> bool:
    return part[-6:] == checksum(part[:-6]) and len(set(part)) > len(part) // 4


def _format(name: str, shape: str, holds: Callable[[str], bool] = _is_mixed) -> _Format:
    return _Format(name, re.compile(_STARTS + shape + _ENDS, re.ASCII), holds)


FORMATS = (
    _format("GitHub token", r"gh[oprsu]_(?P<v>[0-9A-Za-z]{36})", _is_checked),
    _format("GitHub token", r"github_pat_(?P<v>[0-9A-Za-z]{22}_[0-9A-Za-z]{59})"),
    _format("npm token", r"npm_(?P<v>[0-9A-Za-z]{36})", _is_checked),
    _format("AWS access key", r"A[KS]IA(?P<v>[A-Z2-7]{16})", _is_drawn),
    _format("GitLab token", r"gl(?:pat|dt|rt|cbt|ptt|ft|oas)-(?P<v>[\w-]{20,64})"),
    _format(
        "Slack token",
        r"xox[bp]-\d{10,13}-\d{10,13}(?:-\d{10,13})?-(?P<v>[0-9A-Za-z]{24}|[0-9a-f]{32})",
        _is_drawn,
    ),
    _format("Stripe live key", r"[sr]k_live_(?P<v>[0-9A-Za-z]{24,99})"),
    _format("OpenAI key", r"sk-(?:proj-|svcacct-|admin-)?(?P<v>[\w-]{20,74}T3BlbkFJ[\w-]{20,74})"),
    _format("OpenAI key", r"sk-(?:proj|svcacct|admin)-(?P<v>(?![\w-]*T3BlbkFJ)[\w-]{40,180})", _has_figures),
    _format("OpenAI key", r"sk-(?P<v>(?![\w-]*T3BlbkFJ)[0-9A-Za-z]{48})", _has_figures),
    _format("Anthropic key", r"sk-ant-(?:api|admin|oat)\d\d-(?P<v>[\w-]{40,120})", _has_figures),
    _format("Hugging Face token", r"hf_(?P<v>[A-Za-z]{34})"),
    _format("PyPI token", r"pypi-AgE(?:IcHlwaS5vcmc|NdGVzdC5weXBpLm9yZw)(?P<v>[\w-]{50,999})"),
    _format("SendGrid key", r"SG\.(?P<v>[\w-]{22}\.[\w-]{43})"),
    _format("Google client secret", r"GOCSPX-(?P<v>[\w-]{28})"),
    _format("DigitalOcean token", r"do[opr]_v1_(?P<v>[0-9a-f]{64})", _is_drawn),
    _format("Shopify token", r"shp(?:at|ca|pa|ss)_(?P<v>[0-9a-fA-F]{32})", _is_drawn),
)
"""Formats that services publish, of secrets only: browser keys of Google and publishable ones of Stripe may be seen."""

_LOGIN = re.compile(
    r"\b(?P<scheme>[a-z][a-z0-9+.-]{1,20}+)://[^\s:@/\"'<>]{1,64}:(?P<v>[^\s:@/\"'<>{}$]{8,64})@(?P<host>[\w.-]{3,200})"
)
"""A user and a password before a host (RFC 3986, section 3.2.1)."""

_WORD_IN_LOGIN = re.compile(
    r"(?i)pass|pwd|word|admin|root|user|welcome|change|postgres|mysql|mongo|guest|hunter|letmein|s3cr"
)
_SAMPLE_HOST = re.compile(r"(?i)example|localhost|\binvalid$|\btest$|^(?:host|hostname|server|your)")
_BEARER = re.compile(r"\b[Bb]earer (?P<v>(?!eyJ)[\w~+/.-]{32,400}=*)(?![\w~+/.=-])", re.ASCII)
"""A token of RFC 6750 that is no JWT, as manuals print them."""

_BLOCK = re.compile(
    r"-----BEGIN (?P<kind>(?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY)-----"
    r"(?P<body>[A-Za-z0-9+/=\s\\]{60,20000}?)-----END (?P=kind)-----"
)
_OPENSSH = b"openssh-key-v1\0"
_SEQUENCE = 0x30
_LONG_FORM = 0x80
_SPREAD = 24

_GITHUB_BODY, _OTHER_BODY = "k9Qm2TzLw7RbXv4HcNe8YpGs" + "5uJdAf", "Zr6WnB3yKt0MhVx8CqLs" + "1oEgPj5uDi"
_GITHUB = f"ghp_{_GITHUB_BODY}{checksum(_GITHUB_BODY)}"
_NPM = f"npm_{_OTHER_BODY}{checksum(_OTHER_BODY)}"
_AWS, _STRIPE = "AKIA" + "Q3EGX7LMZ5RWTKUB", "sk_" + "live_" + "9sKw2TzLq7RbXv4HcNe8YpGm"
_OPENAI = "sk-" + "q8LzW2kNv5RtYb7HcXe3" + "T3BlbkFJ" + "m6GpKs9UdJf4ZaQw1VoE"
_DRAWN = "q8LzW2kNv5RtYb7HcXe3m6GpKs9UdJf4ZaQw1VoEx0" + "Tn"
_PROJECT, _LOGIN_PASSWORD = "sk-" + f"proj-{_DRAWN}", "wZgX93" + "jXIq"
_ADDRESS = f"postgres://admin:{_LOGIN_PASSWORD}@db.kanzlei-brandt.de"
_DER = bytes((_SEQUENCE, 0x81, 0x96)) + bytes(zlib.crc32(bytes([n])) & 0xFF for n in range(150))
_PEM_LINES = [base64.b64encode(_DER).decode()[at : at + 64] for at in range(0, 204, 64)]
_PEM = "\n".join(("-----BEGIN PRIVATE " + "KEY-----", *_PEM_LINES, "-----END PRIVATE " + "KEY-----"))

FLAGGED = (
    ask("Push it.").answer(f"Use {_GITHUB} as the password.").at(_GITHUB),
    ask("Publish it.").answer(f"//registry.npmjs.org/:_authToken={_NPM}").at(_NPM),
    ask("Which key?").answer(f"aws_access_key_id = {_AWS}").at(_AWS),
    ask("Which key?").answer(f'stripe.api_key = "{_STRIPE}"').at(_STRIPE),
    ask("Which key?").answer(f"OPENAI_API_KEY={_OPENAI}\n").at(_OPENAI),
    ask("Which key?").answer(f"OPENAI_API_KEY={_PROJECT}\n").at(_PROJECT),
    ask("Which key?").answer(f"It is sk-ant-api03-{_DRAWN}.").at(f"sk-ant-api03-{_DRAWN}"),
    ask("How do I connect?").answer(f"psql {_ADDRESS}/akten").at(_ADDRESS),
    ask("How do I call it?").answer(f"curl -H 'Authorization: Bearer {_DRAWN}' x").at(_DRAWN),
    chat(("user", f"Why is this refused?\n{_PEM}"), ("assistant", "Revoke it.")).at(_PEM),
    preference("Key?", "I may not say.", f"It is {_GITHUB}.").at(_GITHUB),
    row({"text": _PEM}).at(_PEM),
)
CLEAN = (
    ask("AWS?").answer(
        "AKIAIOSFODNN7EXAMPLE, AKIA1234567890ABCDEF, AKIAXXXXXXXXXXXXXXXX and ASIAABCDEFGHIJKLMNOP are placeholders."
    ),
    ask("GitHub?").answer(
        f"Set GITHUB_TOKEN to ghp_{'x' * 36} or ghp_16C7e42F292c6912E7710c838347Ae178B4a or ghp_{_GITHUB_BODY}000000."
    ),
    ask("Stripe?").answer(
        "Use sk_test_4eC39HqLyjWDarjtT1zdp7dc; pk_live_ keys may be seen; sk_live_xxxxxxxxxxxxxxxxxxxxxxxx "
        "is not one."
    ),
    ask("OpenAI?").answer(
        'openai.api_key = "sk-YourApiKeyHere", sk-1234567890abcdef1234567890abcdef, os.environ["OPENAI_API_KEY"]'
    ),
    ask("Connect?").answer(
        "postgres://user:password@localhost/x, mysql://root:Passw0rd!@db, redis://:${REDIS_PASSWORD}@cache:6379, "
        f"https://bo:{_LOGIN_PASSWORD}@www.example.com"
    ),
    ask("Bearer?").answer(
        "Authorization: Bearer <token>, Bearer YOUR_ACCESS_TOKEN_GOES_HERE_AND_IS_LONG, Bearer "
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ4In0.dozjgNryP4J3jVmNHl0w5N"
    ),
    ask("Hash?").answer(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855, 123e4567-e89b-12d3-a456-426614174000"
    ),
    ask("PEM?").answer(
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC...\n-----END PRIVATE KEY-----"
    ),
    ask("PEM?").answer(_PEM.replace("PRIVATE", "PUBLIC") + "\n" + _PEM.replace(_PEM_LINES[1], "A" * 64)),
)


@dataclass(frozen=True)
class Secret(RowCheck):
    """Secrets whose format proves itself: by a check sum, a fixed part, a structure, or by drawn characters."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each secret."""
        hits = seek(batch, pl.col("text").str.contains(_WANTED), _secrets)
        return found(hits, pl.format("a secret stands in the text: {}", "word"), evidence=pl.col("word"))


def _secrets(said: Said) -> Iterator[Mark]:
    for name, shape, holds in FORMATS:
        for hit in shape.finditer(said.text):
            if holds(hit["v"]):
                yield Mark(*hit.span(), name)
    for hit in _LOGIN.finditer(said.text) if "://" in said.text else ():
        if _opens(hit["v"]) and not _SAMPLE_HOST.search(hit["host"]):
            yield Mark(*hit.span(), "login in an address")
    for hit in _BEARER.finditer(said.text) if "earer " in said.text else ():
        if _has_figures(hit["v"]):
            yield Mark(*hit.span("v"), "bearer token")
    for hit in _BLOCK.finditer(said.text):
        if _is_key(hit["body"]):
            yield Mark(*hit.span(), "private key")


def _is_key(body: str) -> bool:
    """Whether the block holds what it says: a DER sequence as long as its head says (X.690), or OpenSSH's own form."""
    text = re.sub(r"\\[rn]|\s", "", body)
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    if len(set(data)) < _SPREAD or re.search(r"(.)\1{15}", text.rstrip("=")):
        return False
    return data.startswith(_OPENSSH) or _is_sequence(data)


def _is_sequence(data: bytes) -> bool:
    if data[0] != _SEQUENCE:
        return False
    if data[1] < _LONG_FORM:
        return data[1] == len(data) - 2
    size = data[1] - _LONG_FORM
    return int.from_bytes(data[2 : 2 + size], "big") == len(data) - 2 - size
