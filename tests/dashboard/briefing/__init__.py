"""Briefs: what they say, and that it is true and legible."""
