"""One file a revision; applied ones are never edited."""
