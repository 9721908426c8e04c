"""The address of a machine on the Internet (IP) stands in the text.

Why     It can identify a household or a server, and a model repeats it. The GDPR counts it as personal data.
Mend    Put a placeholder in its place, `curate fix {files} --only pii -o {out}`, let known ones pass with
        `allow`, or set the rows aside: `curate drop {files} --select pii.ip -o {out}`.
Limits  Private, documentation and other special ranges, name servers, networks, versions and sections are
        spared. On rows we generated and tuned on, 300 with one and 300 with a look-alike: precision 300 of
        300 (Wilson .987 to 1), recall 300 of 300. Precision on real data: unmeasured (7 of 7 right in 26
        public files, but all are one time server's). Host names and hardware addresses are not looked for.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from curate.core.check import Batch, RowCheck, Severity, found
from curate.core.examples import ask, chat, preference
from curate.text.identifiers import Said, seek
from curate.text.marks import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOUR = re.compile(
    r"(?<![\w.%=-])(?<!\d[,-])(?<![^/]/)(?:[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}(?!\w|\.\w|/\d|-[\w.])",
    re.ASCII,
)
_SIX = re.compile(
    r"(?<![\w:.])[23][0-9A-Fa-f]{3}:(?:[0-9A-Fa-f]{0,4}:){1,6}[0-9A-Fa-f]{1,4}(?![\w:]|/\d)", re.ASCII
)
_WANTED = r"[0-9]\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]|[23][0-9A-Fa-f]{3}:[0-9A-Fa-f:]{5}"
_WORDS = re.compile(
    r"\bip(?:v[46])?\b|\baddress|\bhosts?\b|\bservers?\b|\bping\b|\bssh\b|\blog(?:in|ged)\b|\bclient\b"
    r"|\bconnect|\bremote\b|\bgateway\b|\brouter\b"
    r"|\bnetwork\b|\bfirewall\b|\bblocked\b|\brequests?\b|\btraffic\b|\bproxy\b|\bdns\b|\bnode\b"
    r"|\bhttps?://|\btraceroute\b|\bwhois\b|@$|地址|服务器|adresse|direcci[oó]n"
)
_NUMBERED = re.compile(
    r"(?:\b(?:versions?|ver|v|releases?|build|firmware|update|upgrade[ds]?|sections?|sec|chapter|clause"
    r"|paragraph|article|figure|fig|table|rule|appendix|ec|oid"
    r"|schedule|exhibit|module|lemma|theorem|windows|chrome|firefox|safari|opera|android|ios|java|assembly"
    r"|package|kernel|driver|score|codes?)\b[.:]?|§)[^\w\n]{0,3}"
    r"(?:\d[\d.]*(?:,| and| to| or| -)?\s)*(?:number |no\.? |to |from )?$"
)
_PRINTED = """1.1.1.1 1.0.0.1 8.8.8.8 8.8.4.4 9.9.9.9 149.112.112.112 208.67.222.222 208.67.220.220
4.2.2.2 4.2.2.1 1.2.3.4 4.3.2.1 5.6.7.8 2.3.4.5"""
_KNOWN = frozenset(_PRINTED.split())
"""Public name servers, and addresses that are typed rather than given out."""

_SMALL = 32
_LEAST_LARGE = 2

FLAGGED = (
    ask("Who logged in?").answer("A login from 84.191.36.207 failed.").at("84.191.36.207"),
    ask("Which host?").answer("See 217.160.86.14.").at("217.160.86.14"),
    ask("Which?")
    .answer("Its IPv6 address is 2a02:8109:9a40:1e7c:3d5f:1c2b:88a1:4f0e.")
    .at("2a02:8109:9a40:1e7c:3d5f:1c2b:88a1:4f0e"),
    chat(("user", "I am at 92.12.8.77, why am I blocked? My IP is 92.12.8.77"), ("assistant", "Wait.")).at(
        "92.12.8.77"
    ),
    preference("Who?", "I may not say.", "Server 217.160.86.14:22").at("217.160.86.14"),
)
CLEAN = (
    ask("Which?").answer(
        "Use 127.0.0.1, 10.1.2.3, 192.168.178.20, 172.16.0.9, 169.254.7.7, 0.0.0.0 or 255.255.255.0 on the server."
    ),
    ask("Which?").answer(
        "The documentation uses 192.0.2.7, 198.51.100.23, 203.0.113.99 and 2001:db8:85a3::8a2e:370:7334 as addresses."
    ),
    ask("DNS?").answer("Set the server to 8.8.8.8, 1.1.1.1 or 2001:4860:4860::8888."),
    ask("Version?").answer(
        "Upgrade to version 91.147.120.44; Chrome/91.0.147.124 and driver-91.147.120.44.zip, "
        "v91.147.120.44, lib==91.147.20.4"
    ),
    ask("Where?").answer("Section 14.2.1.3, rules 4.12.1.7 and 4.12.1.8, EC 3.1.1.11, OID 1.3.6.1.4.1.311."),
    ask("Range?").answer(
        "The network 157.240.0.0/16 belongs to a firm; a host is 300.1.2.3; MAC 2a:02:81:09:9a:40, at 20:15:30."
    ),
)


@dataclass(frozen=True)
class Ip(RowCheck):
    """Single addresses that are routed on the Internet, told from versions and sections."""

    severity: Severity = Severity.WARNING

    def examine(self, batch: Batch) -> pl.DataFrame:
        """One finding for each address."""
        hits = seek(batch, pl.col("text").str.contains(_WANTED), _addresses)
        return found(hits, pl.format("an {} address stands in the text", "word"), evidence=pl.col("word"))


def _addresses(said: Said) -> Iterator[Mark]:
    for hit in _FOUR.finditer(said.text):
        if _is_public(hit[0]) and _is_address(said, hit):
            yield Mark(*hit.span(), "IPv4")
    for hit in _SIX.finditer(said.text):
        if _is_public(hit[0]):
            yield Mark(*hit.span(), "IPv6")


def _is_public(text: str) -> bool:
    """Whether it is routed (IANA's special-purpose registries), and no name server, network or typed address."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if not address.is_global or address.is_multicast or text in _KNOWN or text.endswith((".0", ".255")):
        return False
    octets = text.split(".")
    return (
        (len(octets) == 1 or len(set(octets)) > 1)
        and not text.startswith("2001:4860:4860::")
        and not text.startswith("2606:4700:4700::")
    )


def _is_address(said: Said, hit: re.Match[str]) -> bool:
    """Numbers of sections and versions are small; what has few large octets needs a word that speaks of machines."""
    before = said.ahead_of(hit.start(), 90)
    if _NUMBERED.search(before):
        return False
    large = sum(int(octet) >= _SMALL for octet in hit[0].split("."))
    return large > _LEAST_LARGE or (
        large > 0 and bool(_WORDS.search(before) or _WORDS.search(said.after(hit.end(), 60)))
    )
