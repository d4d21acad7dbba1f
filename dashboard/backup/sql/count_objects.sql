-- How much of ours there is.
SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace('gridboard');
