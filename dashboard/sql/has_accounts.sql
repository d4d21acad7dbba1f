-- Whether there is anybody who could log in.
SELECT EXISTS (SELECT FROM gridboard.account WHERE disabled_at IS NULL);
