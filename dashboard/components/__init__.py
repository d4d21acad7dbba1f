"""The parts of the pages: our own Dash components, and functions that build markup."""
