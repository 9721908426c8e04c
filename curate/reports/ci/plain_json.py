"""The report itself, as ``check --json`` prints it."""

from curate.reports.plain import render_json as render

__all__ = ["render"]
