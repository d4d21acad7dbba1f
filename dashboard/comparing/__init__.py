"""Two areas, or two periods of one area, side by side."""
