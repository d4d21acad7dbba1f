"""People: accounts, what they log in with, their sessions, and who may come in."""
