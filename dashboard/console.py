"""What the command line shows; the loader's commands show the same."""

from etl.console import Report, complain, progress, say

__all__ = ["Report", "complain", "progress", "say"]
