"""Figures on their way out: files of the current view, and the ledger of an area."""
