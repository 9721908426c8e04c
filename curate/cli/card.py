"""``curate card``: a dataset card and the evidence behind it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from curate.core.lock_file import Lock

CARD, EVIDENCE = "README.md", "evidence.json"


@click.command(short_help="Write a dataset card, and the evidence behind it, from a run's lock file.")
@click.argument("folder", metavar="OUT/")
@click.option("--name", metavar="NAME", help="What the dataset is called; the folder's name if not given.")
@click.option(
    "--license", "licence", default="", metavar="ID", help="As the Hub writes it: apache-2.0, cc-by-4.0."
)
@click.option("--language", "languages", multiple=True, metavar="CODE", help="en, de … Repeatable.")
@click.option("--force", is_flag=True, help=f"Overwrite {CARD} and {EVIDENCE}.")
def command(folder: str, name: str | None, licence: str, languages: tuple[str, ...], *, force: bool) -> int:
    """Write README.md, a dataset card for the Hugging Face Hub, and evidence.json into OUT/, the folder of a run.

    Both hold hashes and counts and no text of any row. A report.json (curate check OUT/clean.jsonl --json) and a
    probe.json (curate probe OUT/clean.jsonl --json) that lie in OUT/ are taken in, if they are about this data and
    this policy; others are refused.
    """
    from curate.core.errors import UnreadableError  # noqa: PLC0415 (loaded when called)
    from curate.core.lock_file import read_lock  # noqa: PLC0415 (the same)
    from curate.formats.keep_output import Stage, refuse_outputs  # noqa: PLC0415 (the same)
    from curate.reports.card import Said, render  # noqa: PLC0415 (the same)
    from curate.reports.card_beside import probe_beside, report_beside  # noqa: PLC0415 (the same)
    from curate.reports.card_evidence import evidence  # noqa: PLC0415 (the same)
    from curate.text.visible import visible_name  # noqa: PLC0415 (the same)

    lock = read_lock(Path(folder))
    _refuse_changed(lock)
    refuse_outputs([lock.folder / CARD, lock.folder / EVIDENCE], (), force=force)
    report, probe = report_beside(lock), probe_beside(lock)
    said = Said(name or lock.folder.resolve().name, licence, languages)
    try:
        told = evidence(lock, report, probe)
        text = render(told, said)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableError(
            "is damaged: a field is not as curate writes it", where=str(lock.path)
        ) from error
    with Stage() as stage:
        stage.place(lock.folder / CARD).write_text(text, "utf-8")
        written = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        stage.place(lock.folder / EVIDENCE).write_bytes(written.encode("utf-8", "backslashreplace"))
    click.echo(f"→ {', '.join(visible_name(str(lock.folder / one)) for one in (CARD, EVIDENCE))}")
    return 0


def _refuse_changed(lock: Lock) -> None:
    """A card about files that are not those of the run would be a lie.

    Raises:
        UnreadableError: data of the run is missing or was changed.
    """
    from curate.core.errors import UnreadableError  # noqa: PLC0415 (loaded when called)
    from curate.core.lock_file import differs  # noqa: PLC0415 (the same)

    for one in lock.outputs:
        path = lock.folder / one.name
        if not path.is_file():
            raise UnreadableError("is missing, and the lock file names it", where=str(path))
        if differs(path, one):
            raise UnreadableError("was changed since the run", where=str(path), hint="curate run again")
