-- Changes with whatever a patient's lists of released results show, and is what it was when a first release is taken back: the sum,
-- modulo 10^12, of the last change of each result that is released and no error. What waits never touches it (LAB-1).
ALTER TABLE patients ADD COLUMN results_digest bigint NOT NULL DEFAULT 0;

CREATE FUNCTION results_digest_of(seen results) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN seen.released_at IS NULL OR seen.status = 'entered-in-error' THEN 0
        ELSE ((extract(epoch FROM seen.updated_at) * 1000000)::bigint + seen.version * 1000003) % 1000000000000 END
$$;
UPDATE patients SET results_digest = coalesce(
    (SELECT sum(results_digest_of(r)) % 1000000000000 FROM results r WHERE r.patient_id = patients.id), 0);

CREATE FUNCTION results_keep_digest() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE patients SET results_digest =
        (results_digest + results_digest_of(NEW) - results_digest_of(OLD) + 1000000000000) % 1000000000000
    WHERE id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER results_released_changed AFTER UPDATE ON results
    FOR EACH ROW WHEN (OLD.released_at IS NOT NULL OR NEW.released_at IS NOT NULL)
    EXECUTE FUNCTION results_keep_digest();
