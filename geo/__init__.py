"""The spatial core: hierarchy, coordinates, coverages, assignment, density and the database."""
