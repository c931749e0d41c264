DROP TRIGGER results_released_changed;
ALTER TABLE patients DROP COLUMN results_digest;
