"""The reference page of the plan, from its JSON Schema and the presets' files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from curate.cli.init import schema_text
from curate.config.presets import NAMES, preset_text

if TYPE_CHECKING:
    from collections.abc import Iterator

HEAD = """# The plan

`curate.toml` in the working folder, or the file that `--plan` names; `curate.yaml` says the same as YAML.
Commands read it, and flags are laid over it; so do `curate.check` and `curate.report` in Python, unless they are given
a plan, or `plan=None` for none. A mistake, such as an unknown key or a check that does not
exist, stops the command with exit code 2, the line, and a suggestion. Generated from
`curate/config/schema.py` and the presets.

```console
$ curate init data.jsonl                          # writes a plan that the data passes today
$ curate init --show                              # what holds for every check, and who says so
$ curate init --preset sft-strict --show          # the same of a preset
$ curate init --schema > curate.schema.json       # for editors
```

An editor that reads TOML schemas (Even Better TOML, Taplo) takes `#:schema ./curate.schema.json` as the first
line of the plan.
"""

EXAMPLE = """## An example

```toml
extends = "sft-strict"
quarantine = "0.1%"            # records that cannot be read
expectations = ["expectations/sft.json"]

[budget]
"sft.column-values-to-not-be-null.prompt" = "2%"
"duplicate.conflict" = 12      # so many rows, and no more
answer = "1%"                  # each check of the family
"text.invisible" = "none"      # never blocks

[severity]
"answer.refusal" = "warning"

[require]
fields = ["source", "meta.license"]
rows = 1000

[[waiver]]
check = "pii.email"
file = "support-*.jsonl"
pattern = ".*@example\\\\.com"
owner = "Ann Lee"
reason = "addresses of the manual, nobody's"
until = 2026-12-31
```
"""

POLICY = """## Required metadata and rows

Each field of `[require]` is a check of its own, `require.FIELD`: a row without it is a finding with its
place, and it blocks unless the plan gives it a budget. A field that is null, NaN, empty or white space is
missing. Fewer than `rows` rows that can be read block as `require.minimum-rows`, which may have a severity and
a budget too: how many may be missing. Nothing is asked unless the plan does. `select` and `--select` narrow the
checks, and nothing that is required; `ignore` leaves it out.

## Schema suites

`expectations` names suites of Great Expectations, or folders of them, that `curate check`, `curate baseline` and
`curate.check` in Python run beside the checks; `--expectations` adds others. Each expectation has the name
`SUITE.EXPECTATION.COLUMN`, as in `sft.column-values-to-be-in-set.layout`: `[severity]`, `[budget]`, `ignore` and
waivers speak of it, of the expectation on any column, or of the whole suite. A suite that is named as a family of
checks is called `NAME-suite`. What is said of suites that a run does not load is passed over; a slip in the name of an
expectation of a suite that it does load is an error. `curate report`, `probe` and `run` run no suites.

## Waivers

A waiver takes findings out of the verdict: those of a check, or of a family, that meet all of `rows`, `file`
and `pattern` which it names (at least one). Every report tells who answers for how many rows, why, and until
when. From the day after `until` (UTC) the findings are back, and the gate fails as `waiver.expired`, with the
owner's name, until the waiver is taken out or somebody answers for it anew. `curate check --today 2027-01-01`
says what will happen on that day.

A row is known by its key, so that lines may move; an edited row has another key. To live with what is there
without names and ends, use a baseline.

## Presets

A plan with `extends` is laid over a preset, key by key in tables; lists, and single values, are replaced.
What a plan says about a family in `[severity]` or `[budget]` also replaces what the preset says about checks
of that family. A severity of the plan's own also takes the preset's budget with it, for a warning with a budget
blocks. Within one file the longer name holds: `"answer.refusal"` before `answer`. The numbers in presets are
judgement, not measurement; each has its reason beside it.
"""


def plan_page(schema: dict[str, Any]) -> str:
    """The page."""
    keys = [
        "## The keys",
        "",
        "| key | value | meaning |",
        "|---|---|---|",
        *_rows(schema["properties"], schema),
    ]
    presets = [f"### {name}\n\n```toml\n{preset_text(name).rstrip()}\n```\n" for name in NAMES]
    return "\n".join([HEAD, EXAMPLE, *keys, "", POLICY, *presets]).rstrip() + "\n"


def _rows(properties: dict[str, Any], schema: dict[str, Any], path: str = "") -> Iterator[str]:
    for key, shape in properties.items():
        yield f"| `{path}{key}` | {_value(shape, schema)} | {shape.get('description', '').replace('|', 'or')} |"
        inner = shape.get("properties") if shape.get("additionalProperties") is False else None
        item = shape.get("items", {})
        if key not in ("map", "fields", "options") and inner:
            yield from _rows(inner, schema, f"{path}{key}.")
        elif item.get("properties"):
            yield from _rows(item["properties"], schema, f"{path}{key}.")


def _value(shape: dict[str, Any], schema: dict[str, Any]) -> str:
    """The type in words."""
    if "$ref" in shape:
        return _value(schema["$defs"][shape["$ref"].rpartition("/")[2]], schema)
    if "enum" in shape:
        return ", ".join(f"`{value}`" for value in shape["enum"])
    if "anyOf" in shape and "type" not in shape:
        return " or ".join(dict.fromkeys(_value(one, schema) for one in shape["anyOf"]))
    kind = shape.get("type", "anything")
    words = {"string": "text", "integer": "whole number", "boolean": "true or false", "object": "table"}
    if kind == "array":
        return "tables" if "properties" in shape["items"] else f"list of {_value(shape['items'], schema)}"
    return " or ".join(words.get(one, one) for one in ([kind] if isinstance(kind, str) else kind))


def plan_pages() -> dict[str, str]:
    """The page and the schema, by the names of their files."""
    text = schema_text()
    return {"plan.md": plan_page(json.loads(text)), "curate.schema.json": text}
