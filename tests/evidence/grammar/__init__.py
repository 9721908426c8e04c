"""Evidence for grammar: errors injected into real targets, and edits of real targets that were read."""
