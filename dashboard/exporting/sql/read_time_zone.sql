-- The time zone of the data, in which days begin; there is one as soon as there are areas.
SELECT time_zone FROM hierarchy
