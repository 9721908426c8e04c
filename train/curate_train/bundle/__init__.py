"""``train bundle``: a folder that can be deployed, and that proves in a clean place that it answers as it did here."""
