-- Whether any incident of a source is there already.
SELECT EXISTS (SELECT FROM incident WHERE source = :source);
