"""The page of a proof: verdict, arms, controls, dose and response."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from curate_train.arms import CLEAN, RANDOM_DROP, RAW, WRONG_ROWS
from curate_train.evaluation_report import environment, interval_plot, styled
from curate_train.metrics.resampling import Estimate
from curate_train.prove_stats import SMALLEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from curate_train.prove import Proof, Result
    from curate_train.prove_stats import Contrast

WHAT = {
    RAW: "before cleaning",
    CLEAN: "after cleaning",
    RANDOM_DROP: "raw, as many rows dropped by chance",
    WRONG_ROWS: "the same edits, made in rows without fault",
}

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 640, 260, 64, 20, 16, 44
"""Of the plot, in pixels: the whole, and its margins."""


class Point(NamedTuple):
    """A dose with what came of it."""

    dose: float
    value: float
    low: float
    high: float


def render_proof(proof: Proof) -> str:
    """The page as one HTML document that loads nothing; the same proof gives the same bytes."""
    points = points_of(proof.arms)
    page = environment().get_template("prove.html.j2")
    return page.render(
        **styled(),
        proof=proof,
        facts=_facts(proof),
        arms=[_arm(one) for one in proof.arms],
        controls=[
            {"name": name, "what": WHAT[name], **_gain(one)} for name, one in proof.over_controls.items()
        ],
        curve=dose_plot(points) if len(points) > 2 else "",  # noqa: PLR2004 (two points are the table)
        counts=f"{SMALLEST:g}",
    )


def points_of(arms: Sequence[Result]) -> list[Point]:
    """Gains by dose; the raw data has no gain over itself."""
    made = []
    for one in arms:
        if one.dose is not None:
            gain = one.gain
            made.append(
                Point(one.dose, gain.value, gain.low, gain.high) if gain else Point(one.dose, 0, 0, 0)
            )
    return sorted(made)


def dose_plot(points: Sequence[Point]) -> Any:  # noqa: ANN401 (Markup)
    """Gains with their intervals against doses, as inline SVG; nothing is smoothed or fitted."""
    from markupsafe import Markup  # noqa: PLC0415 (comes with jinja2)

    low = min(0.0, *(point.low for point in points))
    high = max(0.0, *(point.high for point in points))
    spread = (high - low) or 1.0
    most = max(point.dose for point in points) or 1.0

    def x(dose: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * dose / most

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / spread

    line = Markup('<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>')
    text = Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>')
    parts = [
        line.format("axis", LEFT, y(0), WIDTH - RIGHT, y(0)),
        text.format(LEFT - 8, y(0) + 4, "end", "0"),
    ]
    ends = sorted({low, high} - {0.0})
    parts += [text.format(LEFT - 8, y(value) + 4, "end", f"{value:+.3f}") for value in ends]
    track = " ".join(f"{x(one.dose):.1f},{y(one.value):.1f}" for one in points)
    parts.append(Markup('<polyline class="path" points="{}"/>').format(track))
    for one in points:
        parts.append(line.format("reach", x(one.dose), y(one.low), x(one.dose), y(one.high)))
        parts.append(
            Markup('<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="4"/>').format(x(one.dose), y(one.value))
        )
        parts.append(text.format(x(one.dose), HEIGHT - BOTTOM + 20, "middle", f"{one.dose:.0%}"))
    parts.append(text.format((LEFT + WIDTH) / 2, HEIGHT - 6, "middle", "of the cleaning undone"))
    frame = Markup('<svg viewBox="0 0 {} {}" role="img" aria-label="gain in nats a token by dose">{}</svg>')
    return frame.format(WIDTH, HEIGHT, Markup().join(parts))


def _facts(proof: Proof) -> list[tuple[str, str]]:
    held = proof.held_out
    return [
        ("base", proof.model),
        ("tokens of each training", f"{proof.tokens:,}"),
        ("seeds", ", ".join(map(str, proof.seeds))),
        ("rows dropped by cleaning", f"{proof.dropped:,}"),
        ("rows edited by cleaning", f"{proof.edited:,}"),
        ("held-out rows", f"{held['rows']:,} in {held['groups']:,} groups"),
    ]


def _arm(one: Result) -> dict[str, Any]:
    spread = ", ".join(f"{value:.3f}" for value in one.nll)
    what = WHAT.get(one.name, f"{one.dose:.0%} of the cleaning undone" if one.dose is not None else "")
    told = (
        _gain(one.gain)
        if one.gain
        else dict.fromkeys(("gain", "bounds", "plot", "detectable", "verdict"), "")
    )
    return {
        "name": one.name,
        "what": what,
        "rows": f"{one.rows:,}",
        "nll": f"{sum(one.nll) / len(one.nll):.4f}",
        "seeds": spread,
        **told,
    }


def _gain(one: Contrast) -> dict[str, Any]:
    return {
        "gain": f"{one.value:+.4f}",
        "bounds": f"{one.low:+.4f} to {one.high:+.4f}",
        "plot": interval_plot(Estimate(one.value, one.low, one.high), one.verdict),
        "detectable": f"{one.detectable:.4f}",
        "verdict": one.verdict,
    }
