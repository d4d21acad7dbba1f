-- The dictionaries, in the order of their ids.
SELECT kind, id, code, name_zh, name_en
FROM term
ORDER BY kind, id
