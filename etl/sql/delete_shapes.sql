-- All shapes are built anew.
DELETE FROM area_shape;
