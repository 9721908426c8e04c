"""The report for machines that run checks: one file a format, all of them functions of the same annotations."""
