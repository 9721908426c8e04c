"""The names that appear in hints, hooks and documents, each written once."""

from __future__ import annotations

DISTRIBUTION = "curate-data"
"""The distribution name on the package index; the command and the import are ``curate``."""

REPORT_SCHEMA = "curate.report/1"
"""The version of the JSON report; a field is only ever added within one version."""

PROBE_SCHEMA = "curate.probe/2"
"""The version of the JSON of ``curate probe``; the first one did not say which data it was about."""
