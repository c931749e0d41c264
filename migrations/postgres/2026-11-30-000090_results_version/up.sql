-- Rises with every change that a patient's lists of results can show: a release, one taken back, a correction, an error.
-- What waits for its release never touches it (LAB-1).
ALTER TABLE patients ADD COLUMN results_version bigint NOT NULL DEFAULT 0;

CREATE FUNCTION results_raise_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE patients SET results_version = results_version + 1 WHERE id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER results_released_changed AFTER UPDATE ON results
    FOR EACH ROW WHEN (OLD.released_at IS NOT NULL OR NEW.released_at IS NOT NULL)
    EXECUTE FUNCTION results_raise_version();
