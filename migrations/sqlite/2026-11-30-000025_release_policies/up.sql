-- The practice's policies for releasing results (LAB-2), each version as it was; the greatest is in force.
CREATE TABLE release_policies (
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    changed_by BLOB NOT NULL REFERENCES accounts (id),
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (version)
) STRICT, WITHOUT ROWID;

-- What is to become of each result that waits for release: as long as it waits it has a row here.
CREATE TABLE release_plans (
    result_id BLOB PRIMARY KEY REFERENCES results (id),
    patient_id BLOB NOT NULL REFERENCES patients (id),
    -- When it came in, or last changed: from then on its hours count.
    since INTEGER NOT NULL,
    -- By which version of the policies this was decided; 0 when it is still to be.
    policy_version INTEGER NOT NULL,
    -- Not 0 when a release of it was taken back: no policy releases it again.
    taken_back INTEGER NOT NULL,
    -- The group's name; null for the practice's default.
    test_group TEXT,
    -- When the policy releases it; null when a provider does, by review_by.
    release_at INTEGER,
    review_by INTEGER,
    held_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX release_plans_open ON release_plans (policy_version);
CREATE INDEX release_plans_due ON release_plans (release_at) WHERE release_at IS NOT NULL;
CREATE INDEX release_plans_review ON release_plans (review_by) WHERE review_by IS NOT NULL;

-- Results that were held back, and why.
CREATE TABLE result_holds (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    result_id BLOB NOT NULL REFERENCES results (id),
    placed_by BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL,
    words TEXT,
    until INTEGER NOT NULL,
    -- When somebody ended it before that.
    lifted_at INTEGER,
    lifted_by BLOB REFERENCES accounts (id),
    PRIMARY KEY (patient_id, at, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX result_holds_of ON result_holds (result_id);

INSERT INTO release_plans (result_id, patient_id, since, policy_version, taken_back)
SELECT id, patient_id, updated_at, 0,
    CASE WHEN EXISTS (SELECT 1 FROM result_recalls WHERE result_recalls.result_id = results.id) THEN 1 ELSE 0 END
FROM results WHERE released_at IS NULL;

-- The tests of a chart are told apart without reading their documents.
CREATE INDEX observations_by_test ON observations (patient_id, code_system, code, at, id, result_id)
    WHERE result_id IS NOT NULL;
