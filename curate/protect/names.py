"""Names: capitalised words within a sentence, acronyms, words of mixed case, drugs, and tools that have no capital.

A capital at the beginning of a sentence tells nothing, so a word there counts only if the text elsewhere capitalises it
within a sentence, if another capitalised word follows, or if it is the name of a drug. Function words never count.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.drugs import is_drug
from curate.protect.look import Look, Protected, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

_UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪĮİĶĹĽŁŃŅŇŌŐŒŘŚŞŠŢŤŪŮŰŲŸŹŻŽ"
_CAPITALISED = re.compile(rf"[{_UPPER}](?<![^\W_].)[^\W\d_]*(?:[-'’.&][^\W\d_]+)*")
_INNER = re.compile(r"[A-Z](?<=[a-z0-9].)")
_ACRONYM = re.compile(
    rf"[{_UPPER}]{{2,}}(?:[-/&.'’]?[{_UPPER}0-9]+)*(?:['’]?s)?|(?:[A-Z]\.){{2,}}[A-Z]?"
    rf"|[A-Z](?:[-&/][A-Z0-9]+)+|[A-Z]{{2,}}(?:-\w+)+"
)
_DOTTED = re.compile(r"\.[A-Za-z]\.(?:[A-Za-z]\.)*(?:[A-Za-z](?!\w))?")
_JOINED = re.compile(
    r"\b\w+_\w+(?:\.\w+)*(?:\(\))?|\b[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\(\)|\b[A-Za-z]\w*::\w+"
    r"|\w+\\_\w+"
)
_INDEXED = re.compile(r"\[(?<=\w\[)[\w:+*/, '\"-]{0,30}\](?!\()")
_PREFIX = re.compile(r"[^\W\d_]+[-'’]\Z")
_START = re.compile(
    r"(?:\A|[.!?…\]>]|\n|\s\s(?=\s|[-*•–—#>◦▪\d(]))[\"'”’)\]*_]*\s*(?:[-*•–—#>◦▪]+\s*"
    r"|\(?(?:\d{1,3}|[a-zA-Z])[.)]\s*)*[\"'“‘(\[*_]*\Z"
)
_COLON = re.compile(r":[*_]*\s+[\"'“‘(*_]*\Z")
_GOES_ON = re.compile(r"[^\s]*[,]? [a-z]")
_ABBREVIATED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs?|[A-Z]|No|Inc|Ltd|Co|Corp|Lt|Col|Gen|Sgt|Rev|Hon|Sen|Rep"
    r"|Gov|Mt|Ft|e\.g|i\.e|al|cf|ca|fig|approx)\.\s\Z"
)
_BEFORE = 24
_SHORT = 2

FUNCTION_WORDS = frozenset(
    listed(
        "a an the this that these those i you he she it we they me him her us them my your his its"
        " our their mine yours who whom whose which what when where why how if then else and or but"
        " nor so yet for of in on at by to from with without"
        " about above after again against all also although always am among any are as be because"
        " been before being below between both can cannot could did do does doing done down during"
        " each either every few first finally further furthermore"
        " had has have having here hence however into is it's i'm i've i'll i'd just last let like"
        " many may maybe might more moreover most much must neither never next no none not nothing"
        " now off often once one only other others otherwise out over own"
        " perhaps please rather same second shall should since some someone something sometimes still"
        " such than thank thanks there therefore though through thus too two three under unless until"
        " up upon very was were well what's while will within"
        " would yes no ok okay note see example answer question there's that's don't doesn't isn't"
        " aren't can't let's you're we're they're"
    )
)
"""Words that are no names although they may be capitalised: in titles, after colons, for emphasis."""

_TOOLS = frozenset(
    listed(
        "kubectl kubelet kubeadm minikube kube etcd systemctl systemd journalctl nginx apache httpd"
        " numpy scipy pandas pytorch tensorflow keras sklearn matplotlib seaborn jupyter conda pip"
        " npm npx yarn webpack eslint kotlin rustc cargo golang gofmt"
        " grep sed awk sudo chmod chown mkdir rmdir vim emacs tmux zsh bash ssh sshd scp rsync curl"
        " wget ffmpeg imagemagick openssl gpg gcc clang cmake llvm jdk jvm sqlite postgres postgresql"
        " mysql mongodb redis memcached rabbitmq kafka zookeeper hadoop"
        " localhost stdin stdout stderr async await init args kwargs regex enum struct tuple"
        " namedtuple dataclass boolean bool int str varchar printf println iptables crontab"
        " dockerfile makefile readme github gitlab bitbucket hostname username dataset datasets"
        " backend frontend middleware webhook webhooks namespace configmap goroutine mutex ansible"
        " terraform jenkins grafana prometheus helm istio envoy flask django rails laravel symfony"
        " jquery redux nodejs nextjs vuejs svelte typescript javascript"
    )
)


def find(look: Look) -> Iterator[Protected]:
    """Every name, acronym and word of mixed case."""
    text = look.text
    if "." in look.signs:
        for hit in _DOTTED.finditer(text):
            at = hit.start()
            if at and text[at - 1].isalpha() and not (at > 1 and text[at - 2].isalnum()):
                yield Protected(at - 1, hit.end(), "acronym")
    if "_" in look.signs or "()" in text or "::" in text:
        yield from (Protected(*hit.span(), "mixed") for hit in _JOINED.finditer(text))
    if "[" in look.signs:
        for hit in _INDEXED.finditer(text):
            yield Protected(_grown(text, hit.start() - 1).start, hit.end(), "mixed")
    done = 0
    for hit in _INNER.finditer(text):
        if hit.start() >= done:
            word = _grown(text, hit.start())
            done = word.end
            yield word
    yield from _capitalised(text)
    special = [word for word in look.words if is_drug(word) or word in _TOOLS]
    if special:
        pattern = re.compile(
            rf"\b(?:{'|'.join(sorted(special, key=len, reverse=True))})(?![^\W\d_])", re.IGNORECASE
        )
        yield from (Protected(*hit.span(), "name") for hit in pattern.finditer(text))


def _grown(text: str, at: int) -> Protected:
    """The whole word around a capital within it."""
    start = end = at
    while start and (text[start - 1].isalnum() or text[start - 1] in "_-"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] in "_-"):
        end += 1
    return Protected(start, end, "mixed")


def _capitalised(text: str) -> Iterator[Protected]:
    """Capitalised words that are names by where they stand, or by where else they stand."""
    waiting: list[tuple[int, int, str]] = []
    known: set[str] = set()
    begin = last = -2
    for hit in _CAPITALISED.finditer(text):
        start, end = _begin(text, hit.start()), hit.end()
        word = hit[0].rstrip(".'’-&")
        low = word.lower()
        if len(word) > 1 and low not in _SHOUTED and _ACRONYM.fullmatch(word):
            yield Protected(start, end, "acronym")
            begin = last = -2
            continue
        stem = word.removesuffix("'s").removesuffix("’s")
        if low in FUNCTION_WORDS or stem.lower() in FUNCTION_WORDS:
            begin = last = -2
            continue
        follows = start - last == 1 and text[last] in " -" and len(word) > 1
        begin, last = (begin if follows else start), end
        if not starts_sentence(text, start):
            known.add(stem)
            yield Protected(begin, end, "name")
        else:
            waiting.append((start, end, stem))
    yield from (Protected(start, end, "name") for start, end, stem in waiting if stem in known)


def _begin(text: str, at: int) -> int:
    """Where a word begins whose capital stands behind a particle: "non-Hodgkin", "d'Hubert"."""
    if not at or text[at - 1] not in "-'’":
        return at
    prefix = _PREFIX.search(text, max(0, at - _BEFORE), at)
    return prefix.start() if prefix else at


def starts_sentence(text: str, at: int) -> bool:
    """Whether a word is the first of a sentence, a line or an item, so that its capital tells nothing."""
    if at > 1 and text[at - 1] == " " and (text[at - 2].isalnum() or text[at - 2] == ","):
        return False
    before = text[max(0, at - _BEFORE) : at] if at <= _BEFORE else "x" + text[at - _BEFORE : at]
    begins = _START.search(before)
    if begins is None:
        return _COLON.search(before) is not None and _GOES_ON.match(text, at) is not None
    return not _ABBREVIATED.search(before)


_SHOUTED = frozenset(word for word in FUNCTION_WORDS if len(word) > _SHORT and word not in {"who", "may"}) | {
    "not",
    "no",
    "do",
    "be",
    "is",
    "if",
    "or",
    "and",
}
"""Words in capitals that are emphasis, not acronyms."""
