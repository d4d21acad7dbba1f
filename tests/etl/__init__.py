"""Tests of etl: files to PostGIS."""
