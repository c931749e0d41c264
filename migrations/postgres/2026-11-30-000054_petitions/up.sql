-- Requests that the law gives patients, of two kinds: to correct the record (45 CFR 164.526), as they were kept alone before,
-- and not to share or use something (45 CFR 164.522(a)).
CREATE TABLE petitions (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL,
    state text NOT NULL,
    -- The part of the record, where the request names one.
    section text,
    -- What is asked, as that kind has it.
    ask jsonb NOT NULL,
    requested_by uuid NOT NULL REFERENCES accounts (id),
    requested_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    denial text,
    words text NOT NULL,
    closed_by uuid REFERENCES accounts (id),
    closed_at timestamptz,
    version bigint NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (patient_id, id)
);
-- What a server that still runs adds meanwhile waits, and is refused rather than lost.
LOCK TABLE amendments IN ACCESS EXCLUSIVE MODE;
INSERT INTO petitions
SELECT patient_id, id, 'amendment', state, section, jsonb_build_object('section', section, 'entry', entry, 'wrong', wrong, 'right', correct), requested_by, requested_at,
    due_at, denial, words, closed_by, closed_at, version, updated_at
FROM amendments;
DROP TABLE amendments;
CREATE INDEX petitions_queue ON petitions (kind, state, due_at, id);
CREATE INDEX petitions_of ON petitions (patient_id, kind, requested_at, id);
