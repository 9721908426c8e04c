"""A first plan for data that is there: a preset, what the rows have in common, and budgets at today's counts.

So the gate passes today and fails on what gets worse; a team then lowers the numbers as it mends.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from curate.config.toml_form import write_key, write_toml, write_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from curate.core.report import Problem, Report
    from curate.core.table_map import TableMap

PROVENANCE = tuple(
    f"{prefix}{name}"
    for name in ("source", "license", "licence", "origin", "url", "vendor")
    for prefix in ("", "meta.", "metadata.")
)
"""Fields by which a row can be traced and cleared for use."""

LONG = 3
"""Turns of one question and its answer with a system turn before; more make a conversation."""

MOST_LANGUAGES = 4


def fitting_preset(layouts: Mapping[str, int], turns: Mapping[str, int]) -> str:
    """The preset for data of these layouts, with so many rows of so many turns each."""
    rows = max(sum(layouts.values()), 1)
    if 2 * layouts.get("preference", 0) >= rows:
        return "preference"
    conversations = sum(count for number, count in turns.items() if int(number) > LONG)
    return "chat" if 2 * conversations >= rows else "sft-lenient"


@dataclass(frozen=True)
class Seen:
    """What was found in the data.

    Attributes:
        command: by which the plan is written.
        report: judged by the preset alone.
        preset: its name.
        missing: fields of ``PROVENANCE`` that some rows have, each with the number of rows that have it not.
        languages: of a sample of answers, with counts.
        mapping: how own tables are read.
        encoding: of text files, where it was asked for.
    """

    command: str
    report: Report
    preset: str
    missing: Mapping[str, int]
    languages: Sequence[tuple[str, int]]
    mapping: TableMap
    encoding: str | None = None


def propose(seen: Seen) -> str:
    """The plan as commented TOML; it holds no text of any row."""
    return "\n".join((*_head(seen), *_reading(seen), *_required(seen), *_budgets(seen))) + "\n"


def _head(seen: Seen) -> Iterator[str]:
    yield f"# What `curate check` asks of this data; written by `{seen.command}`."
    yield f"# Found: {_found(seen)}."
    yield "# What else a plan can say: docs/reference/plan.md. Editors: curate init --schema > curate.schema.json"
    yield ""
    yield f"# `curate init --preset {seen.preset} --show` prints what the preset asks for."
    yield f"extends = {write_value(seen.preset)}"
    report = seen.report
    if report.quarantine_blocks:
        yield ""
        count, allowed = report.rows.quarantined, report.quarantine_budget
        yield f"# Today {count:,} records cannot be read; the preset allows {allowed}."
        yield f"quarantine = {report.rows.quarantined}"


def _found(seen: Seen) -> str:
    layouts: Counter[str] = Counter()
    for file in seen.report.files:
        layouts.update(file.layouts)
    parts = [f"{seen.report.rows.kept:,} rows ({_shares(layouts.most_common())})"]
    if seen.languages:
        parts.append(
            f"answers in {_shares(seen.languages[:MOST_LANGUAGES], sum(n for _, n in seen.languages))}"
        )
    return "; ".join(parts)


def _shares(counts: Sequence[tuple[str, int]], of: int | None = None) -> str:
    total = max(of or sum(count for _, count in counts), 1)
    return ", ".join(f"{name} {count / total:.0%}" for name, count in counts)


def _reading(seen: Seen) -> Iterator[str]:
    """How the data is read, where it must be said."""
    table: dict[str, Any] = {"encoding": seen.encoding} if seen.encoding else {}
    mapping = seen.mapping
    if mapping.columns:
        table["map"] = {part: list(names) for part, names in mapping.columns.items()}
    if mapping.group is not None:
        group = mapping.group
        order = f"{group.order}:{group.form}".rstrip(":")
        named = {"by": group.by, "order": order, "role": group.role, "roles": dict(group.roles)}
        table["group"] = {key: value for key, value in named.items() if value}
    if mapping.drop:
        table["drop"] = {name: list(values) for name, values in mapping.drop.items()}
    if table:
        yield ""
        yield write_toml(table).rstrip()


def _required(seen: Seen) -> Iterator[str]:
    rows = seen.report.rows.kept
    always = [name for name, count in seen.missing.items() if not count]
    yield "\n[require]"
    if always:
        yield "# All rows have it; one that comes without does not pass."
        yield f"fields = {write_value(always)}"
    for name, count in seen.missing.items():
        if count:
            yield f"# Of {rows:,} rows, {count:,} without {write_value(name)}: ask for it once they have it."
    if not seen.missing:
        yield '# No row says where it comes from. fields = ["source", "license"] asks for it.'
    yield "# A file that was cut short has fewer rows; the rule of thumb for fine-tuning is 1,000 to 5,000 examples."
    yield f"# rows = {rows}"


def _budgets(seen: Seen) -> Iterator[str]:
    blocking = [problem for problem in seen.report.problems if problem.blocks]
    if not blocking:
        return
    yield "\n[budget]"
    yield "# Over the preset today. Lower the numbers as the rows are mended; then take the lines out."
    for problem in sorted(blocking, key=_by_name):
        yield f"# {problem.title}: allowed are {problem.budget}."
        yield f"{write_key(problem.check)} = {problem.rows}"


def _by_name(problem: Problem) -> str:
    return problem.check
