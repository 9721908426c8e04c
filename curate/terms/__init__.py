"""Terminology: glossaries, one automaton for all their forms, and proposals for a glossary from a corpus."""
