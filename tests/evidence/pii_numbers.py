"""Random e-mail addresses, numbers and keys in the formats of real ones; nobody's."""

from __future__ import annotations

import base64
import string
import zlib
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

KINDS = ("email", "phone", "card", "iban", "ssn", "nhs", "ip", "secret")
ALNUM = string.digits + string.ascii_uppercase + string.ascii_lowercase
URLSAFE = ALNUM + "-_"
FIRST = [
    "Ana",
    "Bo",
    "Clara",
    "Dmitri",
    "Elif",
    "Femi",
    "Greta",
    "Hiro",
    "Ines",
    "Jonas",
    "Katya",
    "Liam",
    "Mei",
    "Nora",
    "Omar",
    "Paula",
    "Quinn",
    "Rosa",
    "Sven",
    "Tara",
]
LAST = [
    "Abbott",
    "Bauer",
    "Castro",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Gupta",
    "Haddad",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Moreau",
    "Novak",
    "Okafor",
    "Petit",
]
HOSTS = [
    "lakeside-law",
    "harborview",
    "northgate-clinic",
    "kanzlei-brandt",
    "meridian",
    "stjames-hospital",
    "acorn-media",
    "bluefin",
    "peakline",
]


def digits(rng: random.Random, count: int) -> str:
    """Digits that do not look typed."""
    return "".join(rng.choices(string.digits, k=count))


def drawn(rng: random.Random, alphabet: str, count: int) -> str:
    """Characters of a token."""
    return "".join(rng.choices(alphabet, k=count))


def _email(rng: random.Random) -> str:
    first, last = rng.choice(FIRST).lower(), rng.choice(LAST).lower()
    name = rng.choice(
        [
            f"{first}.{last}",
            f"{first[0]}{last}{rng.randrange(99)}",
            f"{first}_{last}",
            f"{last}+akte",
            f"{first}{digits(rng, 4)}",
        ]
    )
    ending = rng.choice(
        [
            "com",
            "org",
            "net",
            "de",
            "co.uk",
            "fr",
            "es",
            "it",
            "edu",
            "ac.uk",
            "gov",
            "io",
            "com.br",
            "cn",
            "law",
            "health",
        ]
    )
    domain = rng.choice(
        [
            f"{rng.choice(HOSTS)}.{ending}",
            "gmail.com",
            "qq.com",
            "mail.ru",
            "web.de",
            f"post.{rng.choice(HOSTS)}.{ending}",
        ]
    )
    return rng.choice([name, name, name.upper()]) + "@" + domain


def _phone(rng: random.Random) -> str:
    area = rng.choice(["212", "415", "312", "617", "702", "951", "303"])
    line = f"{rng.randint(230, 498)}-{digits(rng, 3)}{rng.randint(1, 9)}"
    return rng.choice(
        [
            f"({area}) {line}",
            f"{area}-{line}",
            f"+1 {area} {line}",
            f"+49 171 {digits(rng, 3)}{rng.randint(1000, 9999)}",
            f"+44 7456 {rng.randint(100, 999)}{digits(rng, 3)}",
            f"+86 138{digits(rng, 8)}",
            f"+33 6 {rng.randint(10, 89)} {rng.randint(10, 99)} {rng.randint(10, 99)} {rng.randint(10, 99)}",
        ]
    )


def luhn(body: str) -> str:
    total = sum(int(d) if at % 2 else int(d) * 2 - 9 * (int(d) > 4) for at, d in enumerate(body[::-1]))
    return body + str(-total % 10)


def _card(rng: random.Random) -> str:
    start, length = rng.choice(
        [
            ("4539", 16),
            ("4716", 16),
            ("5432", 16),
            ("5218", 16),
            ("2412", 16),
            ("6011", 16),
            ("3742", 15),
            ("3569", 16),
        ]
    )
    number = luhn(start + digits(rng, length - 5))
    groups = (0, 4, 10, 15) if length == 15 else (0, 4, 8, 12, 16)
    return rng.choice(["", " ", "-", " "]).join(number[a:b] for a, b in pairwise(groups))


def grouped(rng: random.Random, number: str) -> str:
    return rng.choice(["", "", " ", "-"]).join(number[at : at + 4] for at in range(0, 16, 4))


def _iban(rng: random.Random) -> str:
    country, length, letters = rng.choice(
        [
            ("DE", 22, ""),
            ("ES", 24, ""),
            ("CH", 21, ""),
            ("PL", 28, ""),
            ("BE", 16, ""),
            ("NL", 18, "INGB"),
            ("GB", 22, "MIDL"),
        ]
    )
    body = letters + digits(rng, length - 4 - len(letters))
    rest = int("".join(str(int(char, 36)) for char in body + country) + "00")
    number = f"{country}{98 - rest % 97:02}{body}"
    return number if rng.random() < 0.4 else " ".join(number[at : at + 4] for at in range(0, length, 4))


def _ssn(rng: random.Random) -> str:
    area = rng.choice([*range(2, 666), *range(667, 900)])
    number = f"{area:03}-{rng.randint(1, 99):02}-{rng.randint(1, 9999):04}"
    return number if rng.random() < 0.8 else number.replace("-", rng.choice(["", " "]))


def nhs(rng: random.Random) -> str:
    while True:
        body = rng.choice("4667") + digits(rng, 8)
        check = -sum(int(d) * (10 - at) for at, d in enumerate(body)) % 11
        if check < 10:
            number = f"{body}{check}"
            mark = rng.choice(["", " ", " ", "-"])
            return mark.join((number[:3], number[3:6], number[6:]))


def _ip(rng: random.Random) -> str:
    if rng.random() < 0.2:
        return "2a02:" + ":".join(f"{rng.randint(1, 0xFFFF):x}" for _ in range(7))
    return f"{rng.choice([46, 62, 78, 84, 91, 109, 145, 178, 185, 213, 217])}." + ".".join(
        str(rng.randint(1, 254)) for _ in range(3)
    )


def github_like(rng: random.Random, prefix: str) -> str:
    """A token whose last six characters are the check sum of the thirty before them."""
    body, rest, tail = drawn(rng, ALNUM, 30), 0, ""
    rest = zlib.crc32(body.encode())
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        tail = ALNUM[digit] + tail
    return prefix + body + tail


def pem(rng: random.Random, name: str, data: bytes | None = None) -> str:
    """A PEM block around a sequence as DER writes it, or around the given bytes."""
    inner = rng.randbytes(rng.randint(300, 1200))
    text = base64.b64encode(data or b"\x30\x82" + len(inner).to_bytes(2, "big") + inner).decode()
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    return "\n".join((f"-----BEGIN {name}-----", *lines, f"-----END {name}-----"))


SECRETS: dict[str, Callable[[random.Random], str]] = {
    "github": lambda rng: github_like(rng, rng.choice(["ghp_", "gho_", "ghs_"])),
    "github fine": lambda rng: f"github_pat_{drawn(rng, ALNUM, 22)}_{drawn(rng, ALNUM, 59)}",
    "npm": lambda rng: github_like(rng, "npm_"),
    "aws": lambda rng: "AKIA" + drawn(rng, string.ascii_uppercase + "234567", 16),
    "gitlab": lambda rng: "glpat-" + drawn(rng, ALNUM, 20),
    "slack": lambda rng: (
        f"xoxb-{rng.randint(10**11, 10**12 - 1)}-{rng.randint(10**12, 10**13 - 1)}-{drawn(rng, ALNUM, 24)}"
    ),
    "stripe": lambda rng: "sk_live_" + drawn(rng, ALNUM, 24),
    "openai": lambda rng: f"sk-proj-{drawn(rng, ALNUM, 40)}T3BlbkFJ{drawn(rng, ALNUM, 40)}",
    "anthropic": lambda rng: f"sk-ant-api03-{drawn(rng, URLSAFE, 93)}AA",
    "hugging face": lambda rng: "hf_" + drawn(rng, string.ascii_letters, 34),
    "pypi": lambda rng: "pypi-AgEIcHlwaS5vcmc" + drawn(rng, URLSAFE, 120),
    "sendgrid": lambda rng: f"SG.{drawn(rng, URLSAFE, 22)}.{drawn(rng, URLSAFE, 43)}",
    "google": lambda rng: "GOCSPX-" + drawn(rng, URLSAFE, 28),
    "digitalocean": lambda rng: "dop_v1_" + drawn(rng, "0123456789abcdef", 64),
    "shopify": lambda rng: "shpat_" + drawn(rng, "0123456789abcdef", 32),
    "pkcs8": lambda rng: pem(rng, "PRIVATE KEY"),
    "rsa": lambda rng: pem(rng, "RSA PRIVATE KEY"),
    "openssh": lambda rng: pem(rng, "OPENSSH PRIVATE KEY", b"openssh-key-v1\0" + rng.randbytes(400)),
}


def _secret(rng: random.Random) -> str:
    return rng.choice(list(SECRETS.values()))(rng)


REAL: dict[str, Callable[[random.Random], str]] = dict(
    zip(KINDS, (_email, _phone, _card, _iban, _ssn, nhs, _ip, _secret), strict=True)
)
