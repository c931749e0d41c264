-- Requests that the law gives patients, of two kinds: to correct the record (45 CFR 164.526), as they were kept alone before,
-- and not to share or use something (45 CFR 164.522(a)).
CREATE TABLE petitions (
    patient_id BLOB NOT NULL REFERENCES patients (id),
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The part of the record, where the request names one.
    section TEXT,
    -- What is asked, as that kind has it.
    ask TEXT NOT NULL,
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
INSERT INTO petitions
SELECT patient_id, id, 'amendment', state, section, json_object('section', section, 'entry', entry, 'wrong', wrong, 'right', correct), requested_by, requested_at,
    due_at, denial, words, closed_by, closed_at, version, updated_at
FROM amendments;
DROP TABLE amendments;
CREATE INDEX petitions_queue ON petitions (kind, state, due_at, id);
CREATE INDEX petitions_of ON petitions (patient_id, kind, requested_at, id);
