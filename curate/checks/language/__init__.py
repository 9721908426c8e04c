"""The language of what is said."""
