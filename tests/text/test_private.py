"""Masks hide what is private, whole, and leave ordinary text readable.

Secrets stand here in pieces ("|" is taken out), so that scanners of the repository do not report them.
"""

from __future__ import annotations

import json
import os
import random
import string
import time
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.text.private import KINDS, find_private, mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HEX = "0123456789abcdef"
ALNUM = string.ascii_letters + string.digits
URLSAFE = ALNUM + "-_"

PRIVATE = [
    # kind, text before, the private part, text after
    ("email", "Write to ", "jane.doe+news@mail.example.co.uk", ", please."),
    ("email", "<", "x_1@example.org", ">"),
    ("email", "Mail me: ", "JANE@EXAMPLE.COM", "."),
    ("email", "Schreib an ", "jörg.müller@bücher.example", "!"),
    ("email", "Пишите на ", "иван.петров@почта.рф", " сегодня"),
    ("email", "我的邮箱是", "zhang@example.com", "谢谢"),
    ("email", "参会人员是", "john.doe@example.com", "和jane.doe@example.com。"),
    ("email", "mail ", "root@192.168.10.20", " now"),
    ("email", "Reach me at ", "jane [at] example [dot] com", " any time"),
    ("email", "Reach me at ", "jane(at)example.com", " any time"),
    ("email", "Reach me at ", "jane dot doe at example dot org", " any time"),
    ("email", "Reach me at ", "jane {at} mail {dot} example {dot} net", "."),
    ("email", "", '"jane doe"@example.com', ""),
    ("card", "Card ", "4111111111111111", " exp 12/27"),
    ("card", "Card ", "4111 1111 1111 1111", " exp 12/27"),
    ("card", "Card ", "5555-5555-5555-4444", "."),
    ("card", "Amex ", "3782 822463 10005", "."),
    ("card", "Amex ", "378282246310005", "."),
    ("card", "Diners ", "3056 930902 5904", "."),
    ("card", "Mir ", "2200 0000 0000 0004", "."),
    ("card", "It is ", "6011 1111 1111 1117", " 123 is the code"),
    ("card", "In 2024 ", "4242 4242 4242 4242", " was charged"),
    ("card", "In 2024 I used ", "4242.4242.4242.4242", "."),
    ("iban", "Pay to ", "DE89370400440532013000", " today"),
    ("iban", "Pay to ", "DE89 3704 0044 0532 0130 00", " THANK YOU 100 times"),
    ("iban", "Pay to ", "GB82 WEST 1234 5698 7654 32", "."),
    ("iban", "Pay to ", "nl91abna0417164300", "."),
    ("iban", "Pay to ", "FR14 2004 1010 0505 0001 3M02 606", "."),
    ("iban", "Pay to ", "MT84MALT011000012345MTLCAST001S", "."),
    ("ssn", "His number is ", "219-09-9999", "."),
    ("ssn", "His number is ", "219 09 9999", "."),
    ("ssn", "Her ITIN is ", "912–70–1234", "."),
    ("id-number", "SSN: ", "219099999", "."),
    ("id-number", "Passport No. ", "C01X00T47", "."),
    ("id-number", "account number is ", "0012345678", "."),
    ("id-number", "CVV ", "123", "."),
    ("id-number", "My PIN is ", "4711", "."),
    ("national-id", "号码", "11010519491231002X", "。"),
    ("phone", "Ring ", "+1 212 555 0123", " tonight"),
    ("phone", "Ring ", "+44 (0)20 7946 0958", " tonight"),
    ("phone", "Ring ", "+4915112345678", " tonight"),
    ("phone", "Ring ", "0049 30 901820", " tonight"),
    ("phone", "Ring ", "(212) 555-0123", " tonight"),
    ("phone", "Ring ", "1-800-555-0199", " tonight"),
    ("phone", "Ring ", "212.555.0123", " tonight"),
    ("phone", "Ring ", "212‑555‑0123", " tonight"),
    ("phone", "Ring ", "020 7946 0958", " tonight"),
    ("phone", "Ring ", "06 12 34 56 78", " tonight"),
    ("phone", "Ring ", "030/1234567", " tonight"),
    ("phone", "Ring ", "03-1234-5678", " tonight"),
    ("phone", "Ring ", "(11) 91234-5678", " tonight"),
    ("phone", "打", "13912345678", "给我"),
    ("phone", "打", "139-1234-5678", "给我"),
    ("phone", "My phone number is ", "5551234567", "."),
    ("phone", "Tel.: ", "5550123", "."),
    ("phone", "电话：", "１３９１２３４５６７８", "。"),
    ("ip", "from ", "192.168.17.34", " port 22"),
    ("ip", "http://", "203.0.113.9", ":8080/x"),
    ("ip", "from ", "2001:db8:85a3::8a2e:370:7334", " port 22"),
    ("ip", "from ", "2001:0db8:85a3:0000:0000:8a2e:0370:7334", "."),
    ("ip", "ip:", "2001:db8::8a2e:370", ", port 22"),
    ("ip", "from ", "fe80::1ff:fe23:4567:890a", ": unreachable"),
    ("aws-key", "id ", "AKIA|IOSFODNN7EXAMPLE", "."),
    ("aws-key", "id ", "ASIA|QWERTZUIOPASDFGH", "."),
    ("random-token", "AKIA|IOSFODNN7EXAMPLE\n", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEX|AMPLEKEY", "\n"),
    ("github-token", "git clone https://", "ghp_|16C7e42F292c6912E7710c838347Ae178B4a", ".x"),
    (
        "github-token",
        "token ",
        "github_pat_|11ABCDEFG0abcdefghijkl_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
        ".",
    ),
    ("gitlab-token", "use ", "glpat-|aBcDeFgHiJkLmNoPqRsT", "."),
    ("slack-token", "use ", "xoxb-|123456789012-123456789012-abcdefABCDEFabcdefABCDEF", "."),
    ("slack-token", "https://hooks.slack.com/", "services/T00000000/|B00000000/XXXXXXXXXXXXXXXXXXXXXXXX", ""),
    ("stripe-key", "use ", "sk_live_|4eC39HqLyjWDarjtT1zdp7dc", "."),
    ("stripe-key", "use ", "rk_live_|4eC39HqLyjWDarjtT1zdp7dc", "."),
    ("openai-key", "use ", "sk-|abcdefGHIJKLmnopqrst1234T3BlbkFJ5678abcd", "."),
    ("openai-key", "use ", "sk-proj-|Ab12_Cd34-Ef56Gh78Ij90Kl12Mn34Op56", "."),
    ("anthropic-key", "use ", "sk-ant-api03-|Ab12_Cd34-Ef56Gh78Ij90Kl12Mn34Op56", "."),
    ("google-key", "?key=", "AIza|SyA1234567890abcdefghijklmnopqrstuv", "&x=1"),
    ("google-key", "use ", "ya29.|a0AfH6SMBx1234567890abcdefg", "."),
    ("huggingface-token", "login ", "hf_|AbCdEfGhIjKlMnOpQrStUvWxYz01234567", "."),
    ("npm-token", "use ", "npm_|AbCdEfGhIjKlMnOpQrStUvWxYz0123456789", "."),
    ("pypi-token", "use ", "pypi-|AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAwLTAw", "."),
    ("service-token", "use ", "SG.|aBcDeFgHiJkLmNoPqRsTuV.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcdefg", "."),
    ("service-token", "bot ", "123456789:|AAF1x-abcdefghijklmnopqrstuvwxyz012", "."),
    (
        "password",
        "x;AccountName=a;AccountKey=",
        "Zm9vYmFyYmF6cXV4Zm9v|YmFyYmF6cXV4Zm9vYmFy==",
        ";EndpointSuffix=core",
    ),
    ("jwt", "use ", "eyJhbGciOiJIUzI1NiJ9.|eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P", "."),
    ("url-credentials", "postgres://", "admin:s3cr#t!", "@db:5432/x"),
    ("url-credentials", "redis://", ":hunter2", "@localhost:6379"),
    ("bearer-token", "Authorization: Bearer ", "abcdef1234567890", ""),
    ("bearer-token", "curl -H 'Authorization: Basic ", "dXNlcjpwYXNz", "'"),
    ("password", "password: ", "hunter2", ""),
    ("password", "Password: ", "x", ""),
    ("password", "user bob pass: ", "correct-horse", ""),
    ("password", "api_key=", "x", ""),
    ("password", 'secret = "', "x", '"'),
    ("password", "secret='", "two words", "'"),
    ("password", '{"password": "', 'pa\\"ss wd', '", "user": "b"}'),
    ("password", '"{\\"password\\": \\"', "geheim", '\\"}"'),
    ("password", "export DB_PASSWORD=", "s3cret,with;signs!", "\n"),
    ("password", "userPassword := '", "abc", "'"),
    ("password", "client_secret: ", "8Q~abcdEF", ""),
    ("password", "my password is ", "Tr0ub4dor&3.", " Now go"),
    ("password", 'my password is "', "swordfish", '".'),
    ("password", "密码是", "abc12345", "。"),
    ("password", "密码：", "abc12345", ""),
    ("password", "contraseña: ", "gatito", ""),
    ("password", "https://a.example/x?access_token=", "abcdefgh", "&y=1"),
    ("password", "curl -u bob:", "s3cr3t", " https://a.example"),
    ("password", "mysql --password=", "s3cr3t", " -h db"),
    ("password", "?sig=", "aB3%2Fxyz%3D", "&se=2024"),
    ("random-token", "digest ", "d41d8cd98f00b204e9800998ecf8427e", "."),
    ("random-token", "commit ", "da39a3ee5e6b4b0d3255bfef95601890afd80709", "."),
    ("password", "api_key: ", "123e4567-e89b-12d3-a456-426614174000", ""),
    ("random-token", "key ", "kD9fJ2mQ8sLx0Zr7VbN3tYwE5uHc1Pga", "."),
    ("random-token", "key ", "k9f2m8sx0r7vb3tyw5uh1pga4d6q8z0n", "."),
]

PUBLIC = [
    "In 1969 and again from 1971 to 1975.",
    "410 U.S. 113 (1973)",
    "347 U.S. 483, 495 (1954)",
    "Smith v. Jones, 123 F.3d 456, 460-61 (9th Cir. 1997)",
    "42 U.S.C. § 1983; 29 C.F.R. § 1910.1200(e)(1)",
    "See section 12-34-567 of the code.",
    "Ind. Code 35-42-1-1 and RCW 9.94A.030",
    "Public Law 104-191, 110 Stat. 1936",
    "Case No. 2:19-cv-01234-ABC-DEF",
    "Art. 6 Abs. 1 DSGVO, BGBl. I 2017 S. 2097",
    "Take 500 mg every 6-8 hours, at most 4000 mg a day.",
    "0.05-0.1 mg/kg, then 0.025 mg/kg",
    "Blood pressure 120/80, pulse 72, 98.6 °F",
    "Sodium 135-145 mmol/L; 1.5 x 10^9/L",
    "The price was $1,234,567.89 or €1.234.567,89.",
    "$1000 / 200 = 5 and 3000/200",
    "1 000 000 000 people and 12 345 678 cars",
    "It cost 10000000 dollars in 2008.",
    "On 2024-05-17 at 12:30:45 it began.",
    "2024-05-17T12:30:45.123456Z",
    "From 01/02/2003 to 03/04/2005.",
    "Am 01.02.2003 und am 04.05.2006.",
    "17.05.2024 12:30",
    "20240517123045",
    "ISBN 978-0-306-40615-7",
    "ISBN 0-306-40615-2",
    "ISBN 9780306406157",
    "ISSN 2049-3630",
    "doi:10.1000/182 and arXiv:2301.12345",
    "PMID: 12345678",
    "Tickets 1234567890, 1234567891 and 1234567892 are closed.",
    "Order 9876543210 shipped.",
    "Row 1700000000 of 1700000123",
    "1700000000000",
    "Natalia sold 48/2 = <<48/2=24>>24 clips in May.",
    "63,000-16,000=$<<63000-16000=47000>>47,000",
    "80000-24000=<<80000-24000=56000>>56000$",
    "She has 10000+25000=<<10000+25000=35000>>35000.",
    "#### 123456789",
    "2 4 6 8 10 12 14 16 18 20",
    "1990 1991 1992 1993 1994",
    "2001 2002 2003 2004",
    "0110 1001 0110 1001",
    "3.14159265358979323846",
    "1e10, 6.02214076e23 and 0x7fff5fbff8c0",
    "commit 1a2b3c4d and 9f8e7d6",
    "row 123e4567-e89b-12d3-a456-426614174000, dc71f142-8771-4830-ac64-967c0e3bd3fc",
    "EC 3.1.1.11 and 83265 / 305 = 275.43397884615385",
    "强密码：为您的所有账户设置不同的密码，并定期更换，长度至少为8位。",
    "credentials = Credentials.from_file('credentials.json')",
    "api_key = '<your API key here>' and _token={{ csrf_token() }}",
    "His computer password is 8 + 4 + 2 long.",
    "#ff8800 and rgb(255,136,0)",
    "version 1.2.3.4 and v10.20.30.40",
    "Section 4.2.1.3 of the manual",
    "OID 1.3.6.1.4.1.311.21.20",
    "std::vector<int>::iterator it; a[::2]; x[1::3]",
    "use std::fs::File; Foo::Bar",
    "@property and @app.route('/x')",
    "icon@2x.png and left-pad@1.3.0",
    "Follow @jack, meet at 5 (at the latest).",
    "She looked at the red dot on the map.",
    "The dot product of a and b: a · b",
    "Your password is important. Choose a password that is long.",
    "The secret: always stir slowly.",
    "A token is a unit; tokens = 512, max_tokens=100",
    "The key: patience.",
    "password: null, token=None, secret: ${SECRET}",
    "Reading passage: The bearer of this letter",
    "He passed: 12 of 30. Compass: north.",
    "risk-aware-decision-making and task-oriented-dialogue-systems",
    "The bearer responsibilities are described",
    "/usr/local/lib/python/site-packages/numpy/core/__init__",
    "https://www.example.com/2019/05/12/some-long-article-title-about-cats",
    "pneumonoultramicroscopicsilicovolcanoconiosis",
    "AbstractSingletonProxyFactoryBeanWithManyWords",
    "test_that_the_user_can_log_in_and_log_out_again_v2",
    "5-bromo-4-chloro-3-indolyl-beta-D-galactopyranoside",
    "ATGCGTACGTTAGCATGCGTACGTTAGCATGCGTACG",
    "=" * 80 + "\n" + "_" * 80,
    "-----BEGIN PUBLIC KEY----- is how it starts",
    "The iPhone came out on 2007-06-29.",
    "Phones (2007-2010) sold 1,234,567 units",
    "Call 911 or 112; dial 0 for help.",
    "The passport was made in 2019.",
    "x = 3 + 12345 - 6789; y = 98765 / 43",
    "12:34, 5:6-7, Genesis 1:1-2:3",
    "Call the number of cells 1200 per field",
    "50°12'30\"N 8°40'12\"E and 48.8566, 2.3522",
    "Zürich 8001, 10115 Berlin, Austin TX 78701-1234",
]


@pytest.mark.parametrize(("kind", "before", "secret", "after"), PRIVATE)
def test_hides_the_private_part_and_nothing_else(kind: str, before: str, secret: str, after: str) -> None:
    before, secret = before.replace("|", ""), secret.replace("|", "")
    text = before + secret + after
    places = find_private(text)
    hit = [place for place in places if place.start <= len(before) < place.end]
    assert [place.kind for place in hit] == [kind]
    assert hit[0].end == len(before) + len(secret)
    assert mask(text)[len(before) :].startswith("█" * len(secret) + after[:1])


@pytest.mark.parametrize("text", PUBLIC)
def test_ordinary_text_stays_readable(text: str) -> None:
    assert [(place.kind, text[place.start : place.end]) for place in find_private(text)] == []


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(string.digits, k=count))


def _chars(alphabet: str, count: int, prefix: str = "") -> Callable[[random.Random], str]:
    return lambda rng: prefix + "".join(rng.choices(alphabet, k=count))


def _card(rng: random.Random) -> str:
    body = rng.choice(["4", "51", "55", "6011", "34", "37"])
    body += _digits(rng, (14 if body in ("34", "37") else 15) - len(body))
    check = sum(int(d) if at % 2 else int(d) * 2 - 9 * (int(d) > 4) for at, d in enumerate(body[::-1]))
    number = body + str(-check % 10)
    mark = rng.choice(["", " ", "-"])
    groups = (0, 4, 10, 15) if len(number) == 15 else (0, 4, 8, 12, 16)
    return mark.join(number[a:b] for a, b in pairwise(groups))


def _iban(rng: random.Random) -> str:
    country, length = rng.choice([("DE", 22), ("ES", 24), ("CH", 21), ("PL", 28), ("BE", 16)])
    body = _digits(rng, length - 4)
    check = 98 - int(body + "".join(str(int(c, 36)) for c in country) + "00") % 97
    number = f"{country}{check:02}{body}"
    return number if rng.random() < 0.5 else " ".join(number[at : at + 4] for at in range(0, length, 4))


def _phone(rng: random.Random) -> str:
    area, line = f"{rng.randint(201, 989)}", f"{rng.randint(200, 999)}-{_digits(rng, 4)}"
    return rng.choice(
        [
            f"({area}) {line}",
            f"{area}-{line}",
            f"+1 {area} {line}",
            f"+49 {rng.randint(30, 99)} {_digits(rng, 4)} {_digits(rng, 3)}",
            f"+86 13{_digits(rng, 9)}",
            f"020 {_digits(rng, 4)} {rng.randint(1111, 9999)}",
        ]
    )


def _email(rng: random.Random) -> str:
    name = "".join(rng.choices(string.ascii_lowercase + string.digits + "._+-", k=rng.randint(1, 20)))
    ending = rng.choice(["com", "org", "co.uk", "xn--p1ai", "museum"])
    return f"a{name}z@{_chars(string.ascii_lowercase, 8)(rng)}.{ending}"


def _ip(rng: random.Random) -> str:
    if rng.random() < 0.5:
        return ".".join(str(rng.randint(1, 255)) for _ in range(4))
    return "2001:db8:" + ":".join(f"{rng.randint(1, 0xFFFF):x}" for _ in range(6))


def _pem(rng: random.Random) -> str:
    name = rng.choice(["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"])
    lines = [_chars(ALNUM + "+/", 64)(rng) for _ in range(6)] + [
        _chars(ALNUM, rng.randint(1, 60))(rng) + "=="
    ]
    return "\n".join([f"-----BEGIN {name}-----", *lines, f"-----END {name}-----"])


def _jwt(rng: random.Random) -> str:
    return f"eyJ{_chars(URLSAFE, 17)(rng)}.eyJ{_chars(URLSAFE, 40)(rng)}.{_chars(URLSAFE, 43)(rng)}"


def _ssn(rng: random.Random) -> str:
    return f"{rng.choice([*range(1, 666), *range(667, 900)]):03}-{rng.randint(1, 99):02}-{rng.randint(1, 9999):04}"


def _national_id(rng: random.Random) -> str:
    body = f"{rng.randint(1, 8)}{_digits(rng, 5)}{rng.randint(1930, 2010)}"
    body += f"{rng.randint(1, 12):02}{rng.randint(1, 28):02}{_digits(rng, 3)}"
    return body + "10X98765432"[sum(int(d) * 2 ** (17 - at) for at, d in enumerate(body)) % 11]


def _password(rng: random.Random) -> str:
    return _chars(ALNUM + "!#$%^*_", rng.randint(4, 20))(rng) + rng.choice(ALNUM)


CANARIES: dict[str, tuple[str, Callable[[random.Random], str]]] = {
    "email": ("{}", _email),
    "card": ("{}", _card),
    "iban": ("{}", _iban),
    "ssn": ("{}", _ssn),
    "national-id": ("{}", _national_id),
    "id-number": ("passport number {}", lambda rng: rng.choice("CXK") + _digits(rng, 8)),
    "phone": ("{}", _phone),
    "ip": ("{}", _ip),
    "aws-key": ("{}", _chars(string.ascii_uppercase + "234567", 16, "AKIA")),
    "github-token": ("{}", _chars(ALNUM, 36, "ghs_")),
    "gitlab-token": ("{}", _chars(URLSAFE, 20, "glpat-")),
    "slack-token": ("{}", lambda rng: f"xoxp-{_digits(rng, 12)}-{_digits(rng, 12)}-{_chars(HEX, 32)(rng)}"),
    "stripe-key": ("{}", _chars(ALNUM, 24, "sk_live_")),
    "openai-key": ("{}", _chars(ALNUM, 48, "sk-")),
    "anthropic-key": ("{}", _chars(URLSAFE, 93, "sk-ant-api03-")),
    "google-key": ("{}", _chars(URLSAFE, 35, "AIza")),
    "huggingface-token": ("{}", _chars(ALNUM, 34, "hf_")),
    "npm-token": ("{}", _chars(ALNUM, 36, "npm_")),
    "pypi-token": ("{}", _chars(URLSAFE, 150, "pypi-AgEI")),
    "service-token": ("{}", _chars(HEX, 64, "dop_v1_")),
    "jwt": ("{}", _jwt),
    "private-key": ("\n{}\n", _pem),
    "url-credentials": ("ftp://{}@files.example/x", lambda rng: f"bob:{_password(rng)}"),
    "bearer-token": ("Bearer {}", _chars(ALNUM, 24)),
    "password": ("password: {}", _password),
    "random-token": (
        "{}",
        lambda rng: _chars(rng.choice([HEX, ALNUM + "+/"]), rng.choice([32, 40, 64]))(rng),
    ),
}

CHAT = [
    "User: can you check {}? Assistant: of course, give me a minute.",
    "Sure! Here it is: {}.",
    "用户：{} 助手：好的。",
    "Ich habe ({}) notiert, danke — 3 Stück.",
    '{{"role": "user", "content": "{}"}}',
]


def test_there_is_a_canary_of_every_kind() -> None:
    assert set(CANARIES) == set(KINDS)


@pytest.mark.parametrize("kind", CANARIES)
def test_every_generated_canary_is_hidden_whole(kind: str) -> None:
    setting, make = CANARIES[kind]
    rng = random.Random(kind)  # noqa: S311, repeatable
    seen = []
    for number in range(50):
        secret = make(rng)
        text = CHAT[number % len(CHAT)].format(setting.format(secret))
        start = text.index(secret)
        shown = mask(text)[start : start + len(secret)]
        seen += [secret] if set(shown) - {"█", "\n"} else []
    assert seen == []


PIECES = """a@b.example|+1 212 555 0123|password: |=|"|-----BEGIN PRIVATE KEY-----|-----END |eyJa1a1a1a1a1a1a1a1|::
|1.2.3.4|4111 1111 1111 1111|\r|\u2028|\ud800|🙂|中|ß|İ|１| is |://u:p@h| dot |AKIA"""
TRICKY = st.sampled_from(PIECES.split("|"))


@settings(max_examples=400, deadline=None)
@given(st.lists(st.one_of(TRICKY, st.text(max_size=12)), max_size=12).map("".join))
def test_a_mask_keeps_length_lines_and_everything_else(text: str) -> None:
    masked = mask(text)
    places = find_private(text)
    assert len(masked) == len(text)
    hidden = {at for start, end, _ in places for at in range(start, end)}
    expected = ["█" if at in hidden and char not in "\r\n" else char for at, char in enumerate(text)]
    assert masked == "".join(expected)
    assert all(left.end <= right.start for left, right in pairwise(places))
    assert all(0 <= start < end <= len(text) and kind in KINDS for start, end, kind in places)


def test_places_that_touch_two_shapes_are_hidden_together() -> None:
    text = "https://bob:s3cret@mail.example.com/inbox"
    assert mask(text) == "https://" + "█" * len("bob:s3cret@mail.example.com") + "/inbox"


def test_a_key_block_is_hidden_whole_and_keeps_its_lines() -> None:
    name = "RSA PRIVATE KEY-----"
    text = f"before\n-----BEGIN {name}\nProc-Type: 4,ENCRYPTED\n\nab\ncd==\n-----END {name}\nafter"
    shown = mask(text).split("\n")
    assert shown[0] == "before"
    assert shown[-1] == "after"
    assert set("".join(shown[1:-1])) == {"█"}
    assert len(shown) == text.count("\n") + 1


def test_a_key_block_without_its_end_hides_its_lines_but_not_the_prose_after_it() -> None:
    body = "MIIEowIBAAKCAQEA7bq0" + "a" * 44
    text = f"-----BEGIN PRIVATE KEY-----\n{body}\n{body}\nThis is how it looks."
    assert mask(text).endswith("\nThis is how it looks.")
    assert body not in mask(text)


HOSTILE = """a@|a.|x@y.|"|1234567890|1 |123-|+1|-----BEGIN PRIVATE KEY-----|-|-----BEGIN |eyJ|eyJhbGciOiJIUzI1NiJ9.
|://a:|://a:b@|deadbeef0|aB3dE|aB3dE/|:|ab:|password|password:|password:"|password is |secret=|AKIA|sk-|DE89|a dot
|AKIAIOSFODNN7EXAMPLE |a at b dot |中@|phone 1234567 |pin 12 |bearer | |password\n|( [at] |authorization: |--token
|?key=|１|hooks.slack.com/|a.b@c.d.e|a(at)b|[at]|\\"|'|password='|-u a:|_token=|xoxb-|ghp_|SG.|1.2.3.|00|(0|4111 """


def _seconds(text: str) -> float:
    start = time.process_time()
    mask(text)
    return time.process_time() - start


@pytest.mark.parametrize("piece", HOSTILE.split("|"))
def test_time_grows_with_length_and_not_with_its_square(piece: str) -> None:
    short, long = piece * (4_000 // len(piece)), piece * (64_000 // len(piece))
    once = max(min(_seconds(short) for _ in range(3)), 0.001)
    assert min(_seconds(long) for _ in range(2)) < 5 * 16 * once


def _rows(name: str) -> Iterator[str]:
    path = Path(os.environ["CURATE_TEST_DATA"]) / name
    with (
        zstandard.open(path, "rt", encoding="utf-8")
        if path.suffix == ".zst"
        else path.open(encoding="utf-8") as lines
    ):
        for line in islice(lines, 5_000):
            yield "\n".join(str(value) for value in json.loads(line).values())


@pytest.mark.skipif(
    "CURATE_TEST_DATA" not in os.environ, reason="CURATE_TEST_DATA names no folder of real data"
)
@pytest.mark.parametrize(
    ("name", "most_in_a_million"),
    [
        ("gsm8k/train.jsonl", 10),
        ("medquad/medquad_health.jsonl", 500),
        ("selfinstruct/t0_55k.jsonl.zst", 100),
    ],
)
def test_real_texts_stay_readable(name: str, most_in_a_million: int) -> None:
    texts = list(_rows(name))
    hidden = sum(place.end - place.start for text in texts for place in find_private(text))
    assert hidden * 1_000_000 <= most_in_a_million * sum(map(len, texts))


def test_values_that_have_no_shape_are_masked_where_they_are_known() -> None:
    assert mask("Rosa Kilgore wrote: Rosa, jane@example.org", ("Rosa", "Rosa Kilgore", "")) == (
        "████████████ wrote: ████, ████████████████"
    )
    assert mask("Mail jane@example.org\nnow", ("e@example.org\nno",)) == "Mail ████████████████\n██w"
    assert mask("Nothing here", ("",)) == "Nothing here"
