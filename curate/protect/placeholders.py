"""What stands for something else: fields of templates, format strings, variables, and the tokens of chat templates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from curate.protect.look import Look, Protected, hits

if TYPE_CHECKING:
    from collections.abc import Iterator

_BRACES = re.compile(
    r"\{\{[^{}\n]{0,200}\}\}|\{%[^{}\n]{0,200}%\}|\{#[^{}\n]{0,200}#\}|\$?\{[\w.$:!"
    r"|\[\]' -]{0,60}\}|\$\([^()\n]{1,200}\)"
)
_SQUARE = re.compile(
    r"\[(?:[A-Z][A-Z0-9_ /'’.#-]{1,60}|(?:[Yy]our|[Ii]nsert|[Ee]nter|[Aa]dd|[Nn]ame|[Dd]ate"
    r"|[Aa]ddress|[Cc]ompany|[Cc]ity|[Pp]hone|[Ee]-?mail|[Rr]ecipient|[Ss]ender|[Mm]anager"
    r"|[Hh]iring"
    r"|[Pp]osition|[Jj]ob|[Pp]roduct|[Cc]lient|[Cc]ustomer|[Tt]itle|[Tt]ime|[Ll]ocation|[Aa]mount"
    r"|[Nn]umber|[Ss]tate|[Mm]y|[Rr]edacted|[Bb]lank|[Ll]ink|[Uu][Rr][Ll]"
    r"|[Xx]{1,5})\b[^\[\]\n]{0,80}"
    r"|[^\[\]\n]{0,40}\b(?:[Nn]ame|[Aa]ddress|[Nn]umber|[Dd]ate|[Ee]-?mail|[Pp]hone|[Cc]ompany"
    r"|[Ll]ink|[Aa]mount|here)\b[^\[\]\n]{0,40}"
    r"|[A-Z][\w'’]*(?: [A-Z][\w'’]*){0,5}|_+|\.{3}|…|x| )\]"
)
_ANGLES = re.compile(r"<(?!\d)[\w][\w .:'/-]{0,60}>|«[A-Z_]+»|<<[A-Z_ ]+>>")
_PERCENT = re.compile(
    r"%(?:\(\w+\))?[-+ #0]?\d*(?:\.\d+)?(?:l{0,2}[dixu]|[sdfFeEgGrcoXb@])(?![A-Za-z])"
    r"|%[A-Za-z_]\w*%|%\d\$[sd]"
)
_DOLLAR = re.compile(r"\$[A-Za-z_]\w*|\$[0-9@*#?!](?![\d.,])")
_BLANKS = re.compile(r"_{2,}(?:[A-Z][A-Z0-9_]*_{2})?|\.{5,}|…{2,}")
_BOUND = re.compile(r":(?<!\w:)[a-z_]+(?= ?[,)])")
_CHAT = re.compile(
    r"<\|[\w .:/-]{1,60}\|>|</?s>|\[/?(?:INST|SYS|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS|CLS|SEP"
    r"|MASK|PAD|UNK|BOS|EOS|IMG)\]|<</?SYS>>|</?(?:think|tool_call|tool_response|tools|unk|pad"
    r"|mask|bos|eos|start_of_turn|end_of_turn|image|answer|reasoning|scratchpad)>"
    r"|<｜[^｜\n]{1,60}｜>|<0x[0-9A-F]{2}>|^\s*#{2,4} ?(?:Instruction|Response|Input|Output|Human"
    r"|Assistant|User|System|Question|Answer)\b:?"
    r"|^(?:Human|Assistant|User|System|Bot|AI|Q|A):(?=\s|$)|<unk>|<extra_id_\d+>|</?[A-Z]+_?\d*>",
    re.MULTILINE,
)
_ROLES = ("Human:", "Assistant:", "User:", "System:", "Bot:", "AI:", "Q:", "A:", "##")


def find(look: Look) -> Iterator[Protected]:
    """Every placeholder and chat token."""
    text = look.text
    if "{" in look.signs or "$(" in text:
        yield from hits(_BRACES, text, "placeholder")
    if "[" in look.signs and "]" in look.signs:
        yield from hits(_SQUARE, text, "placeholder")
    if look.has("<", "«"):
        yield from hits(_ANGLES, text, "placeholder")
    if "%" in look.signs:
        yield from hits(_PERCENT, text, "placeholder")
    if "$" in look.signs:
        yield from hits(_DOLLAR, text, "placeholder")
    if "__" in text or "....." in text or "……" in text:
        yield from hits(_BLANKS, text, "placeholder")
    if ":" in look.signs:
        yield from hits(_BOUND, text, "placeholder")
    if look.has("<", "[") or any(role in text for role in _ROLES):
        yield from hits(_CHAT, text, "token")
