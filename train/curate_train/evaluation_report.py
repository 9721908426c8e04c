"""The page of an evaluation: figures, facets, and answers side by side, worst first.

One file that loads nothing: its Content-Security-Policy (W3C CSP Level 3) allows one style by its hash and no script.
Row text passes through Jinja's autoescape, and characters that would hide or turn text around are named.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

from curate.text.visible import visible
from curate_train.metrics.measures import SHARES, TITLES
from curate_train.metrics.rouge import rouge
from curate_train.metrics.tables import tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jinja2 import Environment

    from curate_train.compare import Comparison, Line
    from curate_train.evaluate_folder import Evaluation
    from curate_train.metrics.answered import Answered
    from curate_train.metrics.resampling import Difference, Estimate
    from curate_train.metrics.tables import Figures

SAMPLES = 100
"""Rows that are shown."""

LONGEST = 2400
"""Characters of a text that are shown."""

BY_FACET = ("nll", "chrf", "rougeL", "exact_match", "refusal_rate")
PERCENT = frozenset({"length_ratio", *SHARES})


def render(evaluation: Evaluation, base: Evaluation | None = None, compared: Comparison | None = None) -> str:
    """The page as one HTML document; the same evaluation gives the same bytes.

    Args:
        evaluation: of the model.
        base: of what it is held against, if there is anything.
        compared: of the two.
    """
    whole = evaluation.tables or tables(evaluation.rows)
    names = _names(evaluation, base)
    lines = [_compared(line) for line in compared.lines] if compared else _alone(whole.whole)
    samples = _samples(evaluation.rows, base.rows if base else (), names)
    return _page(
        "evaluation.html.j2",
        headline=compared.headline if compared else _headline(whole.whole),
        facts=_facts(evaluation, whole.whole),
        groups=f"{(compared or whole.whole).groups:,}",
        names=names,
        compared=compared is not None,
        lines=lines,
        notes=_notes(whole.signatures, whole.whole, compared),
        facets=[_facet(name, values) for name, values in whole.facets.items()],
        samples=samples,
        shown=f"{len(samples):,}",
        rows=f"{len(evaluation.rows):,}",
    )


def _page(template: str, **values: Any) -> str:  # noqa: ANN401 (whatever the template asks for)
    return environment().get_template(template).render(**styled(), **values)


def styled(script: str = "") -> dict[str, Any]:
    """The style sheet, the script, and the policy that allows these two and nothing else."""
    from markupsafe import Markup  # noqa: PLC0415 (comes with jinja2)

    style = asset("page.css")
    scripts = f"; script-src {_hash(script)}" if script else ""
    return {
        "style": Markup(style),  # noqa: S704 (our own file, not data)
        "script": Markup(script),  # noqa: S704 (the same)
        "policy": f"default-src 'none'; style-src {_hash(style)}{scripts}; base-uri 'none'; form-action 'none'",
    }


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def asset(name: str) -> str:
    """A file of ``curate_train/assets``."""
    return resources("curate_train").joinpath("assets", name).read_text(encoding="utf-8")


@cache
def environment() -> Environment:
    """The templates of all pages of ``train``; whatever a row holds is escaped in them."""
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 (only for pages)
    from markupsafe import Markup  # noqa: PLC0415 (the same)

    def finalize(value: object) -> object:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    return Environment(
        loader=PackageLoader("curate_train", "assets"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
    )


def number(name: str, value: float | None, *, signed: bool = False) -> str:
    """A figure as people read it: shares in percent, likelihoods with three decimals."""
    if value is None:
        return "–"
    sign = "+" if signed else ""
    if name in PERCENT:
        return f"{100 * value:{sign}.1f} %"
    return f"{value:{sign}.3f}" if name == "nll" else f"{value:{sign}.2f}"


def bounds(name: str, one: Estimate | Difference, *, signed: bool = False) -> str:
    """An interval as people read it; nothing where there is none."""
    if one.low is None or one.high is None:
        return ""
    return f"{number(name, one.low, signed=signed)} to {number(name, one.high, signed=signed)}"


def _names(evaluation: Evaluation, base: Evaluation | None) -> list[str]:
    if base is None:
        return [evaluation.setup.model]
    one, other = base.setup.model, evaluation.setup.model
    return [one, other] if one != other else [f"{one} (first)", f"{other} (second)"]


def _headline(whole: Figures) -> str:
    told = [f"{TITLES[name]} {number(name, whole.values[name].value)}" for name in ("chrf", "rougeL", "nll")]
    return "; ".join(told)


def _facts(evaluation: Evaluation, whole: Figures) -> list[tuple[str, str]]:
    setup = evaluation.setup
    left = f"{evaluation.left_out:,}"
    return [
        ("rows", f"{whole.rows:,} in {whole.groups:,} groups"),
        ("left out, as in training", left),
        ("split", setup.split or "all rows"),
        ("verdict of the gate", setup.verdict),
        ("decoding", f"{setup.decoding}, up to {setup.max_new_tokens:,} tokens"),
        ("data", setup.data_sha256[:12]),
    ]


def _notes(signatures: Any, whole: Figures, compared: Comparison | None) -> list[str]:  # noqa: ANN401 (a mapping)
    notes = [f"{TITLES[name]}: {how}" for name, how in signatures.items()]
    notes.append(
        "ROUGE: F1 without stemming, words of any script; exact match after NFKC, case and white space."
    )
    if whole.groups == whole.rows:
        notes.append("No two rows are known to be near each other: each counts as an observation of its own.")
    if "refusal_rate" not in whole.values:
        notes.append("Refusals were not counted: that takes the package polars.")
    if compared is not None and compared.unpaired:
        notes.append(f"{compared.unpaired:,} rows that only one of the two answered do not count.")
    if compared is not None:
        notes += compared.notes
    return notes


def _alone(whole: Figures) -> list[dict[str, Any]]:
    return [{"title": TITLES[name], "cells": [_cell(name, one)]} for name, one in whole.values.items()]


def _cell(name: str, one: Estimate | Difference, *, signed: bool = False) -> dict[str, str]:
    return {"value": number(name, one.value, signed=signed), "bounds": bounds(name, one, signed=signed)}


def _compared(line: Line) -> dict[str, Any]:
    shown = line.is_shown or line.detectable is None
    detectable = "" if shown else f"{number(line.name, line.detectable)} would have been"
    p = "" if line.p is None else f"p {line.p:.3f}" if line.p >= 0.001 else "p < .001"  # noqa: PLR2004 (a digit less)
    return {
        "title": TITLES[line.name],
        "cells": [_cell(line.name, line.first), _cell(line.name, line.second)],
        "gap": _cell(line.name, line.gap, signed=True),
        "verdict": line.verdict,
        "note": ", ".join(one for one in (p, detectable) if one),
        "plot": interval_plot(line.gap, line.verdict),
    }


def interval_plot(gap: Estimate | Difference, kind: str) -> Any:  # noqa: ANN401 (Markup)
    """The interval of a difference on a line with zero in the middle, as inline SVG."""
    from markupsafe import Markup  # noqa: PLC0415 (comes with jinja2)

    if gap.value is None or gap.low is None or gap.high is None:
        return ""
    reach = max(abs(gap.low), abs(gap.high), 1e-12)
    low, at, high = (72 + 66 * one / reach for one in (gap.low, gap.value, gap.high))
    return Markup(
        '<svg class="gap" viewBox="0 0 144 24" role="img" aria-label="{}"><g class="{}">'
        '<line class="axis" x1="72" y1="2" x2="72" y2="22"/><line class="axis" x1="2" y1="12" x2="142" y2="12"/>'
        '<line class="reach" x1="{:.1f}" y1="12" x2="{:.1f}" y2="12"/><circle class="dot" cx="{:.1f}" cy="12" r="4"/>'
        "</g></svg>"
    ).format(kind, kind, low, high, at)


def _facet(name: str, values: Any) -> dict[str, Any]:  # noqa: ANN401 (a mapping)
    known = [one for one in BY_FACET if all(one in figures.values for figures in values.values())]
    return {
        "name": name,
        "titles": [TITLES[one] for one in known],
        "lines": [
            {
                "name": value,
                "rows": f"{figures.rows:,}",
                "cells": [_cell(one, figures.values[one]) for one in known],
            }
            for value, figures in values.items()
        ],
    }


def _samples(rows: Sequence[Answered], others: Sequence[Answered], names: list[str]) -> list[dict[str, Any]]:
    scored = sorted(rows, key=lambda row: (rouge(row.answer, row.reference).rougeL, -row.nll, row.key))
    by_key = {row.key: row for row in others}
    shown = []
    for row in scored[:SAMPLES]:
        other = by_key.get(row.key)
        answers = [("Reference", cut(row.reference), "")]
        answers += [(names[0], cut(other.answer), _remark(other))] if other else []
        answers += [(names[-1], cut(row.answer), _remark(row))]
        score = f"ROUGE-L {100 * rouge(row.answer, row.reference).rougeL:.1f}"
        prompt = [(role, cut(text)) for role, text in row.prompt]
        shown.append({"score": score, "where": row.where, "prompt": prompt, "answers": answers})
    return shown


def _remark(row: Answered) -> str:
    return "" if row.is_stopped else f"cut off after {row.generated:,} tokens: the model did not end it"


def cut(text: str) -> str:
    """A text as it is shown."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} … ({len(text) - LONGEST:,} characters more)"
