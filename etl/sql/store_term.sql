-- A term, or its new names.
INSERT INTO term (kind, id, code, name_zh, name_en)
VALUES (:kind, :id, :code, :name_zh, :name_en)
ON CONFLICT (kind, code) DO UPDATE
SET name_zh = excluded.name_zh, name_en = excluded.name_en
WHERE (term.name_zh, term.name_en) <> (excluded.name_zh, excluded.name_en);
