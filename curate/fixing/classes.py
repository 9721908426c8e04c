"""The classes of edits: what each says of a place, when it is made, and how it is left out.

Classes have no module of their own as checks have: an editor offers several. So their pages are made here, from the
sentences that the editors themselves say.
"""

from __future__ import annotations

WHEN = {
    "text": "by default; what may also be meant as it stands is only suggested",
    "ticket": "only if it is asked for: --only ticket",
    "pii": "only if it is asked for: --only pii",
    "terms": "if there is a glossary: --glossary FILE; the glossary says what is only suggested",
    "grammar": "by default if the extra grammar is installed; made by itself only where the precision of its rule was "
    "measured (docs/reference/grammar.md), else suggested or counted",
}
"""When edits of a kind are made."""

OF_CATEGORIES = "what an engine says in its category '{}'"
"""Of grammar: every category of an engine is a class of its own, and there are as many as it has."""


def classes() -> dict[str, str]:
    """Every class of edits that has a name of curate's own, with what its editor says of a place."""
    from curate.fixing import grammar, pii, terms, text_repair, tickets  # noqa: PLC0415 (loads all editors)

    people = {**pii.SAID, "org": "a company of the list", "address": "an address of the list"}
    people |= {"id": "a customer number of the list", "birth": "a date of birth of the list"}
    return {
        **text_repair.SAID,
        **{f"ticket.{what}": said for what, said in tickets.SAID.items()},
        **{f"pii.{kind}": f"{said} is replaced" for kind, said in people.items()},
        pii.MASKED: "it is masked wherever it is shown, and stays: no check is sure of it",
        **terms.SAID,
        **{f"grammar.{guard}": said for guard, said in grammar.SAID.items()},
    }


def page_of(name: str) -> str | None:
    """What a class of edits is, or the classes of a kind; None if there are no such edits."""
    known = classes()
    kind, dot, rest = name.partition(".")
    if kind not in WHEN:
        return None
    family = {one: said for one, said in known.items() if one.startswith(f"{kind}.")}
    if not dot:
        width = max(map(len, family))
        lines = [f"  {one:{width}}  {said}" for one, said in family.items()]
        return "\n".join([f"{kind}: edits of curate fix, {WHEN[kind]}", *lines])
    said = known.get(name) or (OF_CATEGORIES.format(rest) if kind == "grammar" and rest else "")
    if not said:
        return None
    return "\n".join(
        [
            f"{name}  (a class of edits)",
            f"{said[0].upper()}{said[1:]}.",
            "",
            f"When    {WHEN[kind]}",
            f"Without curate fix … --ignore {name}",
            "More    docs/how-to/fix.md",
        ]
    )
