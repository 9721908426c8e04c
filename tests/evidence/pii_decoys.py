"""Decoys: they have the shape of personal data, and the check digit where there is one, but are nobody's."""

from __future__ import annotations

import string
from functools import partial
from typing import TYPE_CHECKING

from tests.evidence.pii_numbers import (
    ALNUM,
    FIRST,
    HOSTS,
    digits,
    drawn,
    grouped,
    luhn,
    nhs,
    pem,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Callable


def _of(*sentences: str, **parts: Callable[[random.Random], str]) -> list[Callable[[random.Random], str]]:
    """Makers of decoys: each fills one sentence."""
    return [partial(_filled, said, parts) for said in sentences]


def _filled(said: str, parts: dict[str, Callable[[random.Random], str]], rng: random.Random) -> str:
    return said.format(**{name: make(rng) for name, make in parts.items()})


DECOYS: dict[str, list[Callable[[random.Random], str]]] = {
    "email": _of(
        *(
            "Write to {name}@example.com.",
            "noreply@{host}.com sent it",
            "test@gmail.com and your_name@gmail.com are samples",
            "ssh {name}@{host}.com",
            "git@github.com:{name}/x.git",
        ),
        *(
            "npm i @{host}/x@{small}.2.1 left-pad@1.3.{small}",
            "logo@2x.png is {small} kB",
            "y = a@W.T + {name}@B.to(0)",
            "@{name} and @{host} follow",
            "@{name}@mastodon.social wrote",
        ),
        *(
            "rsync -a x {name}@{host}.org:/srv/data",
            "https://{name}:pw@{host}.com/x",
            "{name}@localhost, root@127.0.0.1",
            "a***@{host}.com is masked",
            "jane.doe@company.com, user@domain.com",
        ),
        name=lambda rng: rng.choice(FIRST).lower(),
        host=lambda rng: rng.choice(HOSTS),
        small=lambda rng: str(rng.randrange(9)),
    ),
    "phone": _of(
        *(
            "Order {ten} has shipped.",
            "Ticket {grouped} is open.",
            "Call 911 or 1-800-273-8255.",
            "Phone: (555) 123-4567",
            "Tel. +44 20 7946 0{three}",
        ),
        *(
            "ISBN 978-3-16-148410-0, case {grouped}",
            "From 2001-02-2004 to 12.05.2006",
            "{ten} / 200 = 3 phones",
            "phones sold: {ten}",
            "It is {grouped}{three} long",
            "order no. {grouped}",
        ),
        *(
            "x = {ten} + {ten}",
            "0{three}-{three} of {ten} rows",
            "the phone ID {ten}",
            "id {ten}, id {ten}",
            "Call {ten} was closed by the agent.",
        ),
        ten=lambda rng: "2" + digits(rng, 9),
        grouped=lambda rng: f"415-{rng.randint(230, 498)}-{digits(rng, 4)}",
        three=lambda rng: digits(rng, 3),
    ),
    "card": _of(
        *(
            "Order {card} was paid.",
            "Ticket {card}: card declined",
            "IMEI {card}",
            "Tracking number {card}; pay on delivery",
            "Use test card 4111 1111 1111 1111.",
            "Card number {wrong}",
        ),
        *(
            "0.{run} is a number",
            "{run} + 1",
            "The serial is {card}",
            "Card ends in {four}",
            "card 4242424242424242",
            "Invoice {card} is unpaid",
            "Sendung {card}, Karte liegt bei",
        ),
        run=lambda rng: luhn("4539" + digits(rng, 11)),
        card=lambda rng: grouped(rng, luhn("4539" + digits(rng, 11))),
        wrong=lambda rng: _wrong(luhn("4539" + digits(rng, 11))),
        four=lambda rng: digits(rng, 4),
    ),
    "iban": _of(
        *(
            "IBAN DE89 3704 0044 0532 0130 00 is an example",
            "IBAN {wrong}",
            "licence {licence}",
            "hash DE{hash}",
            "DE44 XXXX XXXX XXXX XXXX 31",
        ),
        wrong=lambda rng: _wrong("DE21" + digits(rng, 18), check=True),
        licence=lambda rng: "-".join(drawn(rng, string.ascii_uppercase + string.digits, 4) for _ in range(6)),
        hash=lambda rng: drawn(rng, "0123456789ABCDEF", 38),
    ),
    "ssn": _of(
        *(
            "Part {ssn} fits.",
            "Case {ssn}: social security claim",
            "SSN 123-45-6789",
            "SSN 000-12-{four}",
            "ticket {ssn}",
            "ZIP 94110-{four}",
            "SSN: ***-**-{four}",
            "Docket {ssn}",
        ),
        ssn=lambda rng: f"{rng.randint(100, 600)}-{rng.randint(11, 99)}-{rng.randint(1000, 9999)}",
        four=lambda rng: digits(rng, 4),
    ),
    "nhs": _of(
        *(
            "Ticket {nhs} is open.",
            "NHS desk, ticket {nhs}",
            "Order {nhs} for the NHS",
            "NHS number 999{seven}",
            "the NHS contract {nhs}",
            "NHS numbers look like 943 476 5919",
            "NHS paid {nhs} pounds",
            "id {nhs}",
        ),
        nhs=lambda rng: nhs(rng).replace(" ", "").replace("-", ""),
        seven=lambda rng: digits(rng, 7),
    ),
    "ip": _of(
        *(
            "Version {quad} is out.",
            "See section {small}.",
            "Server 192.168.{two}.7",
            "host 203.0.113.{two}",
            "DNS 8.8.8.8",
            "Chrome/{quad}",
            "pip install x=={quad}",
            "range {quad}/16",
            "127.0.0.1:80{two}",
            "firmware v{quad}",
        ),
        quad=lambda rng: f"{rng.randint(60, 90)}." + ".".join(str(rng.randint(1, 254)) for _ in range(3)),
        small=lambda rng: ".".join(str(rng.randint(1, 20)) for _ in range(4)),
        two=lambda rng: str(rng.randint(10, 99)),
    ),
    "secret": _of(
        *(
            "AKIAIOSFODNN7EXAMPLE",
            "ghp_{token}",
            "npm_{token}",
            "sha256 {hex}",
            "key 123e4567-e89b-12d3-a456-426614174000",
            "sk-YOUR-API-KEY-HERE-{hex}",
            "sk_test_{token}",
            "pk_live_{token}",
        ),
        *(
            "sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
            "AIza{token}",
            "data:image/png;base64,{token}{token}",
            "{public}",
            "{random}",
            "{cut}",
            "glpat-your-token-goes-here",
            "hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        ),
        *(
            "sk-{hex}",
            "xoxb-your-bot-token",
            "AKIA1234567890ABCDEF",
            "password = 'hunter2'",
            "AKIAABCDEFGHIJKLMNOP",
            "GOCSPX-your-client-secret-here-12",
        ),
        token=lambda rng: drawn(rng, ALNUM, 36),
        hex=lambda rng: drawn(rng, "0123456789abcdef", 64),
        public=lambda rng: pem(rng, rng.choice(["PUBLIC KEY", "CERTIFICATE"])),
        random=lambda rng: pem(rng, "PRIVATE KEY", rng.randbytes(600)),
        cut=lambda rng: pem(rng, "RSA PRIVATE KEY")[:200] + "...\n-----END RSA PRIVATE KEY-----",
    ),
}
"""By the kind that they resemble."""


def _wrong(number: str, *, check: bool = False) -> str:
    """The same number with another check digit; an IBAN's stand at its third and fourth place."""
    if not check:
        return number[:-1] + str((int(number[-1]) + 3) % 10)
    rest = int("".join(str(int(char, 36)) for char in number[4:] + number[:2]) + "00")
    return f"{number[:2]}{(98 - rest % 97 + 5) % 97:02}{number[4:]}"
