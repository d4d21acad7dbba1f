-- Tell the listeners, when this transaction commits, that accounts or sessions changed.
SELECT pg_notify('gridboard', '{"kind": "people"}');
