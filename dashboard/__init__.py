"""The Dash application: pages, figures, the map component and what serves them."""
