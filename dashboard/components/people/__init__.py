"""The parts of the admin's page."""
