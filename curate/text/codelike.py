"""Whether a text is code, or holds lines of it, although no backquotes say so."""

from __future__ import annotations

import re

_LINES = re.compile(
    r"[;{}]\s*(?:\n|\Z)|^\s*(?:def|class|import|from \w+ import|for|while|if|elif|return|function|const|let"
    r"|var|public|private"
    r"|static|void|int|#include|#define|package|func|echo|print|SELECT|INSERT|UPDATE"
    r"|CREATE)\b.*[:;({)\"']\s*$"
    r"|^\s*[\w.\[\]]+ ?[-+*/]?= ?\S.*[\])\"'\d]\s*$|=>|\w\(\)|<\?php|<!DOCTYPE|<script|</(?:html|body|head"
    r"|script|style)>",
    re.MULTILINE | re.IGNORECASE,
)
_LATEX = re.compile(
    r"\\(?:begin|end|frac|text\w*|hline|times|sqrt|sum|int|cdot|left|right|mathrm|mathbf|section|item"
    r"|usepackage)\b|\$\$|\\\["
)


def looks_like_code(text: str) -> bool:
    """Whether a line ends or begins as lines of common languages do."""
    return _LINES.search(text) is not None


def looks_like_latex(text: str) -> bool:
    """Whether LaTeX commands stand in the text."""
    return _LATEX.search(text) is not None
