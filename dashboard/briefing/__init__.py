"""One page about an area: its map, its figures, what stands out, to be printed or sent."""
