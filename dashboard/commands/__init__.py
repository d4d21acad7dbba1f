"""The gridboard command, a file a topic."""
