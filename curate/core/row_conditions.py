"""Which columns a ``row_condition`` of Great Expectations reads.

There are three forms: an object of conditions (since 1.9), a text ``col("NAME") == …`` (for the parser
``great_expectations``), and a text for ``DataFrame.query`` of pandas, in which names that are no identifiers stand in
backticks.
"""

from __future__ import annotations

import ast
import re

_GX = re.compile(r"""col\(\s*["']([^"']*)["']\s*\)""")
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|`([^`]+)`""")

NOT_COLUMNS = frozenset({"index", "true", "false", "nan", "inf", "None"})
"""Names that an expression of pandas may hold beside columns."""


def columns_of(condition: object, parser: str = "") -> frozenset[str]:
    """The columns that a condition names.

    >>> sorted(columns_of("`meta.source` == 'web' and turns > 2 and prompt.str.len() > 3"))
    ['meta.source', 'prompt', 'turns']

    Args:
        condition: an object or a text; None if there is none.
        parser: ``condition_parser``, for a text.

    Raises:
        ValueError: it is no condition; in words that follow the name of what it belongs to.
    """
    if condition is None or condition == "":
        return frozenset()
    if isinstance(condition, dict):
        return _of_object(condition)
    if not isinstance(condition, str):
        raise ValueError("is neither a text nor an object")  # noqa: TRY004 (one kind of error for all)
    if parser.startswith("great_expectations"):
        return frozenset(_GX.findall(condition))
    return _of_query(condition)


def _of_object(condition: dict[str, object]) -> frozenset[str]:
    """Comparisons, and groups of them."""
    column, inner = condition.get("column"), condition.get("conditions")
    name = column.get("name") if isinstance(column, dict) else column
    own = {name} if isinstance(name, str) else set()
    if "pass_through_filter" in condition:
        own |= columns_of(condition["pass_through_filter"])
    parts = [columns_of(one) for one in inner] if isinstance(inner, list) else []
    return frozenset(own).union(*parts)


def _of_query(text: str) -> frozenset[str]:
    """Names of an expression of pandas; what is called is a function and no column."""
    quoted: dict[str, str] = {}

    def stand_in(hit: re.Match[str]) -> str:
        if hit[1] is None:
            return hit[0]
        return quoted.setdefault(hit[1], f"_quoted_{len(quoted)}_")

    plain = _QUOTED.sub(stand_in, text).strip().replace("\n", " ")
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ValueError("is no expression of pandas") from error
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called}
    written = {stand: name for name, stand in quoted.items()}
    return frozenset(written.get(name, name) for name in names if name not in NOT_COLUMNS)
