-- Releases that were taken back (LAB-1): the result itself waits for release again.
CREATE TABLE result_recalls (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    at INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    result_id BLOB NOT NULL REFERENCES results (id),
    recalled_by BLOB NOT NULL REFERENCES accounts (id),
    reason TEXT NOT NULL,
    words TEXT,
    -- What the release was, and when the patient first opened it.
    released_at INTEGER NOT NULL,
    released_by BLOB REFERENCES accounts (id),
    opened_at INTEGER,
    provider_comment TEXT,
    PRIMARY KEY (patient_id, at, id)
) STRICT, WITHOUT ROWID;
