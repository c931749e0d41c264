-- Changes with whatever a patient's lists of released results show, and is what it was when a first release is taken back: the sum,
-- modulo 10^12, of the last change of each result that is released and no error. What waits never touches it (LAB-1).
ALTER TABLE patients ADD COLUMN results_digest INTEGER NOT NULL DEFAULT 0;

UPDATE patients SET results_digest = coalesce(
    (SELECT sum((updated_at + version * 1000003) % 1000000000000) % 1000000000000 FROM results
     WHERE patient_id = patients.id AND released_at IS NOT NULL AND status <> 'entered-in-error'), 0);

CREATE TRIGGER results_released_changed AFTER UPDATE ON results
    WHEN OLD.released_at IS NOT NULL OR NEW.released_at IS NOT NULL
BEGIN
    UPDATE patients SET results_digest = (results_digest
        + CASE WHEN NEW.released_at IS NULL OR NEW.status = 'entered-in-error' THEN 0
            ELSE (NEW.updated_at + NEW.version * 1000003) % 1000000000000 END
        - CASE WHEN OLD.released_at IS NULL OR OLD.status = 'entered-in-error' THEN 0
            ELSE (OLD.updated_at + OLD.version * 1000003) % 1000000000000 END
        + 1000000000000) % 1000000000000
    WHERE id = NEW.patient_id;
END;
