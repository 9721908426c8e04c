"""What no automatic edit may change: protected places of a text, and the meaning that must stay."""
