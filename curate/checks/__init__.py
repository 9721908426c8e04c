"""Checks: one file each, ``FAMILY/FAULT.py``. Nothing else is to be edited to add one."""
