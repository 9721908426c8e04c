"""The central types: batches, findings, checks, plans, reports, errors. Everything else stands on these."""
