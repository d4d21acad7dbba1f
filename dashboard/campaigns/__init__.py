"""Campaigns: a named period and area, compared with what happened outside at the same time."""
