"""Terminal escape sequences: what steers a terminal and is no part of what a text says."""

from __future__ import annotations

import re

ESCAPE_SEQUENCE = re.compile(
    "\x1b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\\\)|[ -/]+[0-~])"
)
"""Control sequences (colours, movement), operating system commands (titles, links) and charset switches, as
ECMA-48 (5th edition, sections 5.3 to 5.6) writes them in seven bits. A lone ESC before a letter is none of them."""
