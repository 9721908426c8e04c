"""Characters that do not belong in text."""
