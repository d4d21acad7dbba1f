-- All blocks are written anew.
DELETE FROM rollup_cell;
DELETE FROM rollup_county;
