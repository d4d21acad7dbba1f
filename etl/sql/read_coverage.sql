-- The first and the last day, as noted with the version.
SELECT first_day, last_day FROM revision WHERE kind = 'incident';
