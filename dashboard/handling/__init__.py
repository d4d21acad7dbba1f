"""How incidents are handled: outcomes, days until resolution, and what is late."""
