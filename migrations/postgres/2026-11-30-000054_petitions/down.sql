CREATE TABLE amendments (
    patient_id uuid NOT NULL REFERENCES patients (id),
    id uuid NOT NULL UNIQUE,
    state text NOT NULL,
    section text NOT NULL,
    entry text NOT NULL,
    wrong text NOT NULL,
    correct text NOT NULL,
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
INSERT INTO amendments
SELECT patient_id, id, state, section, ask ->> 'entry', ask ->> 'wrong', ask ->> 'right', requested_by, requested_at,
    due_at, denial, words, closed_by, closed_at, version, updated_at
FROM petitions
WHERE kind = 'amendment';
DROP TABLE petitions;
CREATE INDEX amendments_queue ON amendments (state, due_at, id);
CREATE INDEX amendments_of ON amendments (patient_id, requested_at, id);
