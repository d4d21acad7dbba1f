"""The loader's commands, a file a topic."""
