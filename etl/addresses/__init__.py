"""Chinese addresses: how areas are called in them, and which area one names."""
