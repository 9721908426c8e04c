"""Grammar engines behind one protocol, and the evidence that says which of their rules may be applied."""
