"""The proof that a viewer gets nothing outside of the scope, at any door there is."""
