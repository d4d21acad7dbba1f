"""Backups of the database: one file that can be checked without a server, and restored whole."""
