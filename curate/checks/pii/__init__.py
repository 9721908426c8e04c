"""Personal data and secrets that stand in a text."""
