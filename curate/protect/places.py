"""Where something is: URLs (RFC 3986), e-mail addresses (RFC 5322), paths and file names, handles."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.look import Look, Protected, hits

if TYPE_CHECKING:
    from collections.abc import Iterator

_URL = re.compile(
    r"(?:\b[A-Za-z][A-Za-z0-9+.-]{1,20}://|\bwww\d?\.|\b(?:mailto|tel|data|magnet|urn"
    r"|doi):(?=\S))[^\s<>\"“”`]+"
)
_TAIL = re.compile(r"[.,;:!?'’*_\]]+$")
_TOP = (
    "com|org|net|edu|gov|mil|int|info|biz|io|ai|co|dev|app|me|tv|ly|eu|us|uk|de|fr|es|it|nl|be|ch"
    "|at|ca|au|nz|in|jp|cn|kr"
    "|ru|br|mx|se|no|dk|fi|pl|cz|ie|pt|gr|tr|za|sg|hk|tw|il|ua|xyz|online|site|tech|cloud|local|l"
    "ocalhost|example|test|gle"
)
_DOMAIN = re.compile(rf"\.(?:{_TOP})\b(?![.-]?\w|@)(?::\d+)?(?:[/?#][^\s<>\"“”`]*)?")
_EMAIL = re.compile(r"[\w.!#$%&'*+/=?^{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}", re.ASCII)
_SPELLED_EMAIL = re.compile(
    r"\b[\w.+-]+ ?[\[({] ?at ?[\])}] ?[\w-]+(?: ?(?:\.|[\[({] ?dot ?[\])}]) ?[\w-]+)+", re.IGNORECASE
)
_WINDOWS = re.compile(
    r"(?<!\w)[A-Za-z]:[\\/](?:[^\s\\/:*?\"<>|\n]+(?: [^\s\\/:*?\"<>|\n]+)*[\\/])*[^\s\\/:*?\"<>"
    r"|\n]*|\\\\[\w.$-]+(?:\\[^\s\\/:*?\"<>|]+)+\\?"
    r"|(?:%\w+%|(?<!\w)\.{1,2})(?:\\[^\s\\/:*?\"<>|]+)+|\bHK(?:EY_\w+|LM|CU|CR)(?:\\[^\s\\/:*?\"<>|]+)+"
)
_UNIX = re.compile(
    r"(?<![\w/:<.~)\]])(?:~|\.{1,2})?/(?=[\w.@~-])[\w.@%+~-]*(?:/[\w.@%+~-]*)*(?<![.,])"
    r"|(?<![\w/.])(?:[\w.@-]+/){2,}[\w.@-]*\w|(?<![\w/.])[\w@-]+/[\w-]+\.\w{1,5}\b"
    r"|(?<!\w)~/(?!\w)"
)
_EXTENSIONS = (
    "txt|md|rst|pdf|docx?|xlsx?|pptx?|csv|tsv|jsonl?|xml|ya?ml|toml|ini|cfg|conf|log|lock|env|py|"
    "pyc|ipynb|js|mjs|ts|tsx|jsx|html?|css|scss|php|rb|go|rs|java|jar|war"
    "|class|c|cc|cpp|h|hpp|cs|swift|kt|scala|lua|pl|sh|bash|zsh|bat|cmd|ps1|exe|dll|so|dylib|bin|"
    "iso|img|dmg|apk|msi|deb|rpm|zip|tar|gz|tgz|bz2|xz|7z|rar|zst|parquet|arrow"
    "|sql|sqlite|db|bak|tmp|png|jpe?g|gif|svg|bmp|tiff?|webp|ico|mp[34]|wav|flac|avi|mov|mkv|ttf|"
    "woff2?|eml|pem|key|crt|cer|tex|bib|vue|proto|gradle|tf|r|m|sln|csproj|dockerfile"
)
_FILE = re.compile(
    rf"\.(?:{_EXTENSIONS}|gitignore|bashrc|zshrc|npmrc|dockerignore|editorconfig|htaccess|ssh)\b(?!\.\w)"
)
_NAMED = re.compile(r"\b(?:Dockerfile|Makefile|Jenkinsfile|Gemfile|Procfile|README|LICENSE|CHANGELOG)\b")
_HANDLE = re.compile(r"(?<![\w@/&])[@#](?=\w*[A-Za-z])\w[\w.-]*\w")
_AT = re.compile(r"[\[({] ?[Aa][Tt] ?[\])}]")
_LOCAL = re.compile(r"\blocalhost(?::\d+)?(?:/[^\s<>\"“”`]*)?")
_SCHEMES = frozenset(("mailto", "tel", "data", "magnet", "urn", "doi"))
_FILE_SIGN = re.compile(r"\.[A-Za-z0-9]")


def find(look: Look) -> Iterator[Protected]:
    """Every place."""
    text = look.text
    if "://" in text or "www" in text or (":" in look.signs and not look.words.isdisjoint(_SCHEMES)):
        yield from (_trimmed(hit.span(), text) for hit in _URL.finditer(text))
    if "@" in look.signs:
        yield from hits(_EMAIL, text, "email")
    if look.has("@", "#"):
        yield from hits(_HANDLE, text, "path")
    if look.has("[", "(", "{") and _AT.search(text):
        yield from hits(_SPELLED_EMAIL, text, "email")
    if "\\" in look.signs or ":/" in text:
        yield from hits(_WINDOWS, text, "path")
    if "/" in look.signs:
        yield from hits(_UNIX, text, "path")
    if _FILE_SIGN.search(text):
        for hit in _FILE.finditer(text):
            yield Protected(_begin(text, hit.start()), hit.end(), "path")
        for hit in _DOMAIN.finditer(text):
            if (start := _begin(text, hit.start())) < hit.start():
                yield _trimmed((start, hit.end()), text)
    if "localhost" in text:
        yield from hits(_LOCAL, text, "url")
    if "file" in text or "READ" in text or "LICENSE" in text or "CHANGELOG" in text:
        yield from hits(_NAMED, text, "path")


def _begin(text: str, at: int) -> int:
    """Where the labels before a dot begin."""
    while at and (text[at - 1].isalnum() or text[at - 1] in "_-."):
        at -= 1
    return at


def _trimmed(span: tuple[int, int], text: str) -> Protected:
    """Without the punctuation of the sentence that it stands in, and without a bracket that it does not open."""
    start, end = span
    while True:
        shown = text[start:end]
        if shown[-1:] == ")" and shown.count(")") > shown.count("("):
            end -= 1
        elif tail := _TAIL.search(shown):
            end = start + tail.start()
        else:
            return Protected(start, end, "url")
