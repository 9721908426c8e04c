"""Glossaries: reading them, finding their terms, and finding terms for them."""
