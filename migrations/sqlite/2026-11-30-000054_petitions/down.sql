CREATE TABLE amendments (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    state TEXT NOT NULL,
    section TEXT NOT NULL,
    entry TEXT NOT NULL,
    wrong TEXT NOT NULL,
    correct TEXT NOT NULL,
    requested_by BLOB NOT NULL REFERENCES accounts (id),
    requested_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    denial TEXT,
    words TEXT NOT NULL,
    closed_by BLOB REFERENCES accounts (id),
    closed_at INTEGER,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (patient_id, id)
) STRICT, WITHOUT ROWID;
INSERT INTO amendments
SELECT patient_id, id, state, section, json_extract(ask, '$.entry'), json_extract(ask, '$.wrong'), json_extract(ask, '$.right'), requested_by, requested_at,
    due_at, denial, words, closed_by, closed_at, version, updated_at
FROM petitions
WHERE kind = 'amendment';
DROP TABLE petitions;
CREATE INDEX amendments_queue ON amendments (state, due_at, id);
CREATE INDEX amendments_of ON amendments (patient_id, requested_at, id);
