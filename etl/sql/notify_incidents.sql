-- Tell the listeners when this transaction commits.
SELECT pg_notify('gridboard', json_build_object('kind', 'incident',
    'revision', CAST(:revision AS bigint))::text);
