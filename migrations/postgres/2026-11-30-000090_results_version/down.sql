DROP TRIGGER results_released_changed ON results;
DROP FUNCTION results_raise_version();
ALTER TABLE patients DROP COLUMN results_version;
