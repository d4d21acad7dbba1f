-- The area that contains all others.
SELECT root_code FROM hierarchy;
