"""Hot and cold spots of a map's layers, how they came about, and what is to be said of them."""
