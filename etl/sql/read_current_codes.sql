-- Every current area with its place in the tree.
SELECT code, level, parent_code FROM area WHERE valid_to IS NULL;
