DROP TRIGGER results_released_changed ON results;
DROP FUNCTION results_keep_digest();
DROP FUNCTION results_digest_of(results);
ALTER TABLE patients DROP COLUMN results_digest;
