"""``curate explain``: the manual pages of the checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from curate.core.check import Check


@click.command(short_help="List the checks, or explain one.")
@click.argument("check", required=False)
@click.option("--checks", "folders", multiple=True, metavar="FOLDER", help="A folder of your own checks.")
@click.option("--test", is_flag=True, help="Test whether the checks keep the contract that all checks keep.")
def command(check: str | None, folders: tuple[str, ...], *, test: bool) -> int:
    """List the checks, or show the page of CHECK (or of a family): why, what to do, limits, options, examples.

    Classes of edits of curate fix have pages, too: grammar.linking.
    """
    from curate.engines.registry import check_names, load_check  # noqa: PLC0415 (loads polars)
    from curate.reports.pages import index_page, terminal_page  # noqa: PLC0415 (the same)

    names = check_names(folders)
    family = [name for name in names if check is None or name.startswith(check + ".")]
    if (
        check is not None
        and check not in names
        and not test
        and (page := _page_of_edits(check, family, folders))
    ):
        click.echo(page)
        return 0
    wanted = [load_check(name, folders) for name in (family or [check or ""])]
    if test:
        return _test(wanted)
    click.echo(index_page(wanted) if family else terminal_page(wanted[0]))
    return 0


def _page_of_edits(name: str, family: list[str], folders: tuple[str, ...]) -> str | None:
    """Of a class of edits, or of a kind of them; a family of checks with the same name comes first."""
    from curate.fixing.classes import page_of  # noqa: PLC0415 (only if it is no check)

    if not family:
        return page_of(name)
    if (page := page_of(name)) is None:
        return None
    from curate.engines.registry import load_check  # noqa: PLC0415 (loads polars)
    from curate.reports.pages import index_page  # noqa: PLC0415 (the same)

    return f"{index_page([load_check(one, folders) for one in family])}\n\n{page}"


def _test(checks: list[Check]) -> int:
    """Say what each check does not keep; exit code 3 if there is anything."""
    from curate.engines.contract import broken_promises  # noqa: PLC0415 (only when asked)

    broken = {check.name: broken_promises(check) for check in checks}
    for name, promises in broken.items():
        click.echo(
            f"{name}: " + ("keeps the contract" if not promises else "\n  ".join(["breaks it", *promises]))
        )
    return 3 if any(broken.values()) else 0
