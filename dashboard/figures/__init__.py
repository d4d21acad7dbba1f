"""Figures as plain dicts: answers in, what plotly draws out."""
