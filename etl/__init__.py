"""Files in, PostGIS out: readers, profiles, cleaning, loading, rollups and the demo data."""
