-- Tell the listeners, when this transaction commits, that there is a new revision.
SELECT pg_notify('gridboard', json_build_object('kind', CAST(:kind AS text),
    'revision', CAST(:revision AS bigint))::text);
