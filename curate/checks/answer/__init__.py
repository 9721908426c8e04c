"""Answers that teach the model not to answer."""
