"""The page of briefs: what to show, and what to take home."""
