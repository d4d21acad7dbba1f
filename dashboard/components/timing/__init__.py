"""The parts of the panel's tab about time."""
