"""Readers only read. What the columns mean is said by a profile and done in ``mapping``."""
